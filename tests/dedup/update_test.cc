#include "daemon/dedup/update.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "daemon/base/words.h"
#include "daemon/dedup/volatile_text.h"

namespace nutgraf {
namespace {

/// `count` words that occur once each, so that every three of them are only here.
std::string words(std::string_view stem, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += (i % 10 == 9 ? "end" : "w") + std::string(stem) + static_cast<char>('a' + i % 26) +
            static_cast<char>('a' + i / 26 % 26) + (i % 10 == 9 ? ". " : " ");
  }
  return text;
}

bool updates(const std::string& was, const std::string& now) {
  const TextWords known = fingerprint("The title", was);
  return is_update(fingerprint("The title", now), {}, {&known, 1});
}

struct UpdateCase {
  std::string what;
  std::string was;
  std::string now;
  bool update;

  friend std::ostream& operator<<(std::ostream& out, const UpdateCase& c) { return out << c.what; }
};

class IsUpdate : public testing::TestWithParam<UpdateCase> {};

TEST_P(IsUpdate, TellsNewsFromNewClothes) {
  EXPECT_EQ(updates(GetParam().was, GetParam().now), GetParam().update);
}

const std::string kReport = words("a", 60);
const std::string kLong = words("b", 1200);

INSTANTIATE_TEST_SUITE_P(
    Editions, IsUpdate,
    testing::Values(
        UpdateCase{"the same", kReport, kReport, false},
        UpdateCase{"a part of it", kReport, words("a", 40), false},
        UpdateCase{"a new passage", kReport, kReport + words("n", 20), true},
        UpdateCase{"a reworded half sentence", kReport,
                   words("a", 20) + "instead of that " + kReport, false},
        UpdateCase{"a short new first sentence", kReport,
                   "Minister Abel Orme resigned tonight.\n\n" + kReport, true},
        UpdateCase{"two new words in front", kReport, "Breaking now. " + kReport, false},
        UpdateCase{"a byline", kReport, "By Ann Miller, Staff Writer\n\n" + kReport, false},
        UpdateCase{"a byline that runs on into a dateline", kReport,
                   "By Ann Miller, Staff Writer NEW YORK, March 11 (Xinhua) - " + kReport, false},
        UpdateCase{"a byline that runs on into the report", kReport,
                   "By Ann Miller, Morning Post " + kReport, false},
        UpdateCase{
            "invitations and notices", kReport,
            kReport +
                "Follow Morning Post on Facebook, Twitter and Instagram for the latest news and "
                "analysis. Comments are closed on this story. Please read our guidelines. "
                "© 2024 Morning Post. All rights reserved. We use cookies to improve your "
                "experience on this site.",
            false},
        UpdateCase{"a report about what notices speak of", kReport,
                   kReport +
                       "Regulators fined Facebook over a cookie banner that nobody could close "
                       "and told rivals to expect the same treatment within weeks.",
                   true},
        UpdateCase{"a long text, some of its middle gone", kLong,
                   words("b", 300) + kLong.substr(words("b", 400).size()), false},
        UpdateCase{"a long text with a passage in its middle", kLong,
                   words("b", 300) + words("n", 20) + kLong.substr(words("b", 300).size()), true}),
    [](const auto& tested) {
      std::string name;
      for (const char c : tested.param.what) name += c == ' ' || c == ',' ? '_' : c;
      return name;
    });

TEST(VolatileRanges, ListWhatNoticesAndBylinesTake) {
  const auto text_of = [](const std::string& text) {
    const Words split = split_words(text);
    std::string found;
    for (const WordRange range : volatile_ranges(text, split)) {
      found += '[';
      for (std::size_t i = range.begin; i < range.end; ++i) {
        found += (i > range.begin ? " " : "") + std::string(split[i]);
      }
      found += ']';
    }
    return found;
  };
  EXPECT_EQ(text_of("By Ann Miller, Staff Writer LONDON, June 20 (Reuters) - The river rose."),
            "[by ann miller staff writer london june 20 reuters]");
  EXPECT_EQ(text_of("By Monday the river had risen."), "");
  EXPECT_EQ(text_of("The river rose. Sign up for our daily newsletter today."),
            "[sign up for our daily newsletter today]");
  EXPECT_EQ(text_of("Sign up for our daily newsletter today. The river rose by "
                    "a metre overnight and the bridge was closed."),
            "[sign up for our daily newsletter today]");
  EXPECT_EQ(text_of("Share prices rose. Follow the money, he said."), "");
}

TEST(KeptShare, IsOfTheOldText) {
  const std::string text = "The bridge opened on Monday. Nobody was hurt, police said.";
  EXPECT_EQ(kept_share(text, text), 1);
  EXPECT_EQ(kept_share(text, text + " More is to follow later in the day."), 1);
  EXPECT_EQ(kept_share(text, "We value your privacy. Accept all cookies to read on."), 0);
  EXPECT_EQ(kept_share("", "Anything."), 1);
  EXPECT_EQ(kept_share(text, ""), 0);
  const double half = kept_share(text, "The bridge opened on Monday.");
  EXPECT_GT(half, 0.3);
  EXPECT_LT(half, 0.7);
}

}  // namespace
}  // namespace nutgraf
