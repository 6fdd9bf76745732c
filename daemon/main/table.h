#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nutgraf::tool {

/// Rows in aligned columns, the first row the heading. Where they are wider than `width` (0: no
/// limit) the widest column is cut and marked with "…". Control characters become blanks; a
/// character counts as one column.
std::string format_table(const std::vector<std::vector<std::string>>& rows, std::size_t width);

/// Columns of the terminal on stdout; 0 if it is none.
std::size_t terminal_width();

}  // namespace nutgraf::tool
