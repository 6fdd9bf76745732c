#include "summarizer/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "summarizer/porter.h"

namespace nutgraf::summarizer {
namespace {

std::vector<Word> words_of(const std::string& text, std::string_view language) {
  std::vector<Word> out;
  Lexicon lexicon(language);
  Tokenizer(language, lexicon).append(decode(text), out);
  return out;
}

std::vector<std::string> spellings(const std::string& text, std::string_view language) {
  std::vector<std::string> out;
  for (const Word& w : words_of(text, language)) out.push_back(text.substr(w.begin, w.size));
  return out;
}

/// Spellings of the words that are no stop words.
std::vector<std::string> subjects(const std::string& text, std::string_view language) {
  std::vector<std::string> out;
  for (const Word& w : words_of(text, language)) {
    if (w.stem != 0) out.push_back(text.substr(w.begin, w.size));
  }
  return out;
}

using testing::ElementsAre;

TEST(Words, AreRunsOfLettersAndDigits) {
  EXPECT_THAT(spellings("The U.S. paid $1,000 (don’t ask).", "en"),
              ElementsAre("The", "U", "S", "paid", "1", "000", "don’t", "ask"));
  EXPECT_THAT(spellings("Ödön's café", "en"), ElementsAre("Ödön's", "café"));
}

TEST(Words, LoseStopWordsPossessivesAndSingleLetters) {
  EXPECT_THAT(subjects("The mayor's plan for her X town isn't new", "en"),
              ElementsAre("mayor's", "plan", "town", "new"));
}

TEST(Words, ShareAStemAcrossForms) {
  const auto words = words_of("protest protests Protested mayor’s mayor", "en");
  ASSERT_EQ(words.size(), 5U);
  EXPECT_EQ(words[0].stem, words[1].stem);
  EXPECT_EQ(words[0].stem, words[2].stem);
  EXPECT_EQ(words[3].stem, words[4].stem);
  EXPECT_NE(words[0].stem, words[3].stem);
  EXPECT_NE(words[0].form, words[1].form);
}

TEST(Words, AreCutAtTheApostropheInFrenchAndItalian) {
  EXPECT_THAT(subjects("l'homme qu'on a vu", "fr"), ElementsAre("homme", "vu"));
  EXPECT_THAT(subjects("dell'uomo", "it"), ElementsAre("uomo"));
}

TEST(Words, ArePairsWhereNoSpacesAre) {
  EXPECT_THAT(spellings("東京都 A", "ja"), ElementsAre("東京", "京都", "A"));
  EXPECT_THAT(spellings("火", "zh"), ElementsAre("火"));
}

TEST(Words, KnowCapitalsAndNumbers) {
  const auto words = words_of("Oslo has 12 trams, Émile", "en");
  ASSERT_EQ(words.size(), 5U);
  EXPECT_TRUE(words[0].capitalised && words[4].capitalised);
  EXPECT_FALSE(words[1].capitalised);
  EXPECT_TRUE(words[2].number);
}

TEST(Words, HashesAreStable) {
  // Stored fingerprints depend on these values.
  EXPECT_EQ(hash_word("summary"), hash_word(std::string("sum") + "mary"));
  EXPECT_EQ(hash_word("a"), 0x82b19d9859a61322U);
}

TEST(StopWords, AreThereForEveryPromisedLanguage) {
  const std::pair<const char*, const char*> words[] = {
      {"en", "the"},  {"de", "nicht"}, {"fr", "été"},  {"es", "según"},   {"it", "perché"},
      {"pt", "não"},  {"nl", "het"},   {"sv", "från"}, {"da", "også"},    {"no", "ikke"},
      {"nb", "ikke"}, {"fi", "että"},  {"ru", "что"},  {"ro", "această"}, {"hu", "hogy"},
      {"tr", "için"}, {"und", "för"}};
  for (const auto& [language, word] : words) {
    EXPECT_TRUE(stop_words(language).contains(hash_word(word))) << language;
    EXPECT_FALSE(stop_words(language).contains(hash_word("harlow"))) << language;
  }
  EXPECT_FALSE(stop_words("zh").contains(hash_word("the")));
}

TEST(Porter, StemsAsItsAuthorAndNltkDo) {
  const std::pair<const char*, const char*> words[] = {{"caresses", "caress"},
                                                       {"ponies", "poni"},
                                                       {"dies", "die"},
                                                       {"cats", "cat"},
                                                       {"agreed", "agre"},
                                                       {"plastered", "plaster"},
                                                       {"bled", "bled"},
                                                       {"motoring", "motor"},
                                                       {"sing", "sing"},
                                                       {"conflated", "conflat"},
                                                       {"hopping", "hop"},
                                                       {"falling", "fall"},
                                                       {"filing", "file"},
                                                       {"happy", "happi"},
                                                       {"say", "say"},
                                                       {"relational", "relat"},
                                                       {"conditional", "condit"},
                                                       {"possibly", "possibl"},
                                                       {"radically", "radic"},
                                                       {"analogy", "analog"},
                                                       {"hopefulness", "hope"},
                                                       {"electrical", "electr"},
                                                       {"adoption", "adopt"},
                                                       {"replacement", "replac"},
                                                       {"rate", "rate"},
                                                       {"cease", "ceas"},
                                                       {"controlling", "control"},
                                                       {"skies", "sky"},
                                                       {"news", "news"},
                                                       {"as", "as"},
                                                       {"", ""},
                                                       {"y", "y"}};
  for (const auto& [word, stem] : words) {
    std::string w = word;
    porter_stem(w);
    EXPECT_EQ(w, stem) << word;
  }
}

class StemmerOf : public testing::TestWithParam<const char*> {};

TEST_P(StemmerOf, EveryPromisedLanguageShortensWords) {
  // An ending of the language: the two forms share a stem.
  const std::map<std::string, std::pair<const char*, const char*>> forms{
      {"en", {"banks", "bank"}},     {"de", {"kindern", "kinder"}}, {"fr", {"maisons", "maison"}},
      {"es", {"casas", "casa"}},     {"it", {"case", "casa"}},      {"pt", {"casas", "casa"}},
      {"nl", {"boeken", "boek"}},    {"sv", {"bilarna", "bil"}},    {"da", {"bilerne", "bil"}},
      {"no", {"bilene", "bil"}},     {"fi", {"talossa", "talo"}},   {"ru", {"городами", "город"}},
      {"ro", {"caselor", "casele"}}, {"hu", {"házakban", "ház"}},   {"tr", {"evler", "ev"}}};
  Stemmer stemmer(GetParam());
  const auto& [inflected, plain] = forms.at(GetParam());
  const std::string stem(stemmer.stem(inflected));
  EXPECT_EQ(stem, stemmer.stem(plain));
}

INSTANTIATE_TEST_SUITE_P(Languages, StemmerOf,
                         testing::Values("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no",
                                         "fi", "ru", "ro", "hu", "tr"));

}  // namespace
}  // namespace nutgraf::summarizer
