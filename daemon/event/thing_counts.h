#pragma once

#include <optional>

#include "daemon/event/figures.h"
#include "daemon/event/reading.h"

namespace nutgraf {

/// How many there are of what the next plural noun names: "22 houses", "eight Trump entities".
std::optional<Figure> thing_count(const Reading& read, std::size_t at, const WrittenNumber& number);

/// The age of a person whom the words beside it name in full: "Ann Marsh, 34,", "34-year-old Ann
/// Marsh".
std::optional<Figure> age(const Reading& read, std::size_t at, const WrittenNumber& number);

}  // namespace nutgraf
