#include "daemon/config/units.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kDurations{{{"w", 604'800'000},
                                                                               {"d", 86'400'000},
                                                                               {"h", 3'600'000},
                                                                               {"m", 60'000},
                                                                               {"s", 1'000},
                                                                               {"ms", 1}}};
constexpr std::array<std::pair<std::string_view, std::uint64_t>, 7> kSizes{{{"GiB", 1u << 30},
                                                                            {"MiB", 1u << 20},
                                                                            {"KiB", 1u << 10},
                                                                            {"GB", 1'000'000'000},
                                                                            {"MB", 1'000'000},
                                                                            {"kB", 1'000},
                                                                            {"B", 1}}};
constexpr std::int64_t kLongest = std::int64_t{100} * 366 * kDurations[1].second;
constexpr std::uint64_t kLargest = std::uint64_t{1} << 50;

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::uint64_t value = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) {
    value = value * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (value > kLargest) return std::nullopt;
  }
  return value;
}

template <typename Units>
auto take_unit(std::string_view& text, const Units& units)
    -> std::optional<typename Units::value_type::second_type> {
  const auto end =
      std::find_if(text.begin(), text.end(), [](char c) { return c == ' ' || is_digit(c); });
  const std::string_view name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(name.size());
  for (const auto& [unit, factor] : units) {
    if (unit == name) return factor;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  skip_blanks(text);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const auto number = take_number(text);
    skip_blanks(text);
    const auto unit = take_unit(text, kDurations);
    if (!number || !unit) return std::nullopt;
    if (*number > static_cast<std::uint64_t>(kLongest / *unit)) return std::nullopt;
    total += static_cast<std::int64_t>(*number) * *unit;
    if (total > kLongest) return std::nullopt;
    skip_blanks(text);
  }
  return std::chrono::milliseconds(total);
}

std::string format_duration(std::chrono::milliseconds duration) {
  std::int64_t left = duration.count();
  // Weeks are read and never written: "14d" says more than "2w".
  std::string out;
  for (const auto& [unit, factor] : kDurations) {
    if (unit == "w" || left < factor) continue;
    out += std::to_string(left / factor) + std::string(unit);
    left %= factor;
  }
  return out.empty() ? "0s" : out;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  skip_blanks(text);
  const auto number = take_number(text);
  skip_blanks(text);
  const auto unit = take_unit(text, kSizes);
  skip_blanks(text);
  if (!number || !unit || !text.empty() || *number > kLargest / *unit) return std::nullopt;
  return *number * *unit;
}

std::string format_size(std::uint64_t bytes) {
  for (const auto& [unit, factor] : kSizes) {
    if (bytes >= factor && bytes % factor == 0) {
      return std::to_string(bytes / factor) + std::string(unit);
    }
  }
  return "0B";
}

int edit_distance(std::string_view a, std::string_view b) {
  // Three rows of the table suffice: a swap looks two back.
  std::vector<int> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace nutgraf
