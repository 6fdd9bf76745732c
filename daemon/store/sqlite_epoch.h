#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "daemon/store/high_water.h"
#include "daemon/store/sqlite_db.h"

namespace nutgraf::sqlite {

/// What `counter.home` says in a copy that `nutgraf backup` made: whoever opens it has restored it.
inline constexpr const char* kBackupHome = "backup";

struct SettledEpoch {
  std::string epoch;
  std::optional<std::string> new_because;  ///< nullopt: it is the one that it was.
};

/// Begins a new epoch if the store may have gone back in time, so that no sequence number is used
/// twice in one: the file is a copy (another inode than the one it was kept in), or the mark knows
/// of messages that the store does not. The sequence goes on; messages of the
/// log keep the epoch in which they were decided. [docs/decisions/epochs.md]
///
/// Writes the store's place and the mark anew. Throws a Fault.
SettledEpoch settle_epoch(Connection& db, const std::filesystem::path& file, const HighWater& mark);

}  // namespace nutgraf::sqlite
