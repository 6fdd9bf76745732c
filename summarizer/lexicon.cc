#include "summarizer/lexicon.h"

#include <algorithm>
#include <array>
#include <bit>

#include "summarizer/captions.h"
#include "summarizer/phrases.h"

namespace nutgraf::summarizer {
namespace {

constexpr std::size_t kFirstSize = 512;
constexpr std::uint32_t kNone = UINT32_MAX;

/// All bits of the bytes of a word's register that the first `size - 8` letters fill.
consteval auto make_masks() {
  std::array<std::uint64_t, SpellingTable::kLongest + 9> out{};
  for (std::size_t size = 0; size < out.size(); ++size) {
    std::array<unsigned char, 8> bytes{};
    for (std::size_t i = 0; i < 8 && i + 8 < size; ++i) bytes[i] = 0xFF;
    out[size] = std::bit_cast<std::uint64_t>(bytes);
  }
  return out;
}

/// A short word, from which on enough bytes can be read.
SpellingTable::Spelling spelling_of(std::string_view word) {
  char bytes[SpellingTable::kLongest] = {};
  word.copy(bytes, sizeof bytes);
  return {bytes, word.size()};
}

}  // namespace

const std::array<std::uint64_t, SpellingTable::kLongest + 9> SpellingTable::Spelling::kMasks =
    make_masks();

const LexiconEntry& SpellingTable::add(const Spelling& word, const LexiconEntry& entry) {
  if (2 * (used_ + 1) > slots_.size()) {
    std::vector<Slot> old(std::max(kFirstSize, 2 * slots_.size()));
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.word.low_ != 0) slots_[find_slot(slot.word, slot.word.hash(seed_))] = slot;
    }
  }
  ++used_;
  Slot& slot = slots_[find_slot(word, word.hash(seed_))];
  slot = {word, entry};
  return slot.entry;
}

Lexicon::Common Lexicon::english() {
  Common out;
  out.stems.push_back({});
  const auto add = [&out](std::string_view word, std::uint64_t stem, std::uint32_t number) {
    if (word.size() > SpellingTable::kLongest) return;
    const SpellingTable::Spelling spelling = spelling_of(word);
    if (out.table.find(spelling, spelling.hash(hash_seed())) == nullptr) {
      const std::uint64_t form = hash_word(word);
      out.table.add(spelling, {form, stem, number, is_telling(word, form)});
    }
  };
  for (const std::string_view word : stop_list("en")) add(word, 0, 0);
  const Background& background = Background::of("en");
  Stemmer stemmer("en");
  for (const std::string_view word : Background::words("en")) {
    if (word.size() < 2) continue;
    const std::uint64_t stem = hash_word(stemmer.stem(word));
    const auto next = static_cast<std::uint32_t>(out.stems.size());
    const auto [number, fresh] = out.numbers.try_emplace(stem, next);
    if (fresh) out.stems.push_back({stem, background.idf(stem)});
    add(word, stem, *number);
  }
  return out;
}

const Lexicon::Common& Lexicon::common(std::string_view language) {
  static const Common none{.table = {}, .numbers = {}, .stems = {Term{}}};
  static const Common in_english = english();
  return language == "en" ? in_english : none;
}

Lexicon::Lexicon(std::string_view language)
    : common_(common(language)),
      stop_(stop_words(language)),
      background_(Background::of(language)),
      stemmer_(language),
      places_{0} {  // What has no stem needs no place.
  places_.resize(common_.stems.size(), kNone);
}

void Lexicon::begin_text() {
  if (table_.size() + long_.size() < Summarizer::kMaxWords) return;
  table_ = {};
  long_ = {};
  numbers_ = {};
  stems_ = {};
  numbers_of_text_ = {};
  places_.resize(common_.stems.size());
  places_.shrink_to_fit();
}

const LexiconEntry& Lexicon::learn(std::string_view word, const SpellingTable::Spelling& spelling) {
  return table_.add(spelling, read(word, hash_word(word)));
}

const LexiconEntry& Lexicon::of_long(std::string_view word) {
  const std::uint64_t form = hash_word(word);
  const auto [entry, fresh] = long_.try_emplace(form, {});
  if (fresh) *entry = read(word, form);
  return *entry;
}

const LexiconEntry& Lexicon::of_pair(std::string_view pair) {
  const std::uint64_t form = hash_word(pair);
  const auto [entry, fresh] = long_.try_emplace(form, {});
  if (fresh) *entry = {form, form, number_of(form)};
  return *entry;
}

LexiconEntry Lexicon::read(std::string_view word, std::uint64_t form) {
  const std::uint64_t stem = stem_of(word, form);
  return {form, stem, number_of(stem), is_telling(word, form)};
}

bool Lexicon::is_telling(std::string_view word, std::uint64_t form) {
  return begins_pointer(word, form) || tells_caption(form);
}

std::uint64_t Lexicon::stem_of(std::string_view word, std::uint64_t form) {
  if (stop_.contains(form)) return 0;
  if (word.ends_with("'s")) {
    word.remove_suffix(2);
    if (stop_.contains(hash_word(word))) return 0;
  }
  // A second letter begins within five bytes.
  const auto letters =
      std::ranges::count_if(word.substr(0, 5), [](char c) { return (c & 0xC0) != 0x80; });
  return letters < 2 ? 0 : hash_word(stemmer_.stem(word));
}

std::uint32_t Lexicon::number_of(std::uint64_t stem) {
  if (stem == 0) return 0;
  if (const std::uint32_t* common = common_.numbers.find(stem)) return *common;
  const auto [number, fresh] =
      numbers_.try_emplace(stem, static_cast<std::uint32_t>(places_.size()));
  if (fresh) {
    stems_.push_back({stem, background_.idf(stem)});
    places_.push_back(kNone);
  }
  return *number;
}

const Term& Lexicon::term(std::uint32_t number) const {
  const std::size_t common = common_.stems.size();
  return number < common ? common_.stems[number] : stems_[number - common];
}

std::vector<Term> Lexicon::number_terms(std::span<Word> words) {
  if (numbers_of_text_.size() <= words.size()) numbers_of_text_.resize(words.size() + 1);
  const std::span numbers(numbers_of_text_);
  std::uint32_t terms = 0;
  for (Word& word : words) {
    // Whether a word is a new one is nothing that a processor foresees: no branch on it.
    std::uint32_t& place = places_[word.term];
    const bool is_stem = word.term != 0;
    numbers[terms] = word.term;
    place = std::min(place, terms);  // kNone is larger than any.
    terms += static_cast<std::uint32_t>(place == terms) & static_cast<std::uint32_t>(is_stem);
    word.term = place;
  }
  std::vector<Term> out(terms);
  for (std::uint32_t t = 0; t < terms; ++t) {
    out[t] = term(numbers[t]);
    places_[numbers[t]] = kNone;
  }
  return out;
}

Lexicon& Lexicons::of(std::string_view language) {
  const auto known = std::ranges::find(all_, language, &Entry::language);
  if (known != all_.end()) return *known->lexicon;
  if (all_.size() == Summarizer::kMaxLanguages) all_.clear();
  all_.push_back({std::string(language), std::make_unique<Lexicon>(language)});
  return *all_.back().lexicon;
}

}  // namespace nutgraf::summarizer
