#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "summarizer/lexicon.h"
#include "summarizer/passage.h"
#include "summarizer/summarizer.h"
#include "summarizer/unicode.h"
#include "summarizer/word_hash.h"

namespace nutgraf::summarizer {

/// Turns sentences into words: one for a document.
///
/// A word is a run of letters and digits, lower case, with U+2019 as an apostrophe, and with one
/// inner apostrophe and what follows it ("don't"; not in French and Italian, where the apostrophe
/// separates "l'homme"). Stop words go, a final 's goes, then stop words and single letters again,
/// and the rest is stemmed. Scripts without spaces give pairs of letters. Word::term is the number
/// that the lexicon has for the stem.
class Tokenizer {
 public:
  /// `lexicon`, of the same language, must outlive it.
  Tokenizer(std::string_view language, Lexicon& lexicon);

  /// Appends the words of `sentence` to `out`; offsets are bytes of its UTF-8 form. Says whether
  /// one of them is telling.
  bool append(Text sentence, std::vector<Word>& out);
  /// The same of a sentence that is ASCII; several times faster.
  bool append_ascii(const Passage& p, std::vector<Word>& out);

 private:
  Word read_word(Text sentence, std::size_t& i, std::size_t& byte);
  std::size_t append_pairs(Text sentence, std::size_t i, std::size_t byte, std::vector<Word>& out);

  Lexicon& lexicon_;
  const bool elides_;
  std::vector<std::uint32_t> edges_;
  std::string spelling_;  // Of the last word; then what a lexicon may read beyond.
  std::string lower_;     // The last sentence that was ASCII; likewise.
};

}  // namespace nutgraf::summarizer
