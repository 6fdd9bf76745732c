#include "daemon/fetch/body_budget.h"

#include <algorithm>

namespace nutgraf {

bool BodyBudget::admit(Key transfer) {
  const auto found = std::find(flowing_.begin(), flowing_.end(), transfer);
  const bool alone = flowing_.size() == (found == flowing_.end() ? 0u : 1u);
  if (full() && !alone) {
    if (found != flowing_.end()) flowing_.erase(found);
    paused_.push_back(transfer);
    return false;
  }
  if (found == flowing_.end()) flowing_.push_back(transfer);
  return true;
}

BodyBudget::Key BodyBudget::resume() {
  if (paused_.empty() || (full() && !flowing_.empty())) return nullptr;
  const Key next = paused_.front();
  paused_.pop_front();
  flowing_.push_back(next);
  return next;
}

void BodyBudget::leave(Key transfer, std::size_t bytes) {
  std::erase(flowing_, transfer);
  std::erase(paused_, transfer);
  bytes_ -= bytes;
}

}  // namespace nutgraf
