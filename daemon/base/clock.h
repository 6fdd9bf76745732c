#pragma once

#include <chrono>

#include "daemon/base/date.h"

namespace nutgraf {

/// A moment on a clock that never jumps: for waiting and measuring, meaningless outside the
/// process.
using Monotonic = std::chrono::steady_clock::time_point;

/// What time it is: one of the four seams of the process (tests have a ManualClock). Thread-safe.
///
/// Waiting is done on monotonic(); utc() is what people read and what is stored. A step of the
/// system's clock moves the second and never the first.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Monotonic monotonic() const = 0;
  virtual Time utc() const = 0;
};

/// The machine's clocks.
class SystemClock final : public Clock {
 public:
  Monotonic monotonic() const override { return std::chrono::steady_clock::now(); }
  Time utc() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

}  // namespace nutgraf
