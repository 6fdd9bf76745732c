#include "daemon/dedup/update.h"

#include <algorithm>
#include <optional>
#include <string>

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

std::vector<Token> stable_words(const Fingerprint& print, const std::vector<bool>& furniture) {
  std::vector<Token> kept;
  for (std::size_t i = 0; i < print.body.size(); ++i) {
    const bool masked = i < furniture.size() && furniture[i];
    if (!masked && !print.body[i].has(Token::kVolatile)) kept.push_back(print.body[i]);
  }
  return kept;
}

struct Run {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

std::vector<Run> uncovered_runs(const std::vector<bool>& covered) {
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
                  const GramSet& known) {
  if (runs.empty() || runs.front().begin != 0 || runs.front().size() < kLede) return false;
  std::size_t fresh = 0;
  for (std::size_t i = 0; i < runs.front().end; ++i) {
    fresh += known.contains(words.subspan(i, 1)) ? 0 : 1;
  }
  return 2 * fresh >= runs.front().size();
}

/// A figure in otherwise known surroundings, that is new itself or stands in new company.
bool has_new_figure(std::span<const Token> words, const std::vector<Run>& runs,
                    const GramSet& known) {
  for (const Run& run : runs) {
    for (std::size_t i = run.begin; i < run.end; ++i) {
      const bool near =
          run.begin > 0 && run.end < words.size() && i - run.begin <= 2 && run.end - 1 - i <= 2;
      if (!near || !words[i].has(Token::kNumber)) continue;
      if (!known.contains(words.subspan(i, 1))) return true;
      const bool before = known.contains(words.subspan(i - 1, 2));
      const bool after = known.contains(words.subspan(i, 2));
      if (run.size() <= 3 && !before && !after) return true;
    }
  }
  return false;
}

/// How far into `words` the end of `cut` reaches: past the last of its closing words in their
/// second half; nullopt if it is not there.
std::optional<std::size_t> reach_of(std::span<const Token> cut, std::span<const Token> words) {
  const std::size_t tail = std::min(kTail, cut.size());
  GramSet closing(tail);
  closing.add(cut.last(tail));
  const std::vector<bool> covered = closing.covered(words);
  const auto last = std::find(covered.rbegin(), covered.rend(), true);
  const auto reach = static_cast<std::size_t>(covered.rend() - last);
  if (2 * reach < words.size()) return std::nullopt;
  return reach;
}

}  // namespace

bool is_update(const Fingerprint& edition, const std::vector<bool>& furniture,
               std::span<const Fingerprint> known) {
  if (edition.body.empty()) return false;
  const std::vector<Token> words = stable_words(edition, furniture);
  GramSet grams(words.size() * 2);
  bool announced_before = false;
  // What follows the end of a text that was cut to its first words has no counterpart there.
  std::optional<std::size_t> comparable;
  for (const Fingerprint& print : known) {
    const std::vector<Token> old_words = stable_words(print, {});
    grams.add(old_words, 1);
    if (print.body.size() >= kFingerprintWords) {
      comparable =
          std::max(comparable.value_or(0), reach_of(old_words, words).value_or(words.size()));
    }
    announced_before |= print.marked_update && print.title == edition.title;
  }
  if (edition.marked_update && !announced_before) return true;
  std::vector<Run> runs = uncovered_runs(grams.covered(words));
  if (comparable) {
    if (!runs.empty() && runs.back().end == words.size()) runs.pop_back();
    std::erase_if(runs, [&](const Run& run) { return run.begin >= *comparable; });
  }
  return has_new_passage(runs) || has_new_lede(words, runs, grams) ||
         has_new_figure(words, runs, grams);
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
  const std::vector<bool> covered = grams.covered(words);
  return static_cast<std::size_t>(std::count(covered.begin(), covered.end(), true));
}

}  // namespace

double kept_share(std::string_view old_text, std::string_view new_text) {
  const std::vector<Token> before = body_tokens(old_text);
  const std::vector<Token> after = body_tokens(new_text);
  if (before.empty()) return 1;
  GramSet grams(after.size());
  grams.add(after);
  return static_cast<double>(shared_words(before, grams)) / static_cast<double>(before.size());
}

std::vector<Change> changed_sentences(std::string_view old_text, std::string_view new_text) {
  const SlicedText before(old_text);
  const SlicedText after(new_text);
  GramSet old_grams(before.words().size());
  old_grams.add(before.words());
  GramSet new_grams(after.words().size());
  new_grams.add(after.words());
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
    GramSet grams(sentence.words.size());
    grams.add(sentence.words);
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
