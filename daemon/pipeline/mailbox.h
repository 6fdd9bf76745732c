#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/model/feed.h"

namespace nutgraf {

/// An event that waits to be summarized anew.
struct DirtyEvent {
  std::string event_id;
  std::int64_t dirty_revision = 0;
  int size = 0;
  Time due{};
};

/// What an operator asked for on the control socket.
struct FeedRequest {
  enum class Kind { kPause, kResume, kPollNow, kReset };
  Kind kind = Kind::kPollNow;
  std::string feed_id;
};

/// When a feed is to be asked next. All else about it is in the FeedBook.
struct FeedTime {
  std::string feed_id;
  Time next_poll{};
  bool paused = false;
};

inline FeedTime time_of(const FeedState& state) {
  return {state.feed_id, state.next_poll, state.paused};
}

/// What the desk tells the fetcher after a commit.
struct Mail {
  std::vector<std::uint64_t> finished;  ///< Job ids: their room in the pipeline is free again.
  std::vector<FeedTime> feeds;          ///< As committed: to be scheduled.
  std::vector<DirtyEvent> events;
  bool items_wait = false;  ///< The commit added or released pending items.

  bool empty() const { return finished.empty() && feeds.empty() && events.empty() && !items_wait; }
};

/// The way back from the desk to the fetcher: never blocks either side, bounded by what is in
/// flight.
///
/// Thread-safe.
class Mailbox {
 public:
  /// `wake` is called after each put(), on the putting thread.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void put(Mail mail) {
    {
      const std::lock_guard lock(mutex_);
      append(mail_.finished, mail.finished);
      append(mail_.feeds, mail.feeds);
      append(mail_.events, mail.events);
      mail_.items_wait |= mail.items_wait;
    }
    wake_();
  }

  void put(FeedRequest request) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(std::move(request));
    }
    wake_();
  }

  Mail take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(mail_, {});
  }

  std::vector<FeedRequest> take_requests() {
    const std::lock_guard lock(mutex_);
    return std::exchange(requests_, {});
  }

 private:
  template <typename T>
  static void append(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }

  const std::function<void()> wake_;
  std::mutex mutex_;
  Mail mail_;
  std::vector<FeedRequest> requests_;
};

}  // namespace nutgraf
