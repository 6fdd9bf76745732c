#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/article/edge_lines.h"
#include "daemon/base/result.h"
#include "daemon/dedup/fingerprint.h"
#include "daemon/event/event_vector.h"
#include "daemon/fetch/http_client.h"
#include "daemon/model/event.h"
#include "daemon/model/feed.h"
#include "daemon/model/furniture.h"
#include "daemon/model/item.h"
#include "daemon/model/recheck.h"
#include "daemon/model/story.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/poll/feed_health.h"
#include "daemon/poll/poller.h"

namespace nutgraf {

// What crosses between the threads: plain values, each complete in itself, so that the same work
// could be done in a sandboxed child or on another machine.

/// Poll trip: a document to read.
struct FeedJob {
  FeedSource source;
  FeedState state;  ///< As it was when the response was in.
  HttpResponse response;
};

/// Story trip: a pending item, and its page if one was fetched.
struct StoryJob {
  FeedSource source;
  std::string feed_url;
  PendingItem pending;
  Furniture furniture;               ///< What was learned of the feed, texts aside.
  std::optional<HttpResponse> page;  ///< Only complete responses with status 200.
  std::string page_error;   ///< Why there is no page although one was wanted; empty otherwise.
  bool page_later = false;  ///< It is still wanted: told from the teaser only not to be late.
  std::optional<Recheck> recheck;  ///< The page is looked at again; `pending` is no row then.
};

/// Event trip: a dirty event and what its summary is written from.
struct EventJob {
  std::string event_id;
  std::int64_t dirty_revision = 0;
  std::vector<Story> members;  ///< A bounded set: the opening story, then the newest.
  int size = 0;                ///< Of all members.
  std::optional<Event> previous;
};

/// An item that could not be worked on: the desk retries it later (kTransient) or quarantines it.
struct GiveUpJob {
  PendingItem pending;
  Error error;
};

/// What an operator wants changed about a feed: to be committed. From the fetcher straight to the
/// desk, so that requests keep their order.
struct StateJob {
  FeedState state;  ///< As the fetcher knew it; the desk may know better.
  FeedRequest::Kind kind = FeedRequest::Kind::kPause;
};

struct Job {
  std::uint64_t id = 0;
  std::variant<FeedJob, StoryJob, EventJob, GiveUpJob> work;
};

/// One item of a polled document, with what the desk needs to tell whether it is known.
struct PolledItem {
  FeedItem item;
  std::string key;
  std::string former_key;  ///< By which the last poll would have known it, if by another.
  std::uint64_t content_hash = 0;
  std::string page_host;               ///< As in PendingItem.
  std::optional<std::string> refusal;  ///< Of the feed's keep and drop rules.
};

struct PolledFeed {
  FeedSource source;
  FeedState state;
  PollOutcome outcome;  ///< new_items is the desk's to fill in.
  std::vector<PolledItem> items;
  std::vector<std::string> repairs;
  std::chrono::milliseconds took{0};
  std::size_t bytes = 0;
  Time received_at{};
};

/// A poll that brought no document: nothing for a worker to do.
struct QuietPoll {
  std::uint64_t job_id = 0;
  std::string feed_id;
  std::string configured_url;  ///< Under which it was asked.
  PollOutcome outcome;
  std::chrono::milliseconds took{0};
};

/// Such polls, from the fetcher straight to the desk: several at a time, because to wake a thread
/// for each would cost more than to decide on it. Source and state are in the book.
struct QuietPolls {
  std::vector<QuietPoll> polls;
};

/// A story ready to be decided on, and what the decision is made from.
struct AnalysedStory {
  PendingItem pending;
  Story story;  ///< All but event, duplicates, changes and revision.
  Fingerprint fingerprint;
  StoryVector vector;
  std::string url_key;
  std::string page_url_key;  ///< Of the page's canonical URL, if it is another; empty otherwise.
  std::uint64_t text_hash = 0;
  StoryFacts facts;             ///< What is learned of the feed from it.
  std::vector<SeenLine> lines;  ///< Likewise: of its text before learned furniture went.
  bool page_later = false;      ///< As in StoryJob.
  std::optional<Time> page_at;  ///< When the last byte of its page was in; none: no page.
  std::string page_etag;        ///< Of that page, byte-exact.
  std::string page_last_modified;
  std::optional<Recheck> recheck;  ///< As in StoryJob.
};

/// A page was looked at again, and there was no document to read.
struct LookedAgain {
  /// kMissing: 404; kGone: 410; kLater: it was not asked for, or could not be.
  enum class Kind { kUnchanged, kMissing, kGone, kFailed, kLater };
  Recheck look;
  Kind kind = Kind::kUnchanged;
};

/// A story that could not be made (this time).
struct FailedStory {
  PendingItem pending;
  Error error;
};

struct WrittenEvent {
  std::string event_id;
  std::int64_t dirty_revision = 0;
  Event event;
};

/// A story is to be withdrawn: an operator says so, or its own page does.
struct Withdrawal {
  std::string story_id;
  std::string reason;          ///< Goes to subscribers.
  bool purge_text = false;     ///< And its text out of the store.
  std::uint64_t question = 0;  ///< Of who waits for the answer [Desk::retract]; 0: nobody does.
};

struct Outcome {
  std::uint64_t job_id = 0;  ///< 0 with QuietPolls: each has its own.
  std::variant<PolledFeed, QuietPolls, AnalysedStory, FailedStory, WrittenEvent, StateJob,
               Withdrawal, LookedAgain>
      result;
};

}  // namespace nutgraf
