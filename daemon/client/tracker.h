#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/model/publication.h"

namespace nutgraf {

/// Knows what a subscriber has got, and so what it has lost.
///
/// Two facts are enough: `complete()`, up to which nothing that was subscribed to is missing, and
/// for each topic the newest message above it. Within a topic a message is only accepted after its
/// predecessor, so what lies below the newest is there. Memory: the topics that changed since
/// `complete()` last moved.
class Tracker {
 public:
  /// @param prefixes  Of topics; empty: all.
  Tracker(std::vector<std::string> prefixes, Sequence complete);

  enum class Arrival {
    kNew,   ///< The next of its topic; it counts as applied from here on.
    kSeen,  ///< Applied before.
    kLoss,  ///< `prev` never came. The message is not taken: fetching brings both.
  };
  Arrival live(std::string_view topic, Sequence seq, Sequence prev);

  /// A message of a page of the log, where nothing is missing but what retention took. True: new.
  bool fetched(std::string_view topic, Sequence seq);

  /// The log was read up to `seq`.
  void complete_to(Sequence seq);

  enum class Beat {
    kComplete,  ///< Everything up to the beat's head has come; complete() has moved there.
    kUnknown,   ///< Nothing listed is missing, but the list does not reach back far enough.
    kLoss,      ///< A topic's newest message never came.
  };
  /// @param after  Every topic whose newest seq is above it is in `topics`.
  Beat beat(Sequence head, Sequence after,
            std::span<const std::pair<std::string, Sequence>> topics);

  Sequence complete() const { return complete_; }

  /// Newest message of the topic that has been applied, or complete() if that is newer.
  Sequence known(std::string_view topic) const;

 private:
  bool subscribed(std::string_view topic) const;

  const std::vector<std::string> prefixes_;
  Sequence complete_;
  std::map<std::string, Sequence, std::less<>> newest_;  // Above complete_ only.
};

}  // namespace nutgraf
