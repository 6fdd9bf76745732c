#pragma once

#include <optional>

#include "daemon/event/figures.h"
#include "daemon/event/reading.h"

namespace nutgraf {

/// The age of a person whom the words beside it name in full: "Ann Marsh, 34,", "34-year-old Ann
/// Marsh".
std::optional<Figure> age(const Reading& read, std::size_t at, const WrittenNumber& number);

/// How many children a person has who is named beside it: "Ann Marsh, a mother of three".
std::optional<Figure> children_count(const Reading& read, std::size_t at,
                                     const WrittenNumber& number);

}  // namespace nutgraf
