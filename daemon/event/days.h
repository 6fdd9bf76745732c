#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf {

/// 0 for "monday"; no short forms.
std::optional<std::size_t> weekday_of(std::string_view word);

/// 1 for "january" and "jan".
std::optional<unsigned> english_month(std::string_view word);

/// What the first six sentences of a report say of when it was.
struct Opening {
  std::vector<std::size_t> weekdays;
  std::optional<std::chrono::sys_days> date;  ///< The latest one given with its year.
  bool verdict = false;  ///< It tells of a jury or of what a court found: months after the deed.
};

/// English only. Linear in the six sentences.
Opening opening_of(const summarizer::Analysis& analysis);

/// Whether two reports tell of other days: their dates are more than two days apart, or both name
/// weekdays and none of one is that of the other, the day before or the day after. What was at
/// night, or elsewhere on earth, was on two days.
bool days_apart(const Opening& a, const Opening& b);

}  // namespace nutgraf
