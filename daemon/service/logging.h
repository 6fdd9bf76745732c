#pragma once

#include <string>
#include <string_view>

namespace nutgraf {

// Logging is spdlog's: `spdlog::info("poll feed={} status={} new={} ms={}", …)`, one line an event,
// an opening word and then stable key=value pairs. Only app, pipeline, the poller, the desk and
// main log; deeper code returns facts. This file sets it up.

/// Sends the log to stderr. On a terminal lines are coloured and have the time of day; to the
/// journal they go by its own socket, with their pairs as fields [journal.h] and no time, and by
/// stderr with a priority before them if nobody listens there [sd-daemon(3)]; into a file they
/// begin with UTC time and level. A pipe that nobody reads holds nobody up [log_pipe.h]. Call once,
/// before any thread starts.
void setup_logging(std::string_view level);

/// Tries to write what a pipe did not take before. To be called now and then. Thread-safe.
void flush_log();

/// trace, debug, info, warn or error; false for anything else. Thread-safe.
bool set_log_level(std::string_view level);
std::string log_level();

/// A value from outside as one token of a log line: quoted if it has blanks or quotes, control
/// characters escaped, cut at 200 bytes. A feed cannot forge a line.
std::string log_value(std::string_view value);

}  // namespace nutgraf
