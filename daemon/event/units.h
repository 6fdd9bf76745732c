#pragma once

#include <string_view>

namespace nutgraf {

/// English names of units, singular and plural, folded. Pure; linear in short tables.

/// "distance (km)", "speed (mph)", …; empty if it is none. Money and time have their own.
std::string_view unit_of(std::string_view word);

/// "hours" for "hour" and "hours", from minutes to years; empty if it is none.
std::string_view span_of(std::string_view word);

/// "USD" for "dollars"; empty if it is none.
std::string_view currency_of(std::string_view word);

/// What numbers stand before that counts no things: a unit of any kind, "points", "dozens".
bool is_measure_word(std::string_view word);

}  // namespace nutgraf
