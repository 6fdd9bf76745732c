#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// What stands between a word and the one before it.
enum class Break : std::uint8_t { kNone, kLine, kParagraph };

/// One word of a text.
struct Word {
  std::uint32_t begin = 0;  ///< Byte offsets in the source.
  std::uint32_t end = 0;
  std::uint32_t folded_begin = 0;  ///< Byte offsets in Words::folded.
  std::uint32_t folded_end = 0;
  Break before = Break::kNone;
  bool capital = false;         ///< Begins with an upper-case letter.
  bool number = false;          ///< Begins with a digit.
  bool sentence_start = false;  ///< First of its sentence, by terminators and paragraphs only.
};

/// The words of a text, folded, so that two editions of it compare equal word by word.
struct Words {
  std::string folded;  ///< All folded words, end to end.
  std::vector<Word> words;

  std::string_view operator[](std::size_t i) const {
    const Word& word = words[i];
    return std::string_view(folded).substr(word.folded_begin, word.folded_end - word.folded_begin);
  }
  std::size_t size() const { return words.size(); }
};

/// Splits `utf8` into at most `limit` words. A word is a run of letters, marks and digits; an
/// apostrophe inside it is dropped and a possessive 's with it; a figure keeps its decimal point
/// and loses its thousands separators ("1,200.5" is "1200.5"). Han, kana and Thai characters are
/// words of their own, as no blanks divide them. Folded: lower case, compatibility forms
/// decomposed, accents off [Unicode TR 15, TR 21].
///
/// Pure. Linear; ill-formed bytes separate words. About 8 ns a byte of ASCII. Texts beyond 4 GiB
/// are cut.
Words split_words(std::string_view utf8,
                  std::size_t limit = std::numeric_limits<std::size_t>::max());

}  // namespace nutgraf
