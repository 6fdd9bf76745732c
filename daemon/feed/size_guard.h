#pragma once

#include <cstddef>
#include <string_view>

namespace nutgraf {

/// What the parser's tree of one document, or one run of its items, may take, beside the text. A
/// feed of 2,000 items with a dozen fields each takes 5 MB; eight megabytes of nothing but tags
/// would take 200.
inline constexpr std::size_t kMaxTree = std::size_t{12} << 20;

/// The beginning of `text`, a feed of XML in UTF-8, whose tree fits into kMaxTree; nearly always
/// all of it. Counted from above by what makes nodes (and, in XML to be repaired, references),
/// without parsing. Pure; linear, and nothing for documents too small to exceed it.
std::string_view affordable(std::string_view text);

}  // namespace nutgraf
