#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/model/publication.h"

namespace nutgraf {

/// What the body of a message says of its own place: the inverse of an EnvelopeWriter. nullopt: it
/// is no message.
using EnvelopeReader = std::optional<Stamp> (*)(std::string_view body);

/// What verify_store() found.
struct StoreReport {
  LogPosition position;          ///< As the store counts; topics too.
  std::int64_t messages = 0;     ///< Rows of the log that were read.
  std::int64_t bytes = 0;        ///< Of their topics and bodies.
  std::int64_t kept_events = 0;  ///< Of the rows: below the floor, the latest of live events.
  struct Finding {
    std::string check;  ///< "database", "rows", "counter", "sequence", "checksum", "envelope",
                        ///< "chain", "topics", "events".
    std::string what;   ///< One line for people.
  };
  std::vector<Finding> findings;  ///< At most kMaxFindings are told; `found` counts all.
  std::int64_t found = 0;

  static constexpr std::size_t kMaxFindings = 100;
  bool sound() const { return found == 0; }
};

struct VerifyOptions {
  EnvelopeReader read_envelope = nullptr;  ///< Not null.
  bool quick = false;  ///< Leave out SQLite's own check of every page and index.
  std::function<void(std::int64_t done, std::int64_t all)>
      progress;  ///< Every 4,096 rows; or none.
};

/// Reads the whole store, changing nothing, from one snapshot: beside a running daemon, or a copy.
///
/// Checked are the database itself (its tables as this version makes them, PRAGMA integrity_check),
/// the checksum of each row of each table, the counter against the log, that
/// every sequence number from the floor to the head is there, each message's checksum and size,
/// that its body says the place it stands in, that `prev` of each is the one before it in its
/// topic, the heads of the topics, and that the latest message of each live event is kept. Linear;
/// memory: one entry a topic.
///
/// Damage is in the report. kRefused, kBadConfig: no store of this version; kTransient: it cannot
/// be opened; kStorage: so damaged that it cannot even be opened.
Result<StoreReport> verify_store(const std::filesystem::path& file, const VerifyOptions& options);

}  // namespace nutgraf
