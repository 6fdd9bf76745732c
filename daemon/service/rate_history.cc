#include "daemon/service/rate_history.h"

#include <algorithm>

namespace nutgraf {

void RateHistory::note(const Counts& counters, Monotonic now) {
  if (!begun_) {
    begun_ = true;
    last_ = counters;
    ends_ = now + step_;
    return;
  }
  // Nobody looked for so long (the machine slept): that many steps without anything, at most all.
  for (std::size_t i = 0; now >= ends_ && i < kSteps; ++i) {
    close_step(open_);
    open_ = {};
    ends_ += step_;
  }
  if (now >= ends_) ends_ = now + step_;
  for (std::size_t i = 0; i < kSeries; ++i) {
    open_[i] += std::max<std::int64_t>(counters[i] - last_[i], 0);
  }
  last_ = counters;
}

void RateHistory::close_step(const Counts& growth) {
  steps_.push_back(growth);
  if (steps_.size() < kSteps) return;
  if (step_ < kLastStep) {
    halve();
  } else {
    steps_.erase(steps_.begin());
  }
}

void RateHistory::halve() {
  for (std::size_t i = 0; i + 1 < steps_.size(); i += 2) {
    for (std::size_t s = 0; s < kSeries; ++s) {
      steps_[i / 2][s] = steps_[i][s] + steps_[i + 1][s];
    }
  }
  steps_.resize(steps_.size() / 2);
  step_ *= 2;
}

}  // namespace nutgraf
