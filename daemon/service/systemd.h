#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace nutgraf {

// What systemd is told about the process [sd_notify(3)]. Without $NOTIFY_SOCKET, that is when it
// was started by hand, every function does nothing. Thread-safe.

/// The daemon serves; `status` is the line that `systemctl status` shows.
void notify_ready(std::string_view status);
/// Settings are being read anew; notify_ready() ends it.
void notify_reloading();
/// It is on the way down: systemd waits as long as TimeoutStopSec.
void notify_stopping(std::string_view status);
void notify_status(std::string_view status);
/// A sign of life. Call it at least twice in every watchdog_interval(), and only while no thread
/// has been stuck in its work beyond a limit.
void notify_watchdog();

/// Within which time systemd wants signs of life from this process; nullopt: it wants none.
std::optional<std::chrono::microseconds> watchdog_interval();

}  // namespace nutgraf
