#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/pipeline/pulse.h"
#include "daemon/service/metrics.h"

namespace nutgraf {

/// Asks the store until it answers: nothing is decided on half the facts, and no commit is lost. It
/// ends only when somebody gives up, or when the store turns out to be damaged.
///
/// insist() on the desk thread only; the rest is thread-safe.
class Patience {
 public:
  Patience(const Clock& clock, Metrics& metrics, Pulse& pulse)
      : clock_(clock), metrics_(metrics), pulse_(pulse) {}

  /// Calls `ask` until it succeeds, with pauses of up to five seconds; nullopt: given up. What then
  /// has been decided of the batch must not be committed. `what` is for the log.
  template <typename T>
  std::optional<T> insist(std::string_view what, const std::function<Result<T>()>& ask);

  void give_up() { given_up_ = true; }
  bool given_up() const { return given_up_; }

  /// The store cannot be used any more: gives up, and says why to who asks.
  void give_up_for(Error damage);
  /// Set once the store turned out to be damaged: only an operator can mend it.
  std::optional<Error> damage() const;

 private:
  bool pause(std::string_view what, const Error& error, int attempt);
  void say_mended(std::string_view what, int attempts);

  const Clock& clock_;
  Metrics& metrics_;
  Pulse& pulse_;
  std::atomic<bool> given_up_{false};
  mutable std::mutex mutex_;
  std::optional<Error> damage_;  // Guarded by mutex_.
  Monotonic complained_at_{};    // Of the store, in the log. Desk thread only.
};

template <typename T>
std::optional<T> Patience::insist(std::string_view what, const std::function<Result<T>()>& ask) {
  for (int attempt = 1;; ++attempt) {
    Result<T> result = ask();
    if (result) {
      if (attempt > 1) say_mended(what, attempt);
      return *std::move(result);
    }
    if (!pause(what, result.error(), attempt)) return std::nullopt;
  }
}

}  // namespace nutgraf
