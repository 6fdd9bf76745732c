#include "daemon/desk/patience.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace nutgraf {
namespace {

constexpr std::chrono::milliseconds kLongestPause{5000};
/// A store that refuses is complained of so often at first, then once a minute: it may do so for
/// days, and the log is often on the same disk.
constexpr int kComplaints = 3;
constexpr std::chrono::minutes kComplainEvery{1};

}  // namespace

void Patience::give_up_for(Error damage) {
  const std::lock_guard lock(mutex_);
  damage_ = std::move(damage);
  given_up_ = true;
}

std::optional<Error> Patience::damage() const {
  const std::lock_guard lock(mutex_);
  return damage_;
}

/// False: given up.
bool Patience::pause(std::string_view what, const Error& error, int attempt) {
  metrics_.commits_failed.add();
  metrics_.store_failing.set(1);
  // Trying again would not mend it, and going on could make it worse.
  if (error.code == ErrorCode::kStorage) give_up_for(error);
  const Monotonic now = clock_.monotonic();
  if (attempt <= kComplaints || now - complained_at_ >= kComplainEvery) {
    spdlog::error("store what=\"{}\" attempt={} error=\"{}\"", what, attempt, error.message);
    complained_at_ = now;
  }
  constexpr std::chrono::milliseconds kStep{50};
  const auto pause =
      std::min<std::chrono::milliseconds>(kStep * (1 << std::min(attempt, 8)), kLongestPause);
  for (auto slept = std::chrono::milliseconds(0); slept < pause && !given_up_; slept += kStep) {
    std::this_thread::sleep_for(kStep);
  }
  // It is the disk that hangs, not the desk: a restart would mend nothing, and what is there would
  // be served no longer.
  pulse_.busy();
  return !given_up_;
}

void Patience::say_mended(std::string_view what, int attempts) {
  metrics_.store_failing.set(0);
  spdlog::warn("store what=\"{}\" attempts={} reason=\"the store can be written again\"", what,
               attempts);
}

}  // namespace nutgraf
