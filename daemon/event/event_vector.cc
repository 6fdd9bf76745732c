#include "daemon/event/event_vector.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "summarizer/background.h"

namespace nutgraf {
namespace {

using summarizer::Analysis;

/// News puts what happened first; what follows is background that other events share.
constexpr std::size_t kWords = 400;
constexpr std::size_t kLede = 60;
constexpr std::size_t kLongestName = 4;

std::uint32_t short_hash(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

/// A name is counted apart from the plain word of the same spelling.
std::uint32_t name_hash(std::uint64_t form) { return short_hash(form * 0x9E3779B97F4A7C15ull); }

std::uint32_t pair_hash(std::uint64_t a, std::uint64_t b) {
  std::uint64_t mixed = a * 0x9E3779B97F4A7C15ull ^ (b + (a >> 29));
  mixed ^= mixed >> 31;
  return short_hash(mixed * 0xD6E8FEB86659FD93ull);
}

/// Collects the terms of one story, each with its rarity.
class Counter {
 public:
  explicit Counter(const summarizer::Background& background) : background_(background) {}

  void add(std::uint32_t term, std::uint64_t stem, int times = 1) {
    const std::uint8_t rarity = rarity_of(stem);
    for (int i = 0; i < times; ++i) terms_.push_back({term, 1, rarity});
  }

  std::vector<TermCount> counts() && {
    std::sort(terms_.begin(), terms_.end(), [](const TermCount& a, const TermCount& b) {
      return a.term != b.term ? a.term < b.term : a.rarity > b.rarity;
    });
    std::vector<TermCount> counts;
    for (const TermCount& term : terms_) {
      if (counts.empty() || counts.back().term != term.term) {
        counts.push_back(term);
      } else if (counts.back().count < 255) {
        ++counts.back().count;
      }
    }
    return counts;
  }

 private:
  std::uint8_t rarity_of(std::uint64_t stem) const {
    return static_cast<std::uint8_t>(
        std::lround(std::clamp(16 * background_.idf(stem), 0.0, 255.0)));
  }

  const summarizer::Background& background_;
  std::vector<TermCount> terms_;
};

using Background = summarizer::Background;

void add_title(const Analysis& analysis, int times, Counter& counter) {
  for (const summarizer::Word& word : analysis.title_words) {
    if (word.stem != 0) counter.add(short_hash(word.stem), word.stem, times);
  }
}

void add_words(const Analysis& analysis, std::size_t most, Counter& counter) {
  const std::size_t words = std::min(most, analysis.words.size());
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t stem = analysis.words[i].stem;
    if (stem != 0) counter.add(short_hash(stem), stem);
  }
}

/// Not the title alone: with some outlets it is a pun or a date, with others the first sentence
/// once more, and an agency's teaser has none.
std::vector<TermCount> head_counts(const Analysis& analysis, const Background& background) {
  Counter counter(background);
  add_title(analysis, 1, counter);
  add_words(analysis, kLede, counter);
  return std::move(counter).counts();
}

std::vector<TermCount> body_counts(const Analysis& analysis, const Background& background) {
  Counter counter(background);
  add_title(analysis, 2, counter);
  add_words(analysis, kWords, counter);
  add_words(analysis, kLede, counter);
  return std::move(counter).counts();
}

/// Capitalized words that follow one another with a blank between, not at a sentence's start.
void add_names(std::span<const summarizer::Word> words, Counter& names) {
  for (std::size_t begin = 1; begin < words.size(); ++begin) {
    if (!words[begin].capitalised) continue;
    std::size_t end = begin + 1;
    while (end < words.size() && end - begin < kLongestName && words[end].capitalised &&
           words[end].begin == words[end - 1].begin + words[end - 1].size + 1) {
      ++end;
    }
    for (std::size_t i = begin; i < end; ++i) {
      names.add(name_hash(words[i].form), words[i].stem);
      // Pairs are rare whatever their words.
      if (i > begin) names.add(pair_hash(words[i - 1].form, words[i].form), 0);
    }
    begin = end - 1;
  }
}

std::vector<TermCount> name_counts(const Analysis& analysis, const Background& background) {
  Counter names(background);
  for (std::size_t i = 0; i < analysis.sentences.size(); ++i) {
    if (analysis.sentences[i].words >= kWords) break;
    add_names(analysis.words_of(i), names);
  }
  return std::move(names).counts();
}

}  // namespace

StoryVector story_vector(const Analysis& analysis) {
  const Background& background = Background::of(analysis.language);
  return {analysis.language == "und" ? std::string() : analysis.language,
          body_counts(analysis, background), name_counts(analysis, background),
          head_counts(analysis, background)};
}

}  // namespace nutgraf
