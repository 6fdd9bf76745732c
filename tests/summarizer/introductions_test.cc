#include "summarizer/introductions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "summarizer/word_hash.h"

namespace nutgraf::summarizer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kNobody = Introductions::kNobody;

/// Whom the second sentence of a text opens with as known: the stem of the name, or 0.
std::uint64_t known_in_second(const std::string& text, std::string_view language = "en") {
  const Analysis analysis = analyse({.title = {}, .text = text, .language = language});
  EXPECT_GE(analysis.sentences.size(), 2U) << text;
  const std::uint32_t known = Introductions(analysis).known_in(1);
  return known == kNobody ? 0 : analysis.terms.at(known).stem;
}

TEST(Introductions, FindWhomOnlyTheSurnameIsSaidOf) {
  for (const char* text :
       {"A bill came from Sen. Lindsey Graham today. Graham said it was late.",
        "A bill came from Sen. Lindsey Graham today. Mr Graham said it was late.",
        "A bill came from Sen. Lindsey Graham today. But for Graham it was late.",
        "A bill came from Lindsey Graham today. Graham's bill was late."}) {
    EXPECT_EQ(known_in_second(text), hash_word("graham")) << text;
  }
}

TEST(Introductions, LeaveAloneWhoIsNoSurnameOrInFull) {
  for (const char* text : {
           "A bill came from Lindsey Graham today. Lindsey Graham said it was late.",
           "A bill came from Lindsey Graham today. The bill was late, as Graham said.",
           "A bill came from the senate today. Graham said it was late.",
           "A bill came from Graham today. Lindsey Graham said it was late.",
           "Vallejo Police came and the police left. Police said it was late.",
       }) {
    EXPECT_EQ(known_in_second(text), 0U) << text;
  }
}

TEST(Introductions, AreNoneWhereEveryNounIsWrittenSo) {
  EXPECT_EQ(known_in_second("Es kam von Anna Schmidt heute. Schmidt sagte, es sei gut.", "de"), 0U);
}

TEST(Introductions, KnowWhereEverybodyIsIntroduced) {
  const Analysis analysis = analyse(
      {.title = {},
       .text = "It was Ann Lee who met Bob Ray. Lee said so. Ray did not. Later Ann Lee left.",
       .language = "en"});
  const Introductions people(analysis);
  ASSERT_EQ(analysis.sentences.size(), 4U);
  const std::uint32_t lee = people.known_in(1);
  const std::uint32_t ray = people.known_in(2);
  ASSERT_NE(lee, kNobody);
  ASSERT_NE(ray, kNobody);
  EXPECT_NE(lee, ray);
  EXPECT_THAT(people.introduced_in(0), ElementsAre(lee, ray));
  EXPECT_THAT(people.introduced_in(1), IsEmpty());
  EXPECT_THAT(people.introduced_in(3), ElementsAre(lee));
}

TEST(Introductions, SurviveATextOfNames) {
  std::mt19937 random(1);
  std::string text;
  for (int i = 0; i < 40000; ++i) {
    text += random() % 5 == 0 ? "Ab. " : "Cd ";
    text += static_cast<char>('A' + random() % 26);
    text += static_cast<char>('a' + random() % 26);
    text += ' ';
  }
  const Analysis analysis = analyse({.title = {}, .text = text, .language = "en"});
  const Introductions people(analysis);
  std::set<std::uint32_t> introduced;
  std::size_t known = 0;
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    const std::uint32_t who = people.known_in(i);
    known += who != kNobody;
    EXPECT_TRUE(who == kNobody || introduced.contains(who)) << i;
    for (const std::uint32_t one : people.introduced_in(i)) introduced.insert(one);
  }
  EXPECT_GT(known, 0u);
}

}  // namespace
}  // namespace nutgraf::summarizer
