#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/base/result.h"
#include "daemon/model/event.h"
#include "daemon/model/feed.h"
#include "daemon/model/furniture.h"
#include "daemon/model/item.h"
#include "daemon/model/publication.h"
#include "daemon/model/recheck.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// An item of a feed that was seen before: the tombstone that keeps it from coming back.
struct KnownItem {
  std::string item_key;
  std::uint64_t content_hash = 0;  ///< Of the item as last seen: tells a change.
  std::string story_id;            ///< Empty while pending, or when it became none.
  int revision = 1;
  bool pending = false;  ///< Waits to become a story.
  bool quarantined = false;
};

/// Poll trip: an item that is new or has changed.
struct ItemArrival {
  /// Replaces a pending row of the same key, which stays in flight if it is. The store itself gives
  /// `id`, `attempts`, the feed (that of the poll's state) and `revision` (one more than the item
  /// had when it was last seen).
  PendingItem pending;
  std::uint64_t content_hash = 0;
  bool enqueue = true;  ///< False: recorded, not published (too old, first poll, a drop rule).
  std::string reason;   ///< Why not, for `nutgraf why`.
  std::string url_key;  ///< Of the item's link, for `nutgraf why`; empty: none.
};

/// Poll trip: what one poll of a feed changed.
struct PollCommit {
  FeedState state;
  std::vector<ItemArrival> arrivals;
  std::vector<std::string>
      still_there;  ///< Keys of the other items in the document: their tombstones stay.
  std::optional<Draft> message;  ///< feed/1, if its health changed.
};

/// What became of an item.
enum class Fate { kPublished, kUpdated, kDuplicate, kUnchanged, kDropped, kQuarantined };

/// Story trip: what the desk decided about one pending item.
struct StoryCommit {
  std::int64_t pending_id = 0;
  int pending_revision =
      0;  ///< The pending row goes only if it still has this revision; else it stays, unclaimed.
  std::string feed_id;
  std::string item_key;
  Fate fate = Fate::kPublished;
  std::string reason;  ///< "guid", "url", "content", "near 0.93 of <id>", … for `nutgraf why`.
  std::optional<Story>
      story;  ///< To insert or replace (new, update; a duplicate's original with its new counts).
  std::string story_id;         ///< The story the item belongs to, also for a duplicate.
  std::string url_key;          ///< For look-up of this item's URL; empty: none.
  std::uint64_t text_hash = 0;  ///< Of the folded text; 0: none.
  std::string fingerprint;  ///< Serialized dedup fingerprint of the item's own text; empty: none.
  std::string dedup_group;  ///< Story id of the group's first member.
  std::string vector;       ///< Serialized event vector of a new member. Only kPublished makes one.
  std::string event_id;     ///< Event that it belongs to, open from now on; empty: none.
  std::optional<EventStep> event_step;  ///< Why that event, for `nutgraf why`.
  std::optional<Time> event_due;        ///< The event is dirty, to be summarized at this time.
  std::optional<Draft> message;         ///< story/1; none for a plain duplicate or no change.
  /// The page is still wanted: the pending row stays, as told and without charge for the attempt,
  /// not to be claimed before.
  std::optional<Time> page_later;
  std::string publisher;  ///< Of the item's own feed, for the dedup index: a duplicate's `story` is
                          ///< the original, and names another.
};

/// A story that is withdrawn: it leaves its event, what waits to become an edition of it goes, its
/// page is not looked at again, and its items and texts stay known.
struct RetractCommit {
  Story story;                    ///< As it is from now on; says so itself (Story::retracted).
  std::optional<Draft> message;   ///< story/1; none: it was withdrawn before.
  std::string event_id;           ///< Event that it leaves; empty: none.
  std::optional<Time> event_due;  ///< The event is dirty, to be summarized at this time.
  /// Every earlier message of the story becomes this one, in its old place in the log; messages of
  /// its events, and of those that these became part of, lose the story's share in them
  /// [without_story()], and so does what is stored of these events. What the items have in
  /// quarantine goes.
  std::optional<Draft> purge;
};

/// Story trip that failed.
struct RetryCommit {
  std::int64_t pending_id = 0;
  int pending_revision = 0;
  Time not_before{};
  std::string error;
  bool without_page = false;  ///< From now on the feed's own text has to do.
};

/// When a page is to be looked at again; it replaces what was planned for the story.
struct RecheckCommit {
  Recheck look;
  std::optional<Time> due;  ///< None: no more.
};

/// Event trip.
struct EventCommit {
  Event event;
  std::int64_t dirty_revision =
      0;  ///< That the summary was written from; an event dirtier by then stays dirty.
  bool closed = false;
  std::optional<Draft> message;         ///< None: nothing worth reading changed.
  std::string merged_into;              ///< Its members go over to this event; empty: none do.
  std::optional<EventStep> event_step;  ///< For the trails of those members, as why they do.
  /// Only `event.absorbed` and `event.added` have changed, which no message has named yet: they are
  /// kept with the event as last published (revision 0 if it never was), until one does. If nothing
  /// was absorbed, `absorbed` holds the event's own id: it tells these from what was named.
  bool untold = false;
};

/// What stories taught of their feed's furniture.
struct FurnitureCommit {
  std::string feed_id;
  std::string counts;                 ///< From which it is learned, serialized; replaces the last.
  std::optional<Furniture> snapshot;  ///< Replaces the last one, if something was learned.
};

/// Everything the desk has decided since the last commit, in the order of the decisions. Messages
/// get their sequence numbers in the order polls, stories, retracts, events; within each in order.
struct Batch {
  std::vector<PollCommit> polls;
  std::vector<StoryCommit> stories;
  std::vector<RecheckCommit> rechecks;
  std::vector<RetractCommit> retracts;
  std::vector<RetryCommit> retries;
  std::vector<EventCommit> events;
  std::vector<FurnitureCommit> furniture;
  bool empty() const {
    return polls.empty() && stories.empty() && rechecks.empty() && retracts.empty() &&
           retries.empty() && events.empty() && furniture.empty();
  }
};

/// A fingerprint row, for rebuilding the dedup index. Rows come back in the order they were
/// committed.
struct StoredFingerprint {
  std::string story_id;  ///< The story that the text belongs to.
  std::string dedup_group;
  std::string feed_id;
  std::string publisher;
  Time decided_at{};
  std::string url_key;
  std::uint64_t text_hash = 0;
  std::string fingerprint;
};

/// A membership row, for rebuilding the event index. In the order they were committed.
struct StoredMember {
  std::string event_id;
  std::string story_id;
  Time decided_at{};
  Time published{};
  std::string vector;
};

struct StoredEvent {
  /// As last published; only `id`, `first_seen_at` and `updated_at` if it never was. `absorbed` is
  /// not empty if that and `added` are still to be named, as of `updated_at` (EventCommit::untold).
  Event event;
  std::int64_t dirty_revision = 0;
  std::optional<Time> due;  ///< Dirty, to be summarized at this time.
  bool closed = false;
};

/// The desk's store: the only writer of stories, events and the log. One of the three roles of the
/// store.
///
/// Desk thread only.
class Ledger {
 public:
  virtual ~Ledger() = default;

  virtual Result<LogPosition> position() = 0;

  /// Which of these items of the feed are known. One look-up a key.
  virtual Result<std::vector<KnownItem>> known_items(std::string_view feed_id,
                                                     std::span<const std::string> keys) = 0;

  /// As last committed; nullopt if the feed was never polled. One look-up.
  virtual Result<std::optional<FeedState>> feed_state(std::string_view feed_id) = 0;

  /// What a feed's furniture is learned from, as last committed; empty: nothing yet. One look-up.
  virtual Result<std::string> line_counts(std::string_view feed_id) = 0;

  /// As last committed, but in the event that it belongs to now: that may have become part of
  /// another since.
  virtual Result<std::optional<Story>> story(std::string_view story_id) = 0;

  /// The story's place in an event; nullopt: it has none (any more).
  virtual Result<std::optional<StoredMember>> member(std::string_view story_id) = 0;
  /// All of an event in the order they were committed, without their vectors.
  virtual Result<std::vector<StoredMember>> members_of(std::string_view event_id) = 0;
  /// An event, closed or not.
  virtual Result<std::optional<StoredEvent>> event(std::string_view event_id) = 0;

  /// The story that an item with this URL key, or this hash of its folded text, became; newest
  /// first.
  virtual Result<std::optional<std::string>> story_by_url_key(std::string_view url_key) = 0;
  virtual Result<std::optional<std::string>> story_by_text_hash(std::uint64_t text_hash) = 0;

  /// Writes the batch in one transaction with synchronous=FULL and returns the messages as
  /// committed, in sequence order. On error nothing was written, and the identical batch may be
  /// committed again: it gets the same numbers. kTransient (the disk is full, another process
  /// holds the lock): try again. kStorage: the store is damaged, stop.
  virtual Result<std::vector<Publication>> commit(const Batch& batch, Time now) = 0;

  /// Remembers a poll that brought nothing at no more than a microsecond or two: what is told
  /// survives the death of the process at once, a loss of power not surely. False: more than times
  /// and counters has changed, or there is no such place; it is for commit() then. `before` is what
  /// the store knows.
  virtual bool note_poll(const FeedState& before, const FeedState& after) {
    (void)before, (void)after;
    return false;
  }
  /// Everything that was noted has been committed meanwhile.
  virtual void forget_notes() {}

  /// For rebuilding the indexes at start: rows decided at or after `since`, through `row` one by
  /// one, each valid during the call, until it returns false. The call may change it, and so take
  /// what it holds. On any thread, both at once too, while the desk commits nothing.
  virtual Result<void> fingerprints_since(Time since,
                                          const std::function<bool(StoredFingerprint&)>& row) = 0;
  virtual Result<void> members_since(Time since, const std::function<bool(StoredMember&)>& row) = 0;
  virtual Result<std::vector<StoredEvent>> live_events() = 0;

  /// The furniture of every feed of which some was learned, one by one, without its texts.
  virtual Result<void> each_furniture(
      const std::function<void(const std::string& feed_id, Furniture)>& visit) = 0;

  /// Drops log messages beyond any of the limits (never those of live events' latest), stories and
  /// fingerprints older than `stories_before` (but for the stories of live events), tombstones not
  /// seen since `items_before` (to the day: a sighting is noted once a day) with their trails; but
  /// what a feed's last document had only if not seen since `last_shown_before`: a feed that fails
  /// or is paused for long may come back with it, and it would be new once more.
  /// Feeds that are not configured and were last polled before `feeds_before` are forgotten, with
  /// what waits to be fetched for them; their tombstones stay as long as others.
  /// Bounded work a call (about 1,000 rows of each): true if more is left to do. Feeds are looked
  /// at 1,000 a call, whoever is left.
  struct Retention {
    Time log_before{};           ///< Messages decided earlier go; the epoch: none.
    std::int64_t log_count = 0;  ///< Messages kept at most; 0: no limit.
    std::int64_t log_bytes = 0;  ///< Bytes of topics and bodies kept at most; 0: no limit.
    Time stories_before{};
    Time items_before{};
    Time last_shown_before{};
    /// Whether an operator still wants the feed; null: none is forgotten.
    std::function<bool(const std::string& feed_id)> is_configured;
    Time feeds_before{};
  };
  virtual Result<bool> prune(const Retention& retention) = 0;
};

}  // namespace nutgraf
