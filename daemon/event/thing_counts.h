#pragma once

#include <optional>

#include "daemon/event/figures.h"
#include "daemon/event/reading.h"

namespace nutgraf {

/// How many there are of what the next plural noun names: "22 houses", "eight Trump entities".
std::optional<Figure> thing_count(const Reading& read, std::size_t at, const WrittenNumber& number);

/// How often something was done: "arrested three times".
std::optional<Figure> times_count(const Reading& read, std::size_t at, const WrittenNumber& number);

}  // namespace nutgraf
