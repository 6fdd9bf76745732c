#pragma once

#include <filesystem>

#include "daemon/base/result.h"

namespace nutgraf {

/// Keeps a second daemon off a store: an flock on `<store>.lock`, held for life and given back by
/// the kernel whatever way the process ends. Not inherited by children that exec.
class StoreLock {
 public:
  /// kRefused with the holder's pid if another process (or this one) holds it; kTransient if the
  /// lock file cannot be opened.
  static Result<StoreLock> acquire(const std::filesystem::path& store);

  ~StoreLock();
  StoreLock(StoreLock&& other) noexcept;
  StoreLock& operator=(StoreLock&&) = delete;

 private:
  explicit StoreLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace nutgraf
