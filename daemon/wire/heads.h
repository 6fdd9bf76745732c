#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "daemon/model/publication.h"

namespace nutgraf {

/// What has been sent: the newest sequence number of the log and of each topic, and which topics a
/// heartbeat has to list.
///
/// A beat lists the topics that changed since `after`, the head as it was kBeatsListed beats ago,
/// so that a client may miss a few beats; every kFullBeat-th lists them all, for a client that has
/// missed more. Wire thread only.
class Heads {
 public:
  static constexpr std::size_t kBeatsListed = 15;
  static constexpr std::int64_t kFullBeat = 10;

  explicit Heads(LogPosition start);

  void sent(const Publication& message);
  void set_floor(Sequence floor) { position_.floor = floor; }

  struct Listing {
    std::int64_t beat = 0;
    Sequence after = 0;
    std::vector<std::pair<std::string, Sequence>> topics;
  };
  /// Counts one beat. Linear in the number of topics.
  Listing next_beat();

  const LogPosition& position() const { return position_; }

 private:
  LogPosition position_;
  std::int64_t beats_ = 0;
  std::deque<Sequence> heads_at_beats_;  ///< Of the last kBeatsListed beats, oldest first.
};

}  // namespace nutgraf
