#include "daemon/fetcher/releases.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace nutgraf {
namespace {

constexpr std::chrono::milliseconds kAgain{1000};

}  // namespace

void Releases::give_back(std::vector<std::int64_t> ids, std::chrono::seconds wait) {
  if (ids.empty()) return;
  kept_.push_back({std::move(ids), clock_.utc() + wait});
  repeat();
}

void Releases::repeat(bool now_too) {
  const Monotonic now = clock_.monotonic();
  if (kept_.empty() || (now < next_ && !now_too)) return;
  std::erase_if(kept_, [&](const Release& release) {
    const Result<void> released = store_.release(release.ids, release.not_before);
    if (released) return true;
    spdlog::error("release error=\"{}\"", released.error().message);
    next_ = now + kAgain;
    return false;
  });
}

void Releases::shift(Time::duration step) {
  for (Release& release : kept_) release.not_before += step;
}

}  // namespace nutgraf
