#pragma once

#include <optional>
#include <string_view>

#include "daemon/base/clock.h"

namespace nutgraf::tool {

/// The moment that --since names, as journalctl takes it: a span before `now` ("90s", "2h", "-2h",
/// "1h 30m", "2 days ago"), "now", "today", "yesterday", "2026-11-21", "2026-11-21 10:00[:00]" or
/// "10:00[:00]" (of today) in the time zone of this machine, or of UTC with " UTC" behind it,
/// "@1763719200" (since 1970), or RFC 3339. nullopt: none of these. [systemd.time(7)]
std::optional<Time> moment(std::string_view text, Time now);

}  // namespace nutgraf::tool
