#include "daemon/client/tracker.h"

#include <algorithm>
#include <utility>

namespace nutgraf {

Tracker::Tracker(std::vector<std::string> prefixes, Sequence complete)
    : prefixes_(std::move(prefixes)), complete_(complete) {}

Tracker::Arrival Tracker::live(std::string_view topic, Sequence seq, Sequence prev) {
  const Sequence known_seq = known(topic);
  if (seq <= known_seq) return Arrival::kSeen;
  if (prev > known_seq) return Arrival::kLoss;
  newest_.insert_or_assign(std::string(topic), seq);
  return Arrival::kNew;
}

bool Tracker::fetched(std::string_view topic, Sequence seq) {
  if (seq <= known(topic)) return false;
  newest_.insert_or_assign(std::string(topic), seq);
  return true;
}

void Tracker::complete_to(Sequence seq) {
  if (seq <= complete_) return;
  complete_ = seq;
  std::erase_if(newest_, [&](const auto& entry) { return entry.second <= complete_; });
}

Tracker::Beat Tracker::beat(Sequence head, Sequence after,
                            std::span<const std::pair<std::string, Sequence>> topics) {
  for (const auto& [topic, seq] : topics) {
    if (subscribed(topic) && seq > known(topic)) return Beat::kLoss;
  }
  if (after > complete_) return Beat::kUnknown;
  complete_to(head);
  return Beat::kComplete;
}

Sequence Tracker::known(std::string_view topic) const {
  const auto found = newest_.find(topic);
  return found == newest_.end() ? complete_ : found->second;
}

bool Tracker::subscribed(std::string_view topic) const {
  return prefixes_.empty() || std::any_of(prefixes_.begin(), prefixes_.end(),
                                          [&](const auto& p) { return topic.starts_with(p); });
}

}  // namespace nutgraf
