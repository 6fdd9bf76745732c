#pragma once

#include <cstdint>
#include <filesystem>

#include "daemon/base/result.h"

namespace nutgraf {

/// Writes a copy of the store to `destination`, also while a daemon works on it: all of one moment,
/// compact, and complete once the name is there (it is written beside it, synced, and renamed). The
/// daemon goes on committing; its write-ahead log is not shortened meanwhile. Who opens the copy as
/// a store begins a new epoch. Nobody may read it who may not read the store. Returns its bytes.
///
/// kRefused: `destination` exists already (it is never overwritten), its folder does not, or `file`
/// is no store of this version; kBadConfig as SqliteStore::open(); kTransient: no space, no
/// permission; kStorage: the store is damaged.
Result<std::uintmax_t> backup_store(const std::filesystem::path& file,
                                    const std::filesystem::path& destination);

}  // namespace nutgraf
