#include "daemon/dedup/fingerprint.h"

#include <algorithm>
#include <bit>
#include <bitset>

#include "daemon/base/entities.h"
#include "daemon/base/hash.h"
#include "daemon/base/packing.h"
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

void put(std::string& out, const std::vector<Token>& tokens) {
  put_number(out, tokens.size(), 2);
  for (const Token& token : tokens) put_number(out, token.hash, 2);
  for (const Token& token : tokens) put_number(out, token.flags, 1);
}

std::vector<Token> read_tokens(PackedReader& reader, std::size_t most) {
  const std::size_t count = reader.number(2);
  if (count > most) reader.spoil();
  const std::string_view bytes = reader.bytes(3 * count);
  if (!reader.sound()) return {};
  const auto* hashes = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* flags = hashes + 2 * count;
  std::vector<Token> tokens(count);
  for (std::size_t i = 0; i < count; ++i) {
    tokens[i].hash = static_cast<std::uint16_t>(hashes[2 * i] | hashes[2 * i + 1] << 8);
    tokens[i].flags = flags[i];
  }
  return tokens;
}

/// Whether so many of the values surely differ: by a few of their bits, so that long texts may have
/// some more that do.
bool surely_differ(std::span<const std::uint32_t> values, std::size_t enough) {
  std::bitset<1 << 14> seen;
  std::size_t differ = 0;
  for (const std::uint32_t value : values) {
    differ += seen[value >> 18] ? 0 : 1;
    seen[value >> 18] = true;
    if (differ >= enough) return true;
  }
  return false;
}

void sort_once_each(std::vector<std::uint32_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

constexpr std::size_t kLeastSampled = 32;

/// The largest of 1, 2, 4, 8 of whose share of `distinct` values enough is left.
std::uint64_t sampled_share(std::size_t distinct) {
  std::uint64_t share = 8;
  while (share > 1 && distinct / share < kLeastSampled) share /= 2;
  return share;
}

/// A step of a hash that mix() ends: one multiplication, because it is done word by word.
std::uint64_t with_word(std::uint64_t hash, const Token& token) {
  return (std::rotl(hash, 25) ^ (token.hash + 1u)) * 0x9E3779B97F4A7C15ull;
}

std::uint32_t skeleton_of(std::span<const Token> sentence) {
  constexpr std::size_t kFewest = 3;
  std::uint64_t hash = 0;
  std::size_t plain = 0;
  for (const Token& token : sentence) {
    // Chosen and not branched on: which words are names no processor foresees.
    hash = token.hard() ? hash : with_word(hash, token);
    plain += token.hard() ? 0 : 1;
  }
  if (plain < kFewest) {
    // "Share this with: Email, Facebook, …" is nearly all names: then it is furniture verbatim.
    if (sentence.size() < kFewest) return 0;
    hash = sentence.size();
    for (const Token& token : sentence) hash = with_word(hash, token);
  }
  const auto folded = static_cast<std::uint32_t>(mix(hash) >> 32);
  return folded == 0 ? 1 : folded;
}

void make_findable(Fingerprint& print) {
  print.shingles = shingle_sample(print.body);
  print.sentences = skeletons(print.body);
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
  make_findable(print);
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
  put_number(out, print.marked_update ? 1 : 0, 1);
  put_number(out, print.text_hash, 8);
  put(out, print.title);
  put(out, print.body);
  return out;
}

std::optional<Fingerprint> parse_fingerprint(std::string_view bytes) {
  PackedReader reader(bytes);
  if (reader.number(1) != kVersion) return std::nullopt;
  Fingerprint print;
  print.marked_update = reader.number(1) == 1;
  print.text_hash = reader.number(8);
  print.title = read_tokens(reader, kTitleWords);
  print.body = read_tokens(reader, kFingerprintWords);
  if (!reader.complete()) return std::nullopt;
  make_findable(print);
  return print;
}

std::vector<std::uint32_t> shingle_sample(std::span<const Token> body) {
  constexpr std::size_t kWords = 4;
  if (body.size() < kWords) return {};
  std::vector<std::uint32_t> values(body.size() - kWords + 1);
  std::uint64_t window = 0;
  for (std::size_t i = 0; i < kWords - 1; ++i) window = window << 16 | body[i].hash;
  for (std::size_t i = 0; i < values.size(); ++i) {
    window = window << 16 | body[i + kWords - 1].hash;
    values[i] = static_cast<std::uint32_t>(mix(window) >> 32);
  }
  // All are sorted only where repetition may decide on the share; else the few of the sample.
  const std::uint64_t share = sampled_share(values.size());
  if (share > 1 && !surely_differ(values, share * kLeastSampled)) sort_once_each(values);
  const std::uint64_t limit = (std::uint64_t{1} << 32) / sampled_share(values.size());
  // Written whether it stays or not: which do, no processor foresees.
  std::size_t kept = 0;
  for (const std::uint32_t value : values) {
    values[kept] = value;
    kept += value < limit ? 1 : 0;
  }
  values.resize(kept);
  sort_once_each(values);
  return values;
}

std::vector<Sentence> skeletons(std::span<const Token> body) {
  std::vector<Sentence> sentences;
  sentences.reserve(body.size() / 12 + 4);
  for (std::uint32_t begin = 0; begin < body.size();) {
    std::uint32_t end = begin + 1;
    while (end < body.size() && !body[end].has(Token::kSentenceStart)) ++end;
    sentences.push_back({begin, end, skeleton_of(body.subspan(begin, end - begin))});
    begin = end;
  }
  return sentences;
}

}  // namespace nutgraf
