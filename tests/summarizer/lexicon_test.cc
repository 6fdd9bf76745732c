#include "summarizer/lexicon.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "summarizer/stemmer.h"
#include "summarizer/summarizer.h"
#include "tests/summarizer/story.h"

namespace nutgraf::summarizer {
namespace {

/// A word as a lexicon wants it: with bytes after it.
LexiconEntry entry_of(Lexicon& lexicon, std::string word) {
  const std::size_t size = word.size();
  word += "xyz                    ";
  return lexicon.of(word.data(), size);
}

std::string random_word(std::mt19937& random, std::size_t longest) {
  std::string out;
  for (std::size_t size = 1 + random() % longest; out.size() < size;) {
    out += static_cast<char>('a' + random() % 3);
  }
  return out;
}

TEST(SpellingTable, FindsWhatWasAdded) {
  std::mt19937 random(1);
  SpellingTable table;
  std::map<std::string, std::uint64_t> oracle;
  for (std::uint64_t n = 1; n < 5000; ++n) {
    std::string word = random_word(random, SpellingTable::kLongest);
    const std::size_t size = word.size();
    const auto known = oracle.find(word);
    const std::string bare = word;
    word += "what stands after it";
    const SpellingTable::Spelling spelling(word.data(), size);
    const LexiconEntry* found = table.find(spelling, spelling.hash(hash_seed()));
    ASSERT_EQ(found != nullptr, known != oracle.end()) << bare;
    if (found != nullptr) {
      EXPECT_EQ(found->form, known->second) << bare;
      continue;
    }
    table.add(spelling, {.form = n});
    oracle[bare] = n;
  }
  EXPECT_EQ(table.size(), oracle.size());
}

/// Words that were sought to share a place do so in one process only.
TEST(SpellingTable, AnotherSeedPartsWordsThatCollide) {
  std::mt19937 random(2);
  std::map<std::uint64_t, int> places;
  for (int found = 0; found < 200;) {
    const std::string word = random_word(random, SpellingTable::kLongest);
    const std::string padded = word + "                ";
    const SpellingTable::Spelling spelling(padded.data(), word.size());
    if (spelling.hash(12345) % 256 != 0) continue;
    ++found;
    EXPECT_LT(++places[spelling.hash(98765) % 256], 20);
  }
}

TEST(Lexicon, KnowsFormAndStem) {
  for (const char* language : {"en", "de", "zz"}) {
    Lexicon lexicon(language);
    Stemmer stemmer(language);
    // The last is too long for a table of spellings.
    for (const std::string word : {"government", "zyzzyvas", "12", "internationalisations"}) {
      for (int again = 0; again < 2; ++again) {
        const LexiconEntry entry = entry_of(lexicon, word);
        EXPECT_EQ(entry.form, hash_word(word)) << word;
        EXPECT_EQ(entry.stem, hash_word(stemmer.stem(word))) << word;
      }
    }
  }
  Lexicon english("en");
  for (const char* word : {"the", "a", "x", "he's", "z's"}) {
    EXPECT_EQ(entry_of(english, word).stem, 0U) << word;
    EXPECT_EQ(entry_of(english, word).number, 0U) << word;
  }
}

TEST(Lexicon, NumbersTermsAsTheyCome) {
  Lexicon lexicon("en");
  std::mt19937 random(2);
  for (int text = 0; text < 20; ++text) {
    lexicon.begin_text();
    std::vector<Word> words;
    for (int n = 0; n < 200; ++n) {
      const std::string word = n % 3 == 0 ? "the" : random_word(random, 4);
      const LexiconEntry entry = entry_of(lexicon, word);
      words.push_back({.form = entry.form, .stem = entry.stem, .term = entry.number});
    }
    const std::vector<Term> terms = lexicon.number_terms(words);
    std::map<std::uint64_t, std::uint32_t> oracle;
    for (const Word& word : words) {
      if (word.stem == 0) continue;
      const auto next = static_cast<std::uint32_t>(oracle.size());
      const auto [known, fresh] = oracle.try_emplace(word.stem, next);
      ASSERT_EQ(word.term, known->second);
      ASSERT_EQ(terms[word.term].stem, word.stem);
    }
    EXPECT_EQ(terms.size(), oracle.size());
  }
}

void expect_same(const Document& document, Summarizer& summarizer) {
  const Analysis expected = analyse(document);
  const Analysis got = summarizer.analyse(document);
  ASSERT_EQ(got.words.size(), expected.words.size());
  for (std::size_t i = 0; i < got.words.size(); ++i) {
    EXPECT_EQ(got.words[i].form, expected.words[i].form);
    EXPECT_EQ(got.words[i].stem, expected.words[i].stem);
    EXPECT_EQ(got.words[i].term, expected.words[i].term);
  }
  ASSERT_EQ(got.terms.size(), expected.terms.size());
  for (std::size_t t = 0; t < got.terms.size(); ++t) {
    EXPECT_EQ(got.terms[t].stem, expected.terms[t].stem);
    EXPECT_EQ(got.terms[t].idf, expected.terms[t].idf);
  }
  EXPECT_EQ(summarizer.summarize(document).text, summarize(document).text);
}

TEST(Summarizer, GivesTheSameWhateverCameBefore) {
  std::string many;  // More than it keeps.
  for (std::size_t n = 0; n < Summarizer::kMaxWords + 100; ++n) {
    many += "w" + std::to_string(n) + (n % 20 == 19 ? ". The " : " ");
  }
  Summarizer summarizer;
  // More languages than it keeps, one without a stemmer.
  for (const char* language :
       {"en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "zz", "en", "de"}) {
    expect_same({.text = test::kStory, .language = language}, summarizer);
    expect_same({.text = "首相は会見した。東京で雨が降った。", .language = language}, summarizer);
  }
  expect_same({.text = many, .language = "en"}, summarizer);
  expect_same({.text = test::kStory, .language = "en"}, summarizer);
  expect_same({.text = {}, .language = "en"}, summarizer);
}

}  // namespace
}  // namespace nutgraf::summarizer
