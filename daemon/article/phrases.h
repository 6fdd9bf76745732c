#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nutgraf {

/// A list of phrases that mark furniture ("Leave a comment", "Photo: …"), matched word by word and
/// without regard to case. Built once from a table, then read-only and thread-safe.
///
/// A phrase is a row of elements separated by blanks:
///   word          itself; "a|b" one of several; "" is not allowed
///   a|b?          may be absent
///   a|b*          any number of times
///   #             a number ("12", "1.5k")
///   :             a mark that introduces something: one of : > » | – — - /
///   ..            any words or none
///   ~40           up to 40 further bytes of anything, to the end of the line (last element only)
/// Other punctuation and blanks in the line mean nothing. A phrase matches a whole line (an
/// ending ':' or '.' aside); with contains(), any place in it.
///
/// Cost: only phrases that begin with a word of the line are tried; each is linear in the line.
class PhraseSet {
 public:
  explicit PhraseSet(std::span<const std::string_view> phrases);
  PhraseSet(const PhraseSet&) = delete;
  PhraseSet& operator=(const PhraseSet&) = delete;

  /// The line is one of the phrases.
  bool matches(std::string_view line) const;
  /// Some phrase stands in the text.
  bool contains(std::string_view text) const { return count(text, 1) > 0; }
  /// How many different phrases stand in the text, up to `most`.
  std::size_t count(std::string_view text, std::size_t most) const;

 private:
  enum class Kind : std::uint8_t { kWords, kNumber, kMark, kAny, kRest };
  struct Element {
    Kind kind = Kind::kWords;
    bool optional = false;
    bool repeated = false;
    std::size_t rest = 0;
    std::vector<std::string> words;
  };
  using Phrase = std::vector<Element>;
  struct Token {
    std::string_view text;
    std::size_t begin;
    bool mark;
    bool number;
  };

  static Element parse_element(std::string_view text);
  static std::vector<Token> tokenize(std::string_view lower_line);
  static bool accepts(const Element& element, const Token& token);
  static std::uint64_t closure(const Phrase& phrase, std::uint64_t states);
  bool match_at(const Phrase& phrase, std::span<const Token> tokens, std::size_t line_size,
                bool whole) const;
  const std::vector<std::uint32_t>* starting_with(const Token& token) const;

  std::vector<Phrase> phrases_;
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_first_;  // Keys in phrases_.
  std::vector<std::uint32_t> by_number_;
};

}  // namespace nutgraf
