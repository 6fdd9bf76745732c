#include "summarizer/posts.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

std::vector<std::string> posts_in(std::string_view text) {
  std::vector<std::string> posts;
  for (const Stretch& post : find_posts(text)) {
    posts.emplace_back(text.substr(post.begin, post.end - post.begin));
  }
  return posts;
}

using Texts = std::vector<std::string>;

TEST(Posts, AreTheLineBeforeTheirSignature) {
  EXPECT_EQ(posts_in("The mayor answered at night.\n\nIt is all a lie. Nobody was there! — Ann Lee "
                     "(@ann_lee) June 9, 2020\n\nThe mill burned down."),
            Texts{"It is all a lie. Nobody was there! — Ann Lee (@ann_lee) June 9, 2020"});
  EXPECT_EQ(posts_in("One.\nNobody was there.\n\n— Ann Lee (@annlee)\nTwo."),
            Texts{"Nobody was there.\n\n— Ann Lee (@annlee)"});
  EXPECT_EQ(posts_in("Nobody was there.\nAnn Ocasio-Lee (@ann.lee@news.example) 9. Juni 2020"),
            Texts{"Nobody was there.\nAnn Ocasio-Lee (@ann.lee@news.example) 9. Juni 2020"});
  EXPECT_EQ(posts_in("A lie. — Ann (@ann) 9 de junio de 2020 No. — Bob (@bob) May 1, 2021"),
            (Texts{"A lie. — Ann (@ann) 9 de junio de 2020", " No. — Bob (@bob) May 1, 2021"}));
}

TEST(Posts, MayLackAllButTheSignature) {
  EXPECT_EQ(posts_in("Ann Lee (@annlee) June 9, 2020\nThe mill burned down."),
            Texts{"Ann Lee (@annlee) June 9, 2020"});
}

TEST(Posts, AreNotMentionsOfAnAccount) {
  for (const char* text :
       {"Sen. Ann Lee (@annlee) said on June 9, 2020 that it was a lie.",
        "The senator — Ann Lee (@annlee) — said nothing.", "Follow Ann Lee (@annlee)\nMore.",
        "The mill burned down.\nFollow Ann Lee (@annlee)\nMore.", "A lie. — Ann (@) June 9, 2020",
        "It was — wrote Ann Lee (@annlee) in 2020 — a lie.", "A (@) and (@ann", "(@", "(@a)"}) {
    EXPECT_EQ(posts_in(text), Texts{}) << text;
  }
}

TEST(Posts, LeaveALongLineAlone) {
  const std::string line(kMaxPost + 1, 'x');
  EXPECT_EQ(posts_in(line + " — Ann Lee (@annlee) June 9, 2020"),
            Texts{"— Ann Lee (@annlee) June 9, 2020"});
}

TEST(Posts, AreNoSentencesOfTheStory) {
  const Analysis a = analyse({.title = {},
                              .text = "The mayor answered the council at night.\n\n"
                                      "Nobody was there that night. It is all a lie and I can "
                                      "prove it. — Ann Lee (@annlee) June 9, 2020\n\n"
                                      "The old mill burned down on Monday.",
                              .language = "en"});
  ASSERT_GE(a.sentences.size(), 4U);
  EXPECT_FALSE(a.sentences.front().bad);
  for (std::size_t i = 1; i + 1 < a.sentences.size(); ++i) {
    EXPECT_TRUE(a.sentences[i].bad) << a.sentences[i].text;
  }
  EXPECT_EQ(a.sentences[1].why, "a post of somebody's");
  EXPECT_FALSE(a.sentences.back().bad);
}

}  // namespace
}  // namespace nutgraf::summarizer
