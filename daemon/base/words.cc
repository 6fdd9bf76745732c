#include "daemon/base/words.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

enum class Class : std::uint8_t { kOther, kLetter, kDigit, kAlone, kApostrophe, kStop, kCloser };

struct Rune {
  char32_t code = 0;
  std::uint32_t size = 1;  ///< Bytes.
};

Rune rune_at(std::string_view text, std::uint32_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) return {byte, 1};
  std::uint32_t next = at;
  UChar32 code = 0;
  U8_NEXT(text.data(), next, static_cast<std::uint32_t>(text.size()), code);
  return {code < 0 ? U' ' : static_cast<char32_t>(code), next - at};
}

bool stands_alone(char32_t code) {
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(code), &status);
  return script == USCRIPT_HAN || script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA ||
         script == USCRIPT_THAI || script == USCRIPT_LAO || script == USCRIPT_KHMER;
}

Class class_of_ascii(char32_t code) {
  if ((code | 0x20) >= 'a' && (code | 0x20) <= 'z') return Class::kLetter;
  if (code >= '0' && code <= '9') return Class::kDigit;
  switch (code) {
    case '\'':
    case '`':
      return Class::kApostrophe;
    case '.':
    case '!':
    case '?':
      return Class::kStop;
    case '"':
    case ')':
    case ']':
      return Class::kCloser;
    default:
      return Class::kOther;
  }
}

Class class_of(char32_t code) {
  if (code < 0x80) return class_of_ascii(code);
  switch (code) {
    case U'’':
    case U'‘':
    case U'ʼ':
    case U'´':
      return Class::kApostrophe;
    case U'…':
    case U'。':
    case U'！':
    case U'？':
      return Class::kStop;
    case U'”':
    case U'»':
    case U'」':
      return Class::kCloser;
    default:
      break;
  }
  const auto point = static_cast<UChar32>(code);
  const std::uint32_t mask = U_GET_GC_MASK(point);
  if ((mask & U_GC_ND_MASK) != 0) return Class::kDigit;
  if ((mask & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) == 0) return Class::kOther;
  return stands_alone(code) ? Class::kAlone : Class::kLetter;
}

/// ICU's own, never deleted; null if its data is missing. Asked for once: faster than once a
/// character, and the first call is then ordered before all uses in a way that ThreadSanitizer
/// sees.
const icu::Normalizer2* compatibility_decomposition() {
  static const icu::Normalizer2* const nfkd = [] {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* found = icu::Normalizer2::getNFKDInstance(status);
    return U_SUCCESS(status) ? found : nullptr;
  }();
  return nfkd;
}

/// Case and accents off one non-ASCII character.
void append_folded(char32_t code, std::string& out) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = compatibility_decomposition();
  icu::UnicodeString decomposed(static_cast<UChar32>(code));
  if (nfkd != nullptr) decomposed = nfkd->normalize(decomposed, status);
  decomposed.foldCase();
  icu::UnicodeString bare;
  for (std::int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    const UChar32 point = decomposed.char32At(i);
    if ((U_GET_GC_MASK(point) & U_GC_MN_MASK) == 0) bare.append(point);
  }
  bare.toUTF8String(out);
}

bool is_upper(char32_t code) {
  if (code < 0x80) return code >= 'A' && code <= 'Z';
  return u_isupper(static_cast<UChar32>(code)) || u_istitle(static_cast<UChar32>(code));
}

class Splitter {
 public:
  Splitter(std::string_view text, std::size_t limit)
      : text_(text.substr(0, std::numeric_limits<std::uint32_t>::max())), limit_(limit) {
    out_.folded.reserve(std::min<std::size_t>(text_.size(), 8192));
  }

  Words run() {
    while (at_ < text_.size() && out_.words.size() < limit_) {
      const Rune rune = rune_at(text_, at_);
      const Class kind = class_of(rune.code);
      if (kind == Class::kLetter || kind == Class::kDigit || kind == Class::kAlone) {
        word(rune, kind);
      } else {
        gap(rune, kind);
      }
    }
    return std::move(out_);
  }

 private:
  void gap(Rune rune, Class kind) {
    if (rune.code == '\n') {
      newlines_++;
    } else if (kind == Class::kStop) {
      stopped_ = true;
      // A full stop inside "example.com" or "U.S." ends nothing: a blank has to follow.
      spaced_ = rune.code > 0x7F;
    } else if (kind == Class::kOther) {
      spaced_ |= stopped_ && (rune.code <= ' ' || rune.code == 0xA0);
    }
    at_ += rune.size;
  }

  void word(Rune rune, Class kind) {
    Word word;
    word.begin = at_;
    word.folded_begin = static_cast<std::uint32_t>(out_.folded.size());
    word.capital = kind == Class::kLetter && is_upper(rune.code);
    word.number = kind == Class::kDigit;
    word.before = newlines_ > 1 ? Break::kParagraph : newlines_ > 0 ? Break::kLine : Break::kNone;
    word.sentence_start = out_.words.empty() || newlines_ > 1 ||
                          (newlines_ > 0 && (stopped_ || word.capital)) || (stopped_ && spaced_);
    take(rune);
    if (kind != Class::kAlone) rest(word.number);
    strip_possessive(word);
    word.end = at_;
    word.folded_end = static_cast<std::uint32_t>(out_.folded.size());
    // A lone combining mark folds to nothing and is no word.
    if (word.folded_end > word.folded_begin) out_.words.push_back(word);
    newlines_ = 0;
    stopped_ = spaced_ = false;
  }

  void rest(bool number) {
    while (at_ < text_.size()) {
      const Rune rune = rune_at(text_, at_);
      const Class kind = class_of(rune.code);
      if (kind == Class::kLetter || kind == Class::kDigit) {
        take(rune);
      } else if (kind == Class::kApostrophe && follows(rune, Class::kLetter)) {
        apostrophe_ = out_.folded.size();
        at_ += rune.size;
      } else if (number && (rune.code == '.' || rune.code == ',') && follows(rune, Class::kDigit)) {
        if (rune.code == '.') out_.folded += '.';
        at_ += rune.size;
      } else {
        return;
      }
    }
  }

  bool follows(Rune rune, Class wanted) const {
    const std::uint32_t next = at_ + rune.size;
    return next < text_.size() && class_of(rune_at(text_, next).code) == wanted;
  }

  void take(Rune rune) {
    if (rune.code < 0x80) {
      const auto byte = static_cast<char>(rune.code);
      out_.folded += to_lower(byte);
    } else {
      append_folded(rune.code, out_.folded);
    }
    at_ += rune.size;
  }

  void strip_possessive(const Word& word) {
    if (apostrophe_ > word.folded_begin && apostrophe_ + 1 == out_.folded.size() &&
        out_.folded.back() == 's') {
      out_.folded.pop_back();
    }
    apostrophe_ = 0;
  }

  const std::string_view text_;
  const std::size_t limit_;
  Words out_;
  std::uint32_t at_ = 0;
  std::size_t apostrophe_ = 0;  ///< Where in `folded` the word's last apostrophe stood; 0: none.
  int newlines_ = 0;
  bool stopped_ = false;
  bool spaced_ = false;
};

}  // namespace

Words split_words(std::string_view utf8, std::size_t limit) { return Splitter(utf8, limit).run(); }

}  // namespace nutgraf
