#pragma once

#include <optional>
#include <string_view>

#include "daemon/base/date.h"

namespace nutgraf {

/// A date as people write it: words, numbers and marks in any order, months in the languages of
/// date_names.h. Linear. What no format of date.h fits comes here.
std::optional<Time> parse_loose_date(std::string_view text);

}  // namespace nutgraf
