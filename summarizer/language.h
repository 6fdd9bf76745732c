#pragma once

#include <string>
#include <string_view>

namespace nutgraf::summarizer {

/// Primary subtag of a BCP-47 tag, lower case: "pt" for "pt-BR"; "und" for what is none.
std::string primary_language(std::string_view tag);

/// Letters below which detection is a guess, and beyond which it is waste.
inline constexpr std::size_t kMinDetect = 24;
inline constexpr std::size_t kMaxDetect = 1024;

}  // namespace nutgraf::summarizer
