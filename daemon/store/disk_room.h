#pragma once

#include <cstdint>
#include <filesystem>

#include "daemon/base/result.h"

namespace nutgraf {

/// Whether a disk has room left. A full one is harder to get out of than one that is nearly so:
/// nothing can be logged, copied or tidied up there any more.
struct DiskRoom {
  std::filesystem::path file;  ///< On the disk that is meant.
  std::uint64_t min_free = 0;  ///< Bytes; 0: never asked.

  /// kTransient if less is free; the message says how much, and what to do. If it cannot be told,
  /// there is enough. One system call.
  Result<void> check() const;
};

}  // namespace nutgraf
