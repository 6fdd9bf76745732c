#include "daemon/feed/latin.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace nutgraf {

struct LatinLetters::Rules {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> ascii{
      icu::Transliterator::createInstance("NFC; Latin-ASCII", UTRANS_FORWARD, status)};
};

LatinLetters::LatinLetters() = default;
LatinLetters::~LatinLetters() = default;

std::string LatinLetters::to_ascii(std::string_view utf8) {
  if (std::all_of(utf8.begin(), utf8.end(), [](unsigned char c) { return c < 0x80; })) {
    return std::string(utf8);
  }
  if (!rules_) rules_ = std::make_unique<Rules>();
  if (!rules_->ascii) return std::string(utf8);
  auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
  rules_->ascii->transliterate(text);
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace nutgraf
