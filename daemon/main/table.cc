#include "daemon/main/table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>

#include "daemon/base/utf8.h"

namespace nutgraf::tool {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

/// `text` in exactly `width` columns.
std::string fit(const std::string& text, std::size_t width) {
  const std::size_t wide = char_count(text);
  std::string out;
  std::size_t kept = 0;
  for (const char c : text) {
    if (!is_continuation(c) && ++kept >= width && wide > width) break;
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  if (wide > width) return out + "…";
  return out + std::string(width - wide, ' ');
}

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

}  // namespace

std::string format_table(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  if (rows.empty() || rows.front().empty()) return {};
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], char_count(row[i]));
  }
  if (width > 0) shrink(widths, width);
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += fit(row[i], widths[i]) + std::string(kGap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::size_t terminal_width() {
  winsize size{};
  const bool terminal = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return terminal ? size.ws_col : 0;
}

}  // namespace nutgraf::tool
