#pragma once

#include <mutex>
#include <utility>

#include "daemon/desk/options.h"

namespace nutgraf {

/// The desk's options, which a reload replaces while it decides.
///
/// Thread-safe. A copy each time: what is decided with one set of options is decided with that.
class DeskSettings {
 public:
  explicit DeskSettings(DeskOptions options) : options_(std::move(options)) {}

  DeskOptions get() const {
    const std::lock_guard lock(mutex_);
    return options_;
  }

  void set(DeskOptions options) {
    const std::lock_guard lock(mutex_);
    options_ = std::move(options);
  }

 private:
  mutable std::mutex mutex_;
  DeskOptions options_;  // Guarded by mutex_.
};

}  // namespace nutgraf
