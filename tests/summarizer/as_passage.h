#pragma once

#include <string>
#include <string_view>

#include "summarizer/passage.h"

namespace nutgraf::summarizer::test {

/// A text as the rules read it.
class Reading {
 public:
  explicit Reading(std::string_view utf8)
      : text_(decode(utf8)), bytes_(bytes_of(text_)), characters_(bytes_) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  Passage passage() const { return {text_, bytes_, characters_, 0}; }

 private:
  static std::string bytes_of(const std::u32string& text) {
    std::string out;
    for (const char32_t c : text) out += c < 0x80 ? static_cast<char>(c) : kBeyondAscii;
    return out;
  }

  const std::u32string text_;
  const std::string bytes_;
  const Characters characters_;
};

}  // namespace nutgraf::summarizer::test
