#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <mutex>
#include <unordered_map>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/result.h"
#include "daemon/pipeline/job.h"

namespace nutgraf {

/// Whether a story was withdrawn now, or had been before.
enum class Retracted { kNow, kBefore };

/// Those who asked for a story to be withdrawn, and wait to hear that it is.
///
/// Thread-safe.
class Withdrawals {
 public:
  /// Puts the wish among the outcomes, and waits for answer(), on any thread but the desk's.
  /// kTransient: not done within `patience`, it may still come about.
  Result<Retracted> ask(Withdrawal what, BoundedQueue<Outcome>& outcomes,
                        std::chrono::milliseconds patience);

  /// Nothing if nobody waits (any more).
  void answer(std::uint64_t question, Result<Retracted> result);

 private:
  std::mutex mutex_;
  std::uint64_t last_question_ = 0;                                               // Guarded by it.
  std::unordered_map<std::uint64_t, std::promise<Result<Retracted>>> questions_;  // Likewise.
};

}  // namespace nutgraf
