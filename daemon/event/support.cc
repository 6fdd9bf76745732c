#include "daemon/event/support.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "daemon/base/words.h"
#include "daemon/event/number_words.h"

namespace nutgraf {
namespace {

constexpr std::size_t kFewestStems = 5;
constexpr std::size_t kClauseStems = 3;

bool joins_clauses(std::string_view word) {
  static constexpr std::array<std::string_view, 9> kWords = {
      "and", "but", "while", "after", "before", "who", "which", "where", "because"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// Whether a clause begins at a word, `between` being what stands before it.
bool begins_clause(std::string_view between, std::string_view word) {
  return between.find_first_of(",;:()") != std::string_view::npos ||
         between.find("\u2014") != std::string_view::npos ||
         between.find("\u2013") != std::string_view::npos || joins_clauses(word);
}

std::vector<Stems> clauses_of(const summarizer::Analysis& analysis, std::size_t sentence) {
  const std::string_view text = analysis.sentences[sentence].text;
  const std::span<const summarizer::Word> words = analysis.words_of(sentence);
  std::vector<Stems> clauses;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= words.size(); ++i) {
    if (i < words.size()) {
      const std::size_t end = words[i - 1].begin + words[i - 1].size;
      const std::string_view between = text.substr(end, words[i].begin - end);
      if (!begins_clause(between, text.substr(words[i].begin, words[i].size))) continue;
    }
    Stems clause = stems_of(words.subspan(begin, i - begin));
    // "On Monday," is no clause: it belongs to the next, and what is left at the end to the last.
    if (clause.size() < kClauseStems && i < words.size()) continue;
    if (clause.size() < kClauseStems && !clauses.empty()) {
      clause.insert(clause.end(), clauses.back().begin(), clauses.back().end());
      std::sort(clause.begin(), clause.end());
      clause.erase(std::unique(clause.begin(), clause.end()), clause.end());
      clauses.pop_back();
    }
    clauses.push_back(std::move(clause));
    begin = i;
  }
  return clauses;
}

std::vector<double> numbers_of(std::string_view sentence) {
  const Words words = split_words(sentence);
  std::vector<double> numbers;
  for (std::size_t i = 0; i < words.size();) {
    const auto number = written_number(words, i);
    if (number) numbers.push_back(number->value);
    i = number ? std::max(number->after, i + 1) : i + 1;
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

Statement statement_of(const summarizer::Analysis& analysis, std::size_t sentence) {
  const std::span<const summarizer::Word> words = analysis.words_of(sentence);
  std::vector<summarizer::Word> names;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].capitalised) names.push_back(words[i]);
  }
  return {stems_of(words), stems_of(names), numbers_of(analysis.sentences[sentence].text),
          clauses_of(analysis, sentence)};
}

bool supports(const Statement& witness, const Statement& claim) {
  const std::size_t shared = shared_stems(claim.stems, witness.stems);
  const std::size_t names = shared_stems(claim.names, witness.stems);
  if (shared < kFewestStems) return false;
  if (5 * shared < 3 * claim.stems.size()) return false;
  if (3 * names < 2 * claim.names.size()) return false;
  // Names are among the stems; what is left of them are the other words.
  if (2 * (shared - names) < claim.stems.size() - claim.names.size()) return false;
  if (!std::includes(witness.numbers.begin(), witness.numbers.end(), claim.numbers.begin(),
                     claim.numbers.end())) {
    return false;
  }
  return std::all_of(claim.clauses.begin(), claim.clauses.end(), [&](const Stems& clause) {
    return 2 * shared_stems(clause, witness.stems) >= clause.size();
  });
}

}  // namespace nutgraf
