#pragma once

#include <chrono>
#include <mutex>

#include "daemon/base/clock.h"

namespace nutgraf {

/// A clock that moves only when told to. Thread-safe.
class ManualClock final : public Clock {
 public:
  /// 2026-11-21T10:00:00Z, unless told otherwise.
  explicit ManualClock(Time utc = Time(std::chrono::milliseconds(1'795'255'200'000))) : utc_(utc) {}

  Monotonic monotonic() const override {
    const std::lock_guard lock(mutex_);
    return monotonic_;
  }
  Time utc() const override {
    const std::lock_guard lock(mutex_);
    return utc_;
  }

  /// Time passes, on both clocks.
  void advance(std::chrono::milliseconds by) {
    const std::lock_guard lock(mutex_);
    monotonic_ += by;
    utc_ += by;
  }

  /// The system's clock is set: the monotonic one does not notice.
  void set(Time utc) {
    const std::lock_guard lock(mutex_);
    utc_ = utc;
  }

 private:
  mutable std::mutex mutex_;
  Monotonic monotonic_{std::chrono::hours(1)};  ///< Not 0, which would look like "never".
  Time utc_;
};

}  // namespace nutgraf
