#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/desk/desk.h"
#include "daemon/pipeline/pipeline.h"
#include "tests/support/feed_writer.h"
#include "tests/support/manual_clock.h"
#include "tests/support/memory_store.h"

namespace nutgraf {

/// "<topic> <op> <subject> <seq> <payload>".
std::string plain_envelope(const Draft& draft, const Stamp& stamp);

FeedSource feed_source(const std::string& id);

/// An item of `feed` that tells the invented story `number` in full; `path` names its page.
WrittenItem full_item(const std::string& feed, std::uint64_t number, const std::string& path = "");
/// The same with a teaser only, so that its page is wanted.
WrittenItem teaser_item(const std::string& feed, std::uint64_t number,
                        const std::string& path = "");
/// A second report of what story `number` tells: its facts in part, most of it in other words.
WrittenItem report_on(std::uint64_t number, std::uint64_t words, const std::string& feed);
std::string page_of(std::uint64_t number);

/// A 200 for `url`.
HttpResponse response_of(const std::string& url, std::string body, std::string content_type);
/// An answer for the feed without a document.
QuietPoll quiet_poll(const FeedSource& source, PollOutcome outcome);
FeedJob feed_job(const FeedSource& source, const FeedState& state, std::vector<WrittenItem> items);

class Sent final : public Publisher {
 public:
  void publish(std::vector<Publication> messages) override;
  std::vector<std::string> bodies() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> bodies_;
};

/// A desk on a thread of its own, and what stands around it: the test plays the fetcher and the
/// workers. The ledger outlives it: a second house on the same one is a restart.
class House {
 public:
  enum class Start { kNow, kLater };
  House(Ledger& ledger, WorkStore& work, ManualClock& clock, DeskOptions options = {},
        Start start = Start::kNow, const EventOptions& events = {});
  ~House();

  void start();
  /// Until the desk has ended by itself.
  void join() { thread_.join(); }

  /// Lets the desk decide and commit it.
  void give(decltype(Outcome::result) result);
  /// The same for answers without a document; `book` has to know their feeds.
  void give_quietly(std::vector<QuietPoll> polls);
  /// Hands it over without waiting.
  void push(decltype(Outcome::result) result);
  void wait_for_all();

  void poll(const FeedSource& source, std::vector<WrittenItem> items);
  /// Works off everything that may be claimed; pages by their URL. Says how many there were.
  std::size_t work_off();
  std::map<std::string, std::string> pages;

  /// Writes what is due of the dirty events.
  void write_events();
  FeedState& state(const std::string& feed_id) { return states_[feed_id]; }

  WorkOptions work_options;
  Metrics metrics;
  Sent sent;
  std::unique_ptr<Desk> desk;
  BoundedQueue<Outcome> outcomes{2000};
  FeedBook book;
  std::map<std::string, DirtyEvent> dirty;
  std::map<std::string, FeedTime> times;  ///< As mailed last.

 private:
  void take_mail();

  WorkStore& work_;
  ManualClock& clock_;
  std::mutex mutex_;
  std::condition_variable woken_;
  Mailbox mailbox_;
  Pulse pulse_;
  std::atomic<std::uint64_t> next_id_{1};
  std::uint64_t finished_ = 0;
  std::map<std::string, FeedSource> sources_;
  std::map<std::string, FeedState> states_;
  std::jthread thread_;
};

}  // namespace nutgraf
