#include "summarizer/language.h"

#include <cld2/public/compact_lang_det.h>

#include "summarizer/summarizer.h"
#include "summarizer/unicode.h"

namespace nutgraf::summarizer {
namespace {

/// What CLD2 is given: well-formed (it must be), bounded, without NUL.
std::string excerpt(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && out.size() < kMaxDetect;) {
    const Decoded d = decode_at(text, i);
    append_utf8(out, d.c < U' ' || d.c == 0xFFFD ? U' ' : d.c);
    i += d.size;
  }
  return out;
}

}  // namespace

std::string primary_language(std::string_view tag) {
  std::string out;
  for (const char c : tag.substr(0, tag.find_first_of("-_"))) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter) return "und";
    out.push_back(static_cast<char>(c | 32));
  }
  return out.size() == 2 || out.size() == 3 ? out : "und";
}

std::string detect_language(std::string_view text) {
  const std::string sample = excerpt(text);
  if (sample.size() < kMinDetect) return "und";
  bool reliable = false;
  const CLD2::Language language =
      CLD2::DetectLanguage(sample.data(), static_cast<int>(sample.size()), true, &reliable);
  if (!reliable || language == CLD2::UNKNOWN_LANGUAGE) return "und";
  return primary_language(CLD2::LanguageCode(language));
}

}  // namespace nutgraf::summarizer
