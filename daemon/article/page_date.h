#pragma once

#include <optional>
#include <string_view>

#include "daemon/base/date.h"

namespace nutgraf {

/// How a page writes "03/04/2021".
enum class DayOrder { kDayFirst, kMonthFirst };

/// The first date in a line of running text ("Updated on 5. März 2021, 12:03"), as midnight UTC.
/// Only dates with day, month and a year of 1990–2039 count. Linear.
std::optional<Time> find_date(std::string_view text, DayOrder order);

/// A date as an attribute or meta has it: with its time of day if that can be read, else the day.
std::optional<Time> read_date(std::string_view value, DayOrder order);

/// The day in a page's path: "/2019/11/18/…", "/2017/7/12/…", "…-2019-11-18.html", "…/20191118/…".
std::optional<Time> date_in_path(std::string_view path);

/// The same with the year last: "/18-11-2019", "/18112019-bridge". Such numbers may be the day that
/// the story is about: for pages that say nothing else.
std::optional<Time> date_in_path_year_last(std::string_view path, DayOrder order);

}  // namespace nutgraf
