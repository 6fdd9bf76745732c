#include "daemon/event/support.h"

#include <algorithm>
#include <array>
#include <iterator>
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

/// "Not", "didn't"; not "no", which is a vote, too. English only.
bool denies(std::string_view word) {
  static constexpr std::array<std::string_view, 14> kWords = {
      "not",   "never",  "didnt", "dont",    "doesnt", "isnt", "arent",
      "wasnt", "werent", "wont",  "wouldnt", "cannot", "cant", "hasnt"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

/// Sorted, each once, as both are.
Stems together(const Stems& a, const Stems& b) {
  Stems both;
  both.reserve(a.size() + b.size());
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

/// What stands between two words. Of pairs of letters, as languages without blanks are read in,
/// each begins within the last.
std::string_view between_words(std::string_view text, std::size_t end, std::size_t begin) {
  return begin > end ? text.substr(end, begin - end) : std::string_view{};
}

struct Clauses {
  std::vector<Stems> all;
  std::vector<Stems> denied;
};

Clauses clauses_of(const summarizer::Analysis& analysis, std::size_t sentence,
                   const Words& written) {
  const std::string_view text = analysis.sentences[sentence].text;
  const std::span<const summarizer::Word> words = analysis.words_of(sentence);
  std::vector<Stems> clauses;
  std::vector<Stems> denied;
  Stems carried;  // Of words before, which alone are no clause.
  std::size_t begin = 0;
  std::size_t next = 0;  // Of the words as written.
  for (std::size_t i = 1; i <= words.size(); ++i) {
    if (i < words.size()) {
      const std::size_t end = words[i - 1].begin + words[i - 1].size;
      const std::string_view between = between_words(text, end, words[i].begin);
      if (!begins_clause(between, text.substr(words[i].begin, words[i].size))) continue;
    }
    Stems clause = together(carried, stems_of(words.subspan(begin, i - begin)));
    begin = i;
    bool no = false;
    const std::size_t end = i < words.size() ? words[i].begin : text.size();
    for (; next < written.size() && written.words[next].begin < end; ++next) {
      no = no || denies(written[next]);
    }
    if (no) denied.push_back(clause);
    // "On Monday," is no clause: it belongs to the next, and what is left at the end to the last.
    if (clause.size() < kClauseStems && i < words.size()) {
      carried = std::move(clause);
      continue;
    }
    if (clause.size() < kClauseStems && !clauses.empty()) {
      clause = together(clause, clauses.back());
      clauses.pop_back();
    }
    clauses.push_back(std::move(clause));
    carried.clear();
  }
  return {std::move(clauses), std::move(denied)};
}

/// Stems of what stands in quotation marks, all quotations together.
Stems quote_of(const summarizer::Analysis& analysis, std::size_t sentence) {
  const std::string_view text = analysis.sentences[sentence].text;
  std::vector<summarizer::Word> quoted;
  bool open = false;
  std::size_t end = 0;
  for (const summarizer::Word& word : analysis.words_of(sentence)) {
    const std::string_view between = between_words(text, end, word.begin);
    for (std::size_t i = 0; i < between.size(); ++i) {
      const std::string_view rest = between.substr(i);
      if (rest.front() == '"') open = !open;
      if (rest.starts_with("\u201c")) open = true;
      if (rest.starts_with("\u201d")) open = false;
    }
    if (open) quoted.push_back(word);
    end = word.begin + word.size;
  }
  return stems_of(quoted);
}

std::vector<double> numbers_of(const Words& words) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < words.size();) {
    const auto number = written_number(words, i);
    if (number) numbers.push_back(number->value);
    i = number ? std::max(number->after, i + 1) : i + 1;
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Three words of the claim in a clause with "not", where the claim has none.
bool contradicts(const Statement& witness, const Statement& claim) {
  if (!claim.denied.empty()) return false;
  return std::any_of(witness.denied.begin(), witness.denied.end(),
                     [&](const Stems& clause) { return shared_stems(clause, claim.stems) >= 3; });
}

/// The claim is a quotation in the main, and the witness has four fifths of it.
bool quotes(const Statement& witness, const Statement& claim) {
  return claim.quote.size() >= kFewestStems && 2 * claim.quote.size() >= claim.stems.size() &&
         5 * shared_stems(claim.quote, witness.stems) >= 4 * claim.quote.size();
}

}  // namespace

Statement statement_of(const summarizer::Analysis& analysis, std::size_t sentence) {
  const std::span<const summarizer::Word> words = analysis.words_of(sentence);
  const Words written = split_words(analysis.sentences[sentence].text);
  std::vector<summarizer::Word> names;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].capitalised) names.push_back(words[i]);
  }
  Clauses clauses = clauses_of(analysis, sentence, written);
  return {stems_of(words),        stems_of(names),           numbers_of(written),
          std::move(clauses.all), std::move(clauses.denied), quote_of(analysis, sentence)};
}

bool supports(const Statement& witness, const Statement& claim) {
  if (!std::includes(witness.numbers.begin(), witness.numbers.end(), claim.numbers.begin(),
                     claim.numbers.end())) {
    return false;
  }
  if (quotes(witness, claim)) return true;
  const std::size_t shared = shared_stems(claim.stems, witness.stems);
  const std::size_t names = shared_stems(claim.names, witness.stems);
  if (shared < kFewestStems) return false;
  if (5 * shared < 3 * claim.stems.size()) return false;
  if (3 * names < 2 * claim.names.size()) return false;
  // Names are among the stems; what is left of them are the other words.
  if (2 * (shared - names) < claim.stems.size() - claim.names.size()) return false;
  if (contradicts(witness, claim)) return false;
  return std::all_of(claim.clauses.begin(), claim.clauses.end(), [&](const Stems& clause) {
    return 2 * shared_stems(clause, witness.stems) >= clause.size();
  });
}

}  // namespace nutgraf
