#include "tests/support/story_maker.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>
#include <vector>

namespace nutgraf {
namespace {

using Shingles = std::vector<std::string>;  // Sorted, distinct.

Shingles shingles_of(const NewsroomStory& story) {
  std::vector<std::string> words;
  for (const std::string& paragraph : story.body) {
    std::istringstream in(paragraph);
    words.insert(words.end(), std::istream_iterator<std::string>(in), {});
  }
  std::set<std::string> all;
  for (std::size_t i = 0; i + 3 < words.size(); ++i) {
    all.insert(words[i] + ' ' + words[i + 1] + ' ' + words[i + 2] + ' ' + words[i + 3]);
  }
  return {all.begin(), all.end()};
}

TEST(StoryMaker, IsAFunctionOfTheNumber) {
  EXPECT_EQ(make_story(7).body, make_story(7).body);
  EXPECT_NE(make_story(7).title, make_story(8).title);
}

// Neighbours above all: a weak generator would give them the same text, shifted.
TEST(StoryMaker, NoStoryLooksCopiedFromAnother) {
  std::vector<Shingles> stories;
  for (std::uint64_t number = 0; number < 250; ++number) {
    stories.push_back(shingles_of(make_story(number)));
    ASSERT_GT(stories.back().size(), 100u);
  }
  for (std::size_t i = 0; i < stories.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      Shingles common;
      std::set_intersection(stories[i].begin(), stories[i].end(), stories[k].begin(),
                            stories[k].end(), std::back_inserter(common));
      EXPECT_LT(common.size() * 10, stories[i].size()) << i << ' ' << k;
    }
  }
}

}  // namespace
}  // namespace nutgraf
