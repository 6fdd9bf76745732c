#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nutgraf {

/// A moment in UTC. Milliseconds: what the wire carries.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

/// A date as feeds and pages write it: RFC 822/2822/1123, RFC 3339/ISO 8601 and parts of it,
/// asctime, epoch seconds, and what was seen in the wild (month and day names of many languages,
/// two-digit years, missing zone or seconds, named zones). No zone means UTC. nullopt if it is
/// none, or lies outside years 1970–2199. Linear in the text; at most the first 200 bytes are
/// looked at.
std::optional<Time> parse_date(std::string_view text);

/// An HTTP-date [RFC 9110 section 5.6.7], all three forms, and nothing else.
std::optional<Time> parse_http_date(std::string_view text);

/// "2026-11-21T10:00:00Z", or with ".123" if there are milliseconds. [RFC 3339]
std::string format_rfc3339(Time time);

/// Strict RFC 3339 as format_rfc3339 writes it (any offset accepted).
std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace nutgraf
