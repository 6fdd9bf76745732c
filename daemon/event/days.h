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
  bool trial = false;  ///< It tells of a trial that has begun or of what it found: months later.
};

/// English only. Linear in the six sentences.
Opening opening_of(const summarizer::Analysis& analysis);

/// Days from the first to the last.
struct Period {
  std::chrono::sys_days first;
  std::chrono::sys_days last;
};

/// When a page was put at its address, if that tells: "/2013/09/14/", "/2013-09-14-", "/20130914/",
/// "/2013/sep/14/", or the month for "/2013/09/". What a feed calls new may be an old page.
std::optional<Period> period_of(std::string_view url);

/// Whether more than two days lie between them: newsrooms date by their own clocks.
bool periods_apart(const Period& a, const Period& b);

/// Whether two reports tell of other days: their dates are more than two days apart, or both name
/// weekdays and none of one is that of the other, the day before or the day after. What was at
/// night, or elsewhere on earth, was on two days.
bool days_apart(const Opening& a, const Opening& b);

}  // namespace nutgraf
