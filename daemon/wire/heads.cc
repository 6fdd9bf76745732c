#include "daemon/wire/heads.h"

#include <algorithm>
#include <utility>

namespace nutgraf {

Heads::Heads(LogPosition start) : position_(std::move(start)) {}

void Heads::sent(const Publication& message) {
  position_.head = std::max(position_.head, message.seq);
  position_.topics[message.topic] = message.seq;
}

Heads::Listing Heads::next_beat() {
  Listing listing{.beat = ++beats_, .after = 0, .topics = {}};
  // The first beat lists everything too: who listened to the server before its restart may have
  // missed what it sent last.
  if (listing.beat % kFullBeat != 0 && !heads_at_beats_.empty()) {
    listing.after = heads_at_beats_.front();
  }
  for (const auto& [topic, seq] : position_.topics) {
    if (seq > listing.after) listing.topics.emplace_back(topic, seq);
  }
  heads_at_beats_.push_back(position_.head);
  if (heads_at_beats_.size() > kBeatsListed) heads_at_beats_.pop_front();
  return listing;
}

}  // namespace nutgraf
