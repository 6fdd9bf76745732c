// What no story is, and a page can be: each of these must come back, in time that is linear in the
// size. A quadratic rule runs into the time limit of the test program.
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "summarizer/summarizer.h"

namespace nutgraf::summarizer {
namespace {

constexpr std::size_t kSize = 2 * kMaxText;

std::string repeated(const std::string& part) {
  std::string out;
  out.reserve(kSize + part.size());
  while (out.size() < kSize) out += part;
  return out;
}

struct Case {
  std::string what;
  std::string part;
};

class Hostile : public testing::TestWithParam<Case> {};

TEST_P(Hostile, IsSurvived) {
  const std::string text = repeated(GetParam().part);
  for (const Method method : {Method::kNutgraf, Method::kLexRank, Method::kTextRank}) {
    const Summary s =
        summarize({.title = text, .text = text, .language = "en"}, {.method = method});
    EXPECT_LE(s.sentences.size(), 3U);
  }
  const Analysis a = analyse({.title = {}, .text = text, .language = {}});
  EXPECT_LE(a.sentences.size(), kMaxSentences);
  EXPECT_LE(keywords(a, 10).size(), 10U);
  EXPECT_LE(entities(a, 10).size(), 10U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Hostile,
    testing::Values(
        Case{"NoTerminator", "word and word "}, Case{"OneWord", "a"}, Case{"OnlyStops", "."},
        Case{"SpacedStops", ". "}, Case{"StopsInAWord", "a."}, Case{"Sentences", "A b. "},
        Case{"TheSameSentence", "The old mill burned down. "}, Case{"OpenBrackets", "("},
        Case{"BracketsAndStops", "(a. "}, Case{"Quotes", "\""}, Case{"OpenQuotes", " \"a. B"},
        Case{"CurlyQuotes", "“"}, Case{"Abbreviations", "Mr. "}, Case{"Times", "a.m. "},
        Case{"Marks", "1. "}, Case{"Letters", "a) B "}, Case{"Newlines", "\n"},
        Case{"Lines", "A\nb\n"}, Case{"Wrapped", "Ab\ncd"}, Case{"Nul", std::string("a\0. B", 5)},
        Case{"IllFormed", "\xC3\x28\xFF. \xF0\x9F"}, Case{"Wide", "火。"}, Case{"Capitals", "A "},
        Case{"Apostrophes", "a'"}, Case{"At", "a@b"}, Case{"Dashes", "-- "},
        Case{"Ellipses", ". . . . A "}, Case{"Tall", "a\xCC\x81\xCC\x81"}),
    [](const auto& tested) { return tested.param.what; });

TEST(Hostile, TenMegabytesAreSplitWhole) {
  const std::string text(std::size_t{10} << 20, 'x');
  const auto sentences = split_sentences(text, "en");
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_EQ(sentences[0].size(), text.size());
}

TEST(Hostile, AMillionSentencesAreSplit) {
  std::string text;
  for (int i = 0; i < 1000000; ++i) text += "Ab cd. ";
  EXPECT_EQ(split_sentences(text, "en").size(), 1000000U);
}

TEST(Hostile, ACharacterIsNotCutAtTheLimit) {
  std::string text(kMaxText - 1, 'x');
  text += "é and more.";
  const Analysis a = analyse({.title = {}, .text = text, .language = "en"});
  ASSERT_EQ(a.sentences.size(), 1U);
  EXPECT_EQ(a.sentences[0].text.find("\xEF\xBF\xBD"), std::string::npos);
}

}  // namespace
}  // namespace nutgraf::summarizer
