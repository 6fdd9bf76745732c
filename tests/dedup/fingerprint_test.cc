#include "daemon/dedup/fingerprint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/dedup/update.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Fingerprint, ComesBackFromItsStoredForm) {
  for (const char* text : {"", "One.", "Nine people of São Paulo, 1,200 in all.\n\nBy Jo Field"}) {
    const Fingerprint print = fingerprint("UPDATE 2 - A title", text);
    EXPECT_EQ(parse_fingerprint(serialize(print)), print);
  }
}

TEST(Fingerprint, RefusesAnyOtherBytes) {
  const std::string bytes = serialize(fingerprint("A title", "A text of a few words."));
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_EQ(parse_fingerprint(bytes.substr(0, cut)), std::nullopt) << cut;
  }
  EXPECT_EQ(parse_fingerprint(bytes + "x"), std::nullopt);
  EXPECT_EQ(parse_fingerprint("\x02" + bytes.substr(1)), std::nullopt);
}

TEST(Fingerprint, IsBounded) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "word" + std::to_string(i) + " ";
  const Fingerprint print = fingerprint(text, text);
  EXPECT_EQ(print.body.size(), kFingerprintWords);
  EXPECT_EQ(print.title.size(), kTitleWords);
}

TEST(Fingerprint, FoldsWhatEditionsDifferIn) {
  EXPECT_EQ(fingerprint("", "The “Café” of Zürich’s mayor").body.size(), 5u);
  const auto hashes = [](std::string_view text) {
    std::vector<std::uint16_t> out;
    for (const Token& token : fingerprint("", text).body) out.push_back(token.hash);
    return out;
  };
  EXPECT_EQ(hashes("The “Café” of Zürich’s mayor: 1,200"),
            hashes("the &quot;CAFE&quot; of Zurich's Mayor 1200"));
}

TEST(ShingleSample, OfAPartIsPartOfTheSample) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "word" + std::to_string(i * 7 % 391) + " ";
  const auto whole = shingle_sample(fingerprint("", text).body);
  const auto part = shingle_sample(fingerprint("", text.substr(0, text.size() / 2)).body);
  EXPECT_GE(whole.size(), 25u);
  EXPECT_LE(whole.size(), 80u);  // An eighth of some 400.
  std::size_t shared = 0;
  for (const std::uint32_t h : whole) shared += std::count(part.begin(), part.end(), h) > 0 ? 1 : 0;
  EXPECT_GT(shared, whole.size() / 4);
}

TEST(ShingleSample, OfFewerThanFourWordsIsEmpty) {
  EXPECT_THAT(shingle_sample(fingerprint("", "one two three").body), IsEmpty());
}

TEST(ShingleSample, TakesOfARepeatedTextWhatItHasOnce) {
  std::string once;
  for (int i = 0; i < 60; ++i) once += "word" + std::to_string(i) + " ";
  std::string often;
  for (int i = 0; i < 6; ++i) often += once;
  // Sixty are too few to take a share of, though there are 357 with repetitions.
  EXPECT_EQ(shingle_sample(fingerprint("", often).body).size(), 60u);
}

TEST(Skeletons, AreBlindToNamesAndFigures) {
  const auto a = fingerprint("", "Shares of Acorn rose by 12 points after the report.");
  const auto b = fingerprint("", "Shares of Birch rose by 7 points after the report.");
  const auto c = fingerprint("", "Shares of Birch fell by 7 points after the report.");
  EXPECT_EQ(skeletons(a.body)[0].skeleton, skeletons(b.body)[0].skeleton);
  EXPECT_NE(skeletons(b.body)[0].skeleton, skeletons(c.body)[0].skeleton);
}

TEST(Skeletons, AreMadeOfThreeWordsAtLeast) {
  const auto of = [](std::string_view text) {
    return skeletons(fingerprint("", text).body)[0].skeleton;
  };
  EXPECT_EQ(of("to Acorn fell sharply Birch"), of("to Cedar fell sharply Daphne"));
  // Of fewer the names are all that there is.
  EXPECT_NE(of("fell sharply Birch"), of("fell sharply Daphne"));
  EXPECT_NE(of("fell sharply Birch"), 0u);
  EXPECT_EQ(of("fell sharply"), 0u);
}

TEST(ChangedSentences, PairsWhatWasWithWhatIs) {
  const auto changes = changed_sentences(
      "A ferry ran aground off Lundt on Monday. Police said 9 people were hurt. The crew is safe.",
      "A ferry ran aground off Lundt on Monday. Police said 12 people were hurt. The crew is safe. "
      "Divers will search the hull tomorrow.");
  EXPECT_THAT(changes, ElementsAre(Change{"Police said 9 people were hurt.",
                                          "Police said 12 people were hurt."},
                                   Change{"", "Divers will search the hull tomorrow."}));
}

TEST(ChangedSentences, AreNoneForLayoutAndClockLines) {
  EXPECT_THAT(changed_sentences("The ferry ran aground. The crew is safe now.",
                                "Updated 3:37 pm, May 8\n\nThe  ferry ran\naground.\n\nThe crew is "
                                "safe now."),
              IsEmpty());
}

TEST(ChangedSentences, ListWhatWentLast) {
  EXPECT_THAT(changed_sentences("The ferry ran aground. The captain was asleep at the wheel.",
                                "The ferry ran aground."),
              ElementsAre(Change{"The captain was asleep at the wheel.", ""}));
}

TEST(ChangedSentences, AreBounded) {
  std::string before;
  std::string after;
  for (int i = 0; i < 3000; ++i) {
    before += "Old sentence number" + std::to_string(i) + " here. ";
    after += "New statement figure" + std::to_string(i) + " there. ";
  }
  EXPECT_LE(changed_sentences(before, after).size(), 20u);
}

}  // namespace
}  // namespace nutgraf
