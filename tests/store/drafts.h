#pragma once

#include <filesystem>
#include <string>

#include "daemon/store/ledger.h"

namespace nutgraf {

// One-line fixtures: what the pipeline would hand to the ledger.

/// `ms` milliseconds after 2026-11-21T10:00:00Z.
Time at(std::int64_t ms);

/// "<topic>|<epoch>|<seq>|<prev>|<payload>": all that the commit alone knows, easy to compare.
std::string test_envelope(const Draft& draft, const Stamp& stamp);

Draft draft(const std::string& topic, const std::string& payload, const std::string& subject = "");

/// An item `key` of feed "f", to be fetched from `host` (empty: needs no page).
ItemArrival arrival(const std::string& key, const std::string& host = "", Time first_seen = at(0));

/// A poll of feed "f" that brought these.
Batch poll_of(std::vector<ItemArrival> arrivals);

/// A poll that brought one message only.
Batch message_only(const std::string& topic, const std::string& payload);

/// The pending item became story "s-<key>".
StoryCommit published(const PendingItem& item);

/// Event `id` with a message of its own.
EventCommit event_message(const std::string& id, std::int64_t dirty_revision = 0);

/// A folder of its own for the test, gone with it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::filesystem::path file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace nutgraf
