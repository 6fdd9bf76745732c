#include "daemon/service/systemd.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <string>

namespace nutgraf {
namespace {

/// sd_notify() separates its variables by newlines; a status has none.
std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return out;
}

void notify(const std::string& state) {
  // A failure leaves nothing to do: systemd will notice the silence.
  sd_notify(0, state.c_str());
}

}  // namespace

void notify_ready(std::string_view status) { notify("READY=1\nSTATUS=" + one_line(status)); }
void notify_reloading() { notify("RELOADING=1"); }
void notify_stopping(std::string_view status) { notify("STOPPING=1\nSTATUS=" + one_line(status)); }
void notify_status(std::string_view status) { notify("STATUS=" + one_line(status)); }
void notify_watchdog() { notify("WATCHDOG=1"); }

std::optional<std::chrono::microseconds> watchdog_interval() {
  std::uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) return std::nullopt;
  return std::chrono::microseconds(usec);
}

}  // namespace nutgraf
