#pragma once

#include <optional>

#include "daemon/event/figures.h"
#include "daemon/event/reading.h"

namespace nutgraf {

/// "The 1200 block of East Elm Street": the house numbers of where it was.
std::optional<Figure> street_number(const Reading& read, const WrittenNumber& number);

/// What a number measures: money, a distance, speed, area, weight, duration or share, a prison
/// term, the magnitude of an earthquake, a vote; without its wording and place.
std::optional<Figure> measure(const Reading& read, std::size_t at, const WrittenNumber& number);

}  // namespace nutgraf
