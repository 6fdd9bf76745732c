#include "daemon/dedup/update.h"

#include <algorithm>
#include <bitset>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/words.h"
#include "daemon/dedup/gram_set.h"
#include "daemon/dedup/volatile_text.h"

namespace nutgraf {
namespace {

/// A run of new words shorter than this is rewording.
constexpr std::size_t kPassage = 7;
constexpr std::size_t kNewWords = 14;
/// A new first sentence is news although it is short.
constexpr std::size_t kLede = 5;
/// Closing words by which the end of a cut text is found again.
constexpr std::size_t kTail = 60;

std::vector<Token> stable_words(const TextWords& text, const Flags& furniture) {
  std::vector<Token> kept;
  kept.reserve(text.body.size());
  for (std::size_t i = 0; i < text.body.size(); ++i) {
    const bool masked = i < furniture.size() && furniture[i];
    if (!masked && !text.body[i].has(Token::kVolatile)) kept.push_back(text.body[i]);
  }
  return kept;
}

/// The words of a story's earlier texts, and which stood beside which.
class KnownWords {
 public:
  void add(std::vector<Token> text) {
    for (const Token& word : text) words_->set(word.hash);
    texts_.push_back(std::move(text));
  }
  bool has(const Token& word) const { return words_->test(word.hash); }
  bool has(const Token& word, const Token& next) {
    if (!pairs_) pairs_ = pairs();  // Most stories are never asked for one.
    return std::binary_search(pairs_->begin(), pairs_->end(), pair(word, next));
  }

 private:
  static std::uint32_t pair(const Token& word, const Token& next) {
    return std::uint32_t{word.hash} << 16 | next.hash;
  }
  std::vector<std::uint32_t> pairs() const {
    std::vector<std::uint32_t> pairs;
    for (const std::vector<Token>& text : texts_) {
      for (std::size_t i = 1; i < text.size(); ++i) pairs.push_back(pair(text[i - 1], text[i]));
    }
    std::sort(pairs.begin(), pairs.end());
    return pairs;
  }

  std::vector<std::vector<Token>> texts_;
  std::unique_ptr<std::bitset<65536>> words_ = std::make_unique<std::bitset<65536>>();
  std::optional<std::vector<std::uint32_t>> pairs_;
};

struct Run {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

std::vector<Run> uncovered_runs(const Flags& covered) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < covered.size(); ++i) {
    if (covered[i]) continue;
    if (runs.empty() || runs.back().end != i) runs.push_back({i, i});
    runs.back().end = i + 1;
  }
  return runs;
}

bool has_new_passage(const std::vector<Run>& runs) {
  std::size_t words = 0;
  for (const Run& run : runs) {
    if (run.size() >= kPassage) words += run.size();
  }
  return words >= kNewWords;
}

bool has_new_lede(std::span<const Token> words, const std::vector<Run>& runs,
                  const KnownWords& known) {
  if (runs.empty() || runs.front().begin != 0 || runs.front().size() < kLede) return false;
  std::size_t fresh = 0;
  for (std::size_t i = 0; i < runs.front().end; ++i) {
    fresh += known.has(words[i]) ? 0 : 1;
  }
  return 2 * fresh >= runs.front().size();
}

/// A figure in otherwise known surroundings, that is new itself or stands in new company.
bool has_new_figure(std::span<const Token> words, const std::vector<Run>& runs, KnownWords& known) {
  for (const Run& run : runs) {
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const bool near =
          run.begin > 0 && run.end < words.size() && i - run.begin <= 2 && run.end - 1 - i <= 2;
      if (!near || !words[i].has(Token::kNumber)) continue;
      if (!known.has(words[i])) return true;
      if (run.size() > 3) continue;
      if (!known.has(words[i - 1], words[i]) && !known.has(words[i], words[i + 1])) return true;
    }
  }
  return false;
}

/// How far into `words` the end of `cut` reaches: past the last of its closing words in their
/// second half; nullopt if it is not there.
std::optional<std::size_t> reach_of(std::span<const Token> cut, std::span<const Token> words) {
  const Flags covered = GramSet(cut.last(std::min(kTail, cut.size()))).covered(words);
  const auto last = std::find(covered.rbegin(), covered.rend(), true);
  const auto reach = static_cast<std::size_t>(covered.rend() - last);
  if (2 * reach < words.size()) return std::nullopt;
  return reach;
}

}  // namespace

bool is_update(const TextWords& edition, const Flags& furniture, std::span<const TextWords> known) {
  if (edition.body.empty()) return false;
  const std::vector<Token> words = stable_words(edition, furniture);
  GramSet grams(words);
  KnownWords known_words;
  bool announced_before = false;
  // What follows the end of a text that was cut to its first words has no counterpart there.
  std::optional<std::size_t> comparable;
  for (const TextWords& text : known) {
    std::vector<Token> old_words = stable_words(text, {});
    grams.meet(old_words);
    if (text.body.size() >= kFingerprintWords) {
      comparable =
          std::max(comparable.value_or(0), reach_of(old_words, words).value_or(words.size()));
    }
    announced_before |= text.marked_update && text.title == edition.title;
    known_words.add(std::move(old_words));
  }
  if (edition.marked_update && !announced_before) return true;
  std::vector<Run> runs = uncovered_runs(grams.met());
  if (comparable) {
    if (!runs.empty() && runs.back().end == words.size()) runs.pop_back();
    std::erase_if(runs, [&](const Run& run) { return run.begin >= *comparable; });
  }
  return has_new_passage(runs) || has_new_lede(words, runs, known_words) ||
         has_new_figure(words, runs, known_words);
}

namespace {

constexpr std::size_t kMostChanges = 20;
constexpr std::size_t kMostSentences = 400;

struct TextSentence {
  std::string_view text;
  std::span<const Token> words;
};

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

/// A text with its sentences as slices of it; volatile lines and what follows kMostSentences are
/// out.
class SlicedText {
 public:
  explicit SlicedText(std::string_view text) : print_(body_tokens(text)) {
    const Words words = split_words(text, print_.size());
    for (std::size_t begin = 0; begin < words.size() && sentences_.size() < kMostSentences;) {
      std::size_t end = begin + 1;
      while (end < words.size() && !words.words[end].sentence_start) ++end;
      const std::size_t from = begin == 0 ? 0 : words.words[begin].begin;
      const std::size_t to = end < words.size() ? words.words[end].begin : text.size();
      if (!print_[begin].has(Token::kVolatile)) {
        sentences_.push_back(
            {trim(text.substr(from, to - from)), std::span(print_).subspan(begin, end - begin)});
      }
      begin = end;
    }
  }

  const std::vector<TextSentence>& sentences() const { return sentences_; }
  std::span<const Token> words() const { return print_; }

 private:
  std::vector<Token> print_;
  std::vector<TextSentence> sentences_;
};

std::size_t shared_words(std::span<const Token> words, const GramSet& grams) {
  const Flags covered = grams.covered(words);
  return static_cast<std::size_t>(std::count(covered.begin(), covered.end(), true));
}

}  // namespace

double kept_share(std::string_view old_text, std::string_view new_text) {
  const std::vector<Token> before = body_tokens(old_text);
  const std::vector<Token> after = body_tokens(new_text);
  if (before.empty()) return 1;
  const std::size_t kept = shared_words(before, GramSet(after));
  return static_cast<double>(kept) / static_cast<double>(before.size());
}

std::vector<Change> changed_sentences(std::string_view old_text, std::string_view new_text) {
  const SlicedText before(old_text);
  const SlicedText after(new_text);
  const GramSet old_grams(before.words());
  const GramSet new_grams(after.words());
  const auto is_new = [](const TextSentence& sentence, const GramSet& other) {
    return sentence.words.size() >= 3 &&
           shared_words(sentence.words, other) < sentence.words.size();
  };

  std::vector<const TextSentence*> gone;
  for (const TextSentence& sentence : before.sentences()) {
    if (is_new(sentence, new_grams)) gone.push_back(&sentence);
  }
  std::vector<Change> changes;
  for (const TextSentence& sentence : after.sentences()) {
    if (changes.size() >= kMostChanges) break;
    if (!is_new(sentence, old_grams)) continue;
    const GramSet grams(sentence.words);
    auto best = gone.end();
    std::size_t most = 0;
    for (auto it = gone.begin(); it != gone.end(); ++it) {
      const std::size_t shared = shared_words((*it)->words, grams);
      if (shared > most) {
        most = shared;
        best = it;
      }
    }
    Change change{{}, std::string(sentence.text)};
    if (best != gone.end()) {
      change.was = (*best)->text;
      gone.erase(best);
    }
    changes.push_back(std::move(change));
  }
  for (const TextSentence* sentence : gone) {
    if (changes.size() >= kMostChanges) break;
    changes.push_back({std::string(sentence->text), {}});
  }
  return changes;
}

}  // namespace nutgraf
