#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/model/publication.h"

namespace nutgraf {

/// How far the log had come when something was last sent, in a file apart from the store: a store
/// that is behind it was rolled back. [docs/decisions/epochs.md]
///
/// One thread at a time.
class HighWater {
 public:
  struct Mark {
    std::string epoch;
    Sequence head = 0;
  };

  /// Opens or creates the file, for one store at a time: each of two would take the other's mark
  /// for a sign that it went back in time. kTransient: it cannot be written, or is another's; the
  /// message names it.
  static Result<HighWater> open(const std::filesystem::path& file);

  HighWater(HighWater&& other) noexcept;
  HighWater(const HighWater&) = delete;
  HighWater& operator=(const HighWater&) = delete;
  ~HighWater();

  /// nullopt: nothing was ever written, or it is not legible.
  std::optional<Mark> read() const;

  /// One write of one record into the page cache, no fsync: it survives the process. After a loss
  /// of power an older mark may be found, which proves less and nothing wrong.
  void write(const std::string& epoch, Sequence head) const;

  /// What was written survives a loss of power once this returned.
  void sync() const;

 private:
  explicit HighWater(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace nutgraf
