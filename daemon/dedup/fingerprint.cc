#include "daemon/dedup/fingerprint.h"

#include <algorithm>
#include <bit>

#include "daemon/base/entities.h"
#include "daemon/base/hash.h"
#include "daemon/base/words.h"
#include "daemon/dedup/identity.h"
#include "daemon/dedup/volatile_text.h"

namespace nutgraf {
namespace {

std::uint16_t token_hash(std::string_view folded) {
  return static_cast<std::uint16_t>(hash64(folded) >> 48);
}

std::uint8_t flags_of(const Word& word) {
  std::uint8_t flags = 0;
  if (word.capital) flags |= Token::kCapital;
  if (word.number) flags |= Token::kNumber;
  if (word.sentence_start) flags |= Token::kSentenceStart;
  return flags;
}

std::vector<Token> tokens_of(const Words& words) {
  std::vector<Token> tokens(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    tokens[i] = {token_hash(words[i]), flags_of(words.words[i])};
  }
  return tokens;
}

/// Four letters or a figure: without a list of function words it serves every language alike.
bool is_content(const Word& word, std::string_view folded) {
  return word.number || folded.size() >= 4;
}

std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0xD6E8FEB86659FD93ull;
  value ^= value >> 32;
  value *= 0xD6E8FEB86659FD93ull;
  return value ^ (value >> 32);
}

constexpr char kVersion = 1;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void put(std::string& out, const std::vector<Token>& tokens) {
  put(out, tokens.size(), 2);
  for (const Token& token : tokens) put(out, token.hash, 2);
  for (const Token& token : tokens) put(out, token.flags, 1);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint64_t number(int width) {
    if (at_ + static_cast<std::size_t>(width) > bytes_.size()) {
      sound_ = false;
      return 0;
    }
    std::uint64_t value = 0;
    for (int i = 0; i < width; ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[at_++])} << (8 * i);
    }
    return value;
  }

  std::vector<Token> tokens(std::size_t most) {
    const std::size_t count = number(2);
    if (count > most || at_ + 3 * count > bytes_.size()) {
      sound_ = false;
      return {};
    }
    std::vector<Token> tokens(count);
    for (Token& token : tokens) token.hash = static_cast<std::uint16_t>(number(2));
    for (Token& token : tokens) token.flags = static_cast<std::uint8_t>(number(1));
    return tokens;
  }

  bool complete() const { return sound_ && at_ == bytes_.size(); }

 private:
  const std::string_view bytes_;
  std::size_t at_ = 0;
  bool sound_ = true;
};

/// Values in the order they came, each once.
class DistinctValues {
 public:
  explicit DistinctValues(std::size_t most) : slots_(std::bit_ceil(2 * most + 1)) {
    values_.reserve(most);
  }

  void add(std::uint32_t value) {
    std::size_t at = value & (slots_.size() - 1);
    for (; slots_[at] != 0; at = (at + 1) & (slots_.size() - 1)) {
      if (values_[slots_[at] - 1] == value) return;
    }
    values_.push_back(value);
    slots_[at] = static_cast<std::uint32_t>(values_.size());
  }

  const std::vector<std::uint32_t>& values() const { return values_; }

 private:
  std::vector<std::uint32_t> values_;
  std::vector<std::uint32_t> slots_;  ///< Positions in values_, from 1; 0: free.
};

std::uint32_t skeleton_of(std::span<const Token> sentence) {
  constexpr std::size_t kFewest = 3;
  std::uint64_t hash = 0;
  std::size_t plain = 0;
  for (const Token& token : sentence) {
    if (token.hard()) continue;
    hash = mix(hash ^ (token.hash + 1u));
    ++plain;
  }
  if (plain < kFewest) {
    // "Share this with: Email, Facebook, …" is nearly all names: then it is furniture verbatim.
    if (sentence.size() < kFewest) return 0;
    hash = sentence.size();
    for (const Token& token : sentence) hash = mix(hash ^ (token.hash + 1u));
  }
  const auto folded = static_cast<std::uint32_t>(hash >> 32);
  return folded == 0 ? 1 : folded;
}

}  // namespace

Fingerprint fingerprint(std::string_view title, std::string_view text) {
  const std::string plain_title = decode_entities(title);
  const std::string plain_body = decode_entities(text);
  Fingerprint print;
  print.text_hash = text_hash(plain_title, plain_body);
  const Words heading = split_words(plain_title, kTitleWords);
  print.title = tokens_of(heading);
  for (std::size_t i = 0; i < heading.size(); ++i) {
    if (is_content(heading.words[i], heading[i])) print.title[i].flags |= Token::kContent;
  }
  print.marked_update = marks_update(heading);
  print.body = body_tokens(plain_body);
  return print;
}

std::vector<Token> body_tokens(std::string_view text) {
  const Words words = split_words(text, kFingerprintWords);
  std::vector<Token> tokens = tokens_of(words);
  for (const WordRange range : volatile_ranges(text, words)) {
    for (std::size_t i = range.begin; i < range.end; ++i) tokens[i].flags |= Token::kVolatile;
    // What follows a prompt is no part of its sentence, nor the prompt of the one before it.
    tokens[range.begin].flags |= Token::kSentenceStart;
    if (range.end < tokens.size()) tokens[range.end].flags |= Token::kSentenceStart;
  }
  return tokens;
}

std::string serialize(const Fingerprint& print) {
  std::string out;
  out.reserve(16 + 3 * (print.title.size() + print.body.size()));
  out += kVersion;
  put(out, print.marked_update ? 1 : 0, 1);
  put(out, print.text_hash, 8);
  put(out, print.title);
  put(out, print.body);
  return out;
}

std::optional<Fingerprint> parse_fingerprint(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.number(1) != kVersion) return std::nullopt;
  Fingerprint print;
  print.marked_update = reader.number(1) == 1;
  print.text_hash = reader.number(8);
  print.title = reader.tokens(kTitleWords);
  print.body = reader.tokens(kFingerprintWords);
  if (!reader.complete()) return std::nullopt;
  return print;
}

std::vector<std::uint32_t> shingle_sample(std::span<const Token> body) {
  DistinctValues distinct(body.size());
  std::uint64_t window = 0;
  for (std::size_t i = 0; i < body.size(); ++i) {
    window = window << 16 | body[i].hash;
    if (i >= 3) distinct.add(static_cast<std::uint32_t>(mix(window) >> 32));
  }
  std::uint64_t share = 8;
  while (share > 1 && distinct.values().size() / share < 32) share /= 2;
  const std::uint64_t limit = (std::uint64_t{1} << 32) / share;
  std::vector<std::uint32_t> sample;
  for (const std::uint32_t value : distinct.values()) {
    if (value < limit) sample.push_back(value);
  }
  std::sort(sample.begin(), sample.end());
  return sample;
}

std::vector<Sentence> skeletons(std::span<const Token> body) {
  std::vector<Sentence> sentences;
  for (std::uint32_t begin = 0; begin < body.size();) {
    std::uint32_t end = begin + 1;
    while (end < body.size() && !body[end].has(Token::kSentenceStart)) ++end;
    sentences.push_back({begin, end, skeleton_of(body.subspan(begin, end - begin))});
    begin = end;
  }
  return sentences;
}

}  // namespace nutgraf
