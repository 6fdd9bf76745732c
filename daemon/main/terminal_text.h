#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf::tool {

/// Text from the network made safe for a terminal: one line, valid UTF-8, no control characters and
/// none that reorder what is shown; runs of blanks become one.
std::string printable(std::string_view text);

/// Columns that `text` takes on a terminal: two for East Asian wide characters and emoji, none for
/// combining marks.
std::size_t columns(std::string_view text);

/// `text` cut to `width` columns, with … where something is missing.
std::string clipped(std::string_view text, std::size_t width);

/// `text` followed by blanks up to `width` columns, or clipped to it.
std::string padded(std::string_view text, std::size_t width);

/// Lines of at most `width` columns, broken at blanks, inside a word only if it is longer than a
/// line. Width 0: one line. Linear.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace nutgraf::tool
