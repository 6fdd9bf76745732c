#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "daemon/base/clock.h"

namespace nutgraf {

/// How counters grew of late, in steps of equal length: what a sparkline shows. It begins with fine
/// steps; when it is full, neighbours are put together and steps double, up to an hour and a half
/// in all; from then on the oldest goes. So there is something to see after a minute, and memory is
/// fixed. One thread.
class RateHistory {
 public:
  static constexpr std::size_t kSeries = 8;
  static constexpr std::size_t kSteps = 180;
  static constexpr std::chrono::seconds kFirstStep{2};
  static constexpr std::chrono::seconds kLastStep{32};
  using Counts = std::array<std::int64_t, kSeries>;

  /// Takes in where the counters stand; cheap, may be called at any time. The first call only
  /// begins. A counter that went back counts as nothing new.
  void note(const Counts& counters, Monotonic now);

  std::chrono::seconds step() const { return step_; }
  /// Growth within each whole step, oldest first.
  const std::vector<Counts>& steps() const { return steps_; }

 private:
  void close_step(const Counts& growth);
  void halve();

  std::chrono::seconds step_ = kFirstStep;
  std::vector<Counts> steps_;
  bool begun_ = false;
  Counts last_{};
  Counts open_{};  ///< Of the step that is not over.
  Monotonic ends_{};
};

}  // namespace nutgraf
