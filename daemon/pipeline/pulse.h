#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace nutgraf {

/// How long a thread has been at one piece of work: what the watchdog looks at. A thread that waits
/// for work, or for room behind it, is healthy however long that takes; only one that is busy too
/// long is not.
///
/// Written by its own thread, read by main. A few nanoseconds a call.
class Pulse {
 public:
  void busy() { since_.store(now(), std::memory_order_relaxed); }
  void idle() { since_.store(0, std::memory_order_relaxed); }

  std::chrono::milliseconds busy_for() const {
    const std::int64_t since = since_.load(std::memory_order_relaxed);
    return std::chrono::milliseconds(since == 0 ? 0 : now() - since);
  }

 private:
  static std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }

  std::atomic<std::int64_t> since_{0};  // Milliseconds of steady_clock; 0: idle.
};

/// Marks a stretch of work on a Pulse.
class BusyScope {
 public:
  explicit BusyScope(Pulse& pulse) : pulse_(pulse) { pulse_.busy(); }
  ~BusyScope() { pulse_.idle(); }
  BusyScope(const BusyScope&) = delete;
  BusyScope& operator=(const BusyScope&) = delete;

 private:
  Pulse& pulse_;
};

}  // namespace nutgraf
