#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// The key=value pairs of a log line as fields of the journal: `poll feed=harbour status=200` gives
/// NUTGRAF_FEED=harbour and NUTGRAF_STATUS=200, so that `journalctl NUTGRAF_FEED=harbour` shows
/// what became of one feed. Values that log_value() quoted are given as they were. What is no pair
/// is left to the message; of more than kMaxJournalFields pairs the first are taken. Pure.
/// [systemd.journal-fields(7)]
std::vector<std::string> journal_fields(std::string_view message);
constexpr std::size_t kMaxJournalFields = 32;

/// Sends a line with its fields and a syslog priority to the journal's own socket; false if nobody
/// listens there or it is refused. Does not wait for the disk. Thread-safe. [sd_journal_sendv(3)]
bool send_to_journal(int priority, std::string_view message);

}  // namespace nutgraf
