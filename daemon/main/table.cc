#include "daemon/main/table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>

#include "daemon/main/terminal_text.h"

namespace nutgraf::tool {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;
constexpr std::string_view kPlain = "\033[0m";

/// Takes from the widest column until the sum fits, or nothing can be taken any more.
void shrink(std::vector<std::size_t>& widths, std::size_t limit) {
  const std::size_t gaps = kGap * (widths.size() - 1);
  std::size_t sum = std::accumulate(widths.begin(), widths.end(), gaps);
  while (sum > limit) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) return;
    --*widest;
    --sum;
  }
}

std::string cell(const std::string& text, std::size_t width, bool right, std::string_view colour) {
  const std::string shown = clipped(text, width);
  const std::string blanks(width - std::min(width, columns(shown)), ' ');
  const std::string painted =
      colour.empty() || shown.empty() ? shown : std::string(colour) + shown + std::string(kPlain);
  return right ? blanks + painted : painted + blanks;
}

}  // namespace

std::string format_table(const std::vector<std::vector<std::string>>& rows, const TableLook& look) {
  if (rows.empty() || rows.front().empty()) return {};
  std::vector<std::vector<std::string>> cells(rows.size());
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      cells[r].push_back(printable(rows[r][i]));
      widths[i] = std::max(widths[i], columns(cells[r][i]));
    }
  }
  if (look.width > 0) shrink(widths, look.width);
  std::string out;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < cells[r].size(); ++i) {
      const bool right = i < look.right.size() && look.right[i];
      const std::string_view colour = look.colour ? look.colour(r, i) : std::string_view();
      line += cell(cells[r][i], widths[i], right, colour) + std::string(kGap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string format_table(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  return format_table(rows, TableLook{.width = width});
}

std::size_t terminal_width() {
  winsize size{};
  const bool terminal = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return terminal ? size.ws_col : 0;
}

}  // namespace nutgraf::tool
