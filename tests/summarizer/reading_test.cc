#include <gtest/gtest.h>

#include <string>

#include "summarizer/faults.h"
#include "summarizer/leaning.h"
#include "summarizer/phrases.h"
#include "summarizer/summarizer.h"
#include "summarizer/words.h"
#include "tests/summarizer/as_passage.h"

namespace nutgraf::summarizer {
namespace {

std::string_view fault_of_text(const std::u32string& text, std::string_view language) {
  const std::string utf8 = encode(text);
  std::vector<Word> words;
  Lexicon lexicon(language);
  Tokenizer(language, lexicon).append(text, words);
  const Shape shape = shape_of(text);
  return fault_of(text, shape, shape.words, may_point(utf8, words));
}
std::string_view fault(std::string_view sentence) { return fault_of_text(decode(sentence), "en"); }
bool leans_on(std::string_view sentence, std::string_view language = "en") {
  return leans(test::Reading(sentence).passage(), language);
}

TEST(Fault, NamesWhatAnEditorWouldStrike) {
  const std::pair<const char*, const char*> cases[] = {
      {"The mill burned down on Friday.", ""},
      {"Instead, he fled.", "short"},
      {"burned down the old mill again.", "fragment"},
      {"The old mill burned", "short"},
      {"The old mill that burned down", "fragment"},
      {"The fire was seen by Mr.", "fragment"},
      {"The old mill, which burned down,.", "fragment"},
      {"iPhone sales rose again in May.", ""},
      {"al-Shabaab said it was not theirs.", ""},
      {"READ MORE about the storm in town.", "credit"},
      {"By Jane Doe and Ann Lee for us.", "credit"},
      {"By Monday, Ann Lee had left town.", ""},
      {"Photo: the mill before the fire came.", "credit"},
      {"Write to the mill at a.b@mill.org.", "credit"},
      {"Go to www.mill.org for the story.", "credit"},
      {"In this article, we look at the mill.", "credit"},
      {"Sign up for the letter of the mill.", "credit"},
      {"All rights reserved by the old mill.", "credit"},
      {"All rights of the mill went to Moss.", ""},
      {"10:14 GMT The mill has burned down.", "credit"},
      {"9:14 EDT The mill has burned down.", "credit"},
      {"At 10:14 GMT the mill burned down.", ""},
      {"The mill sold 5 sacks @ 3 pounds each.", ""},
      {"E-mail to a friend who ran the mill.", "credit"},
      {"Lorem ipsum dolor sit amet elit.", "credit"},
      {"In this articulated bus sat Ann Lee.", ""},
      {"Below the mill the river had risen.", ""},
      {"Checkers was played in the old mill.", ""},
      {"Watch sales rose again in May.", ""},
      {"THE OLD MILL HAS BURNED DOWN.", "capitals"},
      {"He said \"the mill is gone forever.", "unbalanced"},
      {"The mill (or what is left stands.", "unbalanced"},
      {"He is 6'2\" and weighs (about) 80 kilos.", ""},
      {"\"Nobody of us came to help them.\"", "quotation only"},
      {"\"Nobody came to help us,\" said Moss.", ""},
      {"(The mill itself will still be there.)", "aside"},
      {"(Moss will still be at the mill).", "aside"},
      {"(Some) of the mills (four) burned down (mostly).", ""},
  };
  for (const auto& [sentence, expected] : cases) EXPECT_EQ(fault(sentence), expected) << sentence;
}

TEST(Fault, OfAListItemIsEnglishOnly) {
  const auto why = [](std::string_view text, std::string_view language) {
    return analyse({.title = {}, .text = text, .language = language}).sentences.at(0).why;
  };
  EXPECT_EQ(why("3. The old mill burned down on Friday.", "en"), "list item");
  EXPECT_EQ(why("12) The old mill burned down on Friday.", "en"), "list item");
  EXPECT_EQ(why("3.5 tons of flour burned on Friday.", "en"), "");
  EXPECT_EQ(why("300 people saw the mill on Friday.", "en"), "");
  EXPECT_EQ(why("1. FC Harlow hat am Freitag wieder gewonnen.", "de"), "");
}

TEST(Fault, OfLengthIsBounded) {
  std::string sentence = "The";
  for (int i = 1; i < kLongest - 1; ++i) sentence += " mill";
  EXPECT_EQ(fault(sentence + " burned."), "");
  EXPECT_EQ(fault(sentence + " mill burned."), "long");
}

TEST(Fault, ReadsTheQuotationMarksOfOtherCountries) {
  const auto of = [](std::string_view s, std::string_view language) {
    return fault_of_text(plain_quotes(decode(s), language), language);
  };
  EXPECT_EQ(of("„Wir gehen jetzt nach Hause“, sagte sie.", "de"), "");
  EXPECT_EQ(of("Il a dit « nous partons demain ».", "fr"), "");
  EXPECT_EQ(of("„Wir gehen jetzt alle nach Hause.", "de"), "unbalanced");
}

TEST(Leaning, NeedsTheSentenceBefore) {
  for (const char* s :
       {"He left the town at noon.", "But the mayor said no.", "However, the mill stood.",
        "Their mill burned down.", "It was closed for a week.", "This was the end of it.",
        "For example, the mill burned.", "The two men ran away.", "Another man was hurt.",
        "\"It was loud,\" he said.", "\"He never came back,\" said Moss.", "Here is the list.",
        "\"The mill is gone,\" said she."}) {
    EXPECT_TRUE(leans_on(s)) << s;
  }
}

TEST(Leaning, IsNotEveryPronoun) {
  for (const char* s :
       {"The mayor said no.", "It is clear that storms will come.", "It was Ann Lee who left.",
        "It took a year to mend the mill.", "It is hard to say.", "It was not until May.",
        "This week the mill burned down.", "Those who stayed were safe.", "So far nobody came.",
        "Instead of rain there was snow.", "Then-President Moss agreed.", "It Follows is a film.",
        "\"But we stayed,\" said Moss.", "\"It was loud,\" said Moss.", "There was no warning."}) {
    EXPECT_FALSE(leans_on(s)) << s;
  }
}

TEST(Leaning, KnowsOtherLanguages) {
  EXPECT_TRUE(leans_on("Er ging nach Hause.", "de"));
  EXPECT_TRUE(leans_on("Mais le maire a refusé.", "fr"));
  EXPECT_TRUE(leans_on("Pero nadie vino.", "es"));
  EXPECT_FALSE(leans_on("Der Bürgermeister ging nach Hause.", "de"));
  EXPECT_FALSE(leans_on("Он ушёл.", "ru"));  // No list.
}

TEST(Reading, FindsTheInsideOfAQuotation) {
  const Analysis a = analyse(
      {.title = {},
       .text = "Moss spoke for a long time. \"I saw it all from here. It was a very loud night "
               "indeed. I ran away at once,\" said Moss. The mill is gone for good.",
       .language = "en"});
  // The quotation is too short to be cut by the splitter; it stays whole.
  ASSERT_EQ(a.sentences.size(), 3U);
  EXPECT_FALSE(a.sentences[1].bad);

  const std::string filler(320, 'x');
  const Analysis b = analyse({.title = {},
                              .text = "\"I saw it all from " + filler +
                                      " here. It was a very loud night indeed. I ran away at "
                                      "once,\" said Moss. The mill is gone for good.",
                              .language = "en"});
  ASSERT_EQ(b.sentences.size(), 4U);
  EXPECT_EQ(b.sentences[1].why, "inside a quotation");
  EXPECT_FALSE(b.sentences[3].bad);
}

TEST(Reading, CountsNamesAndWords) {
  EXPECT_EQ(shape_of(decode("Police met Ann Lee, Bob Ray and the Red Cross.")).names, 3);
  EXPECT_EQ(shape_of(decode("Police came at once.")).names, 0);
  EXPECT_EQ(shape_of(decode("It was not -- as said -- so.")).words, 8);
  EXPECT_EQ(shape_of(decode("火事があった。")).words, 3);
  EXPECT_EQ(shape_of(decode("Il était à Évian.")).upper, 2);
  EXPECT_EQ(shape_of({}).words, 0);
}

TEST(Reading, ShapeRulesOutOnlyWhatIsNotThere) {
  for (const char* text : {"He (Moss) left.", "“Go,” he said.", "A [sic] letter.", "\"No.\""}) {
    EXPECT_TRUE(shape_of(decode(text)).has_pairs) << text;
  }
  for (const char* text : {"Write to a@b.org.", "See www.b.org.", "At http://b.org now."}) {
    EXPECT_TRUE(shape_of(decode(text)).may_have_address) << text;
  }
  const Shape plain = shape_of(decode("The old mill burned down."));
  EXPECT_FALSE(plain.has_pairs || plain.may_have_address || plain.has_copyright);
  EXPECT_TRUE(shape_of(decode("© The Herald and its staff.")).has_copyright);
}

}  // namespace
}  // namespace nutgraf::summarizer
