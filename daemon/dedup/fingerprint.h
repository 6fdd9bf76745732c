#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// One word in a fingerprint: 16 bits of its hash and what sort of word it is. Three in a row
/// collide by chance once in 2^48.
struct Token {
  static constexpr std::uint8_t kCapital = 1;        ///< Capitalized.
  static constexpr std::uint8_t kNumber = 2;         ///< A figure.
  static constexpr std::uint8_t kSentenceStart = 4;  ///< First word of a sentence.
  static constexpr std::uint8_t kVolatile = 8;  ///< Of a clock line, byline, dateline or prompt.
  static constexpr std::uint8_t kContent = 16;  ///< No function word (set in titles only).

  std::uint16_t hash = 0;
  std::uint8_t flags = 0;

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  /// A name or a figure: what templates replace.
  bool hard() const { return has(kCapital | kNumber); }
  friend bool operator==(const Token&, const Token&) = default;
};

/// Words kept of a text; the rest of a very long one does not take part.
inline constexpr std::size_t kFingerprintWords = 800;
/// Words kept of a title.
inline constexpr std::size_t kTitleWords = 32;

/// What of a text is compared with others.
struct TextWords {
  std::vector<Token> title;    ///< At most kTitleWords.
  std::vector<Token> body;     ///< At most kFingerprintWords.
  bool marked_update = false;  ///< The title says so: "UPDATE 2 - …", "CORRECTED: …".

  friend bool operator==(const TextWords&, const TextWords&) = default;
};

/// A sentence of a body.
struct Sentence {
  std::uint32_t begin = 0;  ///< Token indexes.
  std::uint32_t end = 0;
  std::uint32_t skeleton = 0;  ///< Hash of its words without names and figures, with them if fewer
                               ///< than 3 are left; 0 for a sentence of fewer than 3.

  friend bool operator==(const Sentence&, const Sentence&) = default;
};

/// All that near-duplicate detection needs of a story: about 3 bytes a word when stored, 1.2 KB for
/// a usual one.
struct Fingerprint : TextWords {
  std::uint64_t text_hash = 0;  ///< dedup/identity.h; 0 for an empty text.
  // What it is found by: follows from the body, so it is not stored, but made wherever a
  // fingerprint is, lest the desk's thread have to.
  std::vector<std::uint32_t> shingles;  ///< shingle_sample() of the body.
  std::vector<Sentence> sentences;      ///< skeletons() of it.

  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

/// Pure, for worker threads. Linear in the text; about 60 µs for a usual story. Plain text;
/// paragraphs separated by a blank line.
Fingerprint fingerprint(std::string_view title, std::string_view text);

/// The words of a plain text as a fingerprint's body holds them, one for one with split_words().
std::vector<Token> body_tokens(std::string_view text);

/// The stored form, versioned; parse(serialize(f)) == f. nullopt for anything else, whatever the
/// bytes: such a row is skipped, and its story is merely not recognized again.
std::string serialize(const Fingerprint& fingerprint);
std::optional<Fingerprint> parse_fingerprint(std::string_view bytes);

/// The sample of a text's 4-word shingles by which candidates are found: shingle hashes (32 bits)
/// below 2^32/L, L the largest of 1, 2, 4, 8 that leaves at least 32 [Broder 1997, section 2; a
/// threshold instead of a count, so that samples of one text's parts are parts of its sample].
/// Sorted, unique.
std::vector<std::uint32_t> shingle_sample(std::span<const Token> body);

std::vector<Sentence> skeletons(std::span<const Token> body);

}  // namespace nutgraf
