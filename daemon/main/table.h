#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf::tool {

struct TableLook {
  std::size_t width = 0;         ///< Of the terminal; 0: no limit.
  std::vector<bool> right = {};  ///< Columns of numbers; missing ones are false.
  /// SGR sequence for a cell, by row (0: the heading) and column; empty: plain.
  std::function<std::string_view(std::size_t row, std::size_t column)> colour = {};
};

/// Rows in aligned columns, the first row the heading. Where they are wider than the terminal the
/// widest column is cut and marked with "…". Cells are made safe for a terminal.
std::string format_table(const std::vector<std::vector<std::string>>& rows, const TableLook& look);
std::string format_table(const std::vector<std::vector<std::string>>& rows, std::size_t width);

/// Columns of the terminal on stdout; 0 if it is none.
std::size_t terminal_width();

}  // namespace nutgraf::tool
