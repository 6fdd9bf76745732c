#pragma once

#include <optional>

#include "daemon/event/figures.h"
#include "daemon/event/reading.h"

namespace nutgraf {

/// How many people a number says were killed, injured, arrested, …, without its wording and place.
std::optional<Figure> people_count(const Reading& read, std::size_t at,
                                   const WrittenNumber& number);

/// "31 on the steps and another 12 inside": the same was counted of others, no word of what.
bool adds_to_before(const Reading& read, std::size_t at, const WrittenNumber& number);

}  // namespace nutgraf
