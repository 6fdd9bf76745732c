#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/ledger.h"
#include "daemon/store/log_reader.h"
#include "daemon/store/work_store.h"

namespace nutgraf {

/// The three roles of the store in plain containers: what unit tests of the pipeline run on, and
/// the oracle for the real one (tests/store/conformance_test.cc holds both to the same facts).
/// A purge leaves its log as it was. Thread-safe by one lock. Does not survive the process, keeps
/// everything in the page limits of its readers, and looks at every row for every question.
class MemoryStore final : public Ledger, public WorkStore, public LogReader {
 public:
  using EnvelopeWriter = std::string (*)(const Draft&, const Stamp&);
  explicit MemoryStore(EnvelopeWriter envelope) : envelope_(envelope) {}

  Ledger& ledger() { return *this; }
  WorkStore& work() { return *this; }
  LogReader& reader() { return *this; }

  /// The next `times` commits fail with kTransient and change nothing.
  void fail_commits(int times);
  /// Likewise the next releases.
  void fail_releases(int times);
  /// How many releases there were, of however many items each.
  int releases();
  /// As a restart would: what is claimed was in hand when the process died.
  void clear_claims();

  // Ledger
  Result<LogPosition> position() override;
  Result<std::vector<KnownItem>> known_items(std::string_view feed_id,
                                             std::span<const std::string> keys) override;
  Result<std::optional<FeedState>> feed_state(std::string_view feed_id) override;
  Result<std::string> line_counts(std::string_view feed_id) override;
  Result<std::optional<Story>> story(std::string_view story_id) override;
  Result<std::optional<StoredMember>> member(std::string_view story_id) override;
  Result<std::vector<StoredMember>> members_of(std::string_view event_id) override;
  Result<std::optional<StoredEvent>> event(std::string_view event_id) override;
  Result<std::optional<std::string>> story_by_url_key(std::string_view url_key) override;
  Result<std::optional<std::string>> story_by_text_hash(std::uint64_t text_hash) override;
  Result<std::vector<Publication>> commit(const Batch& batch, Time now) override;
  Result<void> fingerprints_since(Time since,
                                  const std::function<bool(StoredFingerprint&)>& row) override;
  Result<void> members_since(Time since, const std::function<bool(StoredMember&)>& row) override;
  Result<std::vector<StoredEvent>> live_events() override;
  Result<void> each_furniture(
      const std::function<void(const std::string& feed_id, Furniture)>& visit) override;
  Result<bool> prune(const Retention& keep) override;

  // WorkStore
  Result<void> each_feed_state(
      const std::function<void(const FeedState&, bool noted)>& visit) override;
  Result<std::vector<PendingItem>> claim(const ClaimRequest& request) override;
  Result<void> release(std::span<const std::int64_t> ids, Time not_before) override;
  Result<std::vector<Recheck>> claim_rechecks(Time now, std::size_t limit,
                                              const std::vector<std::string>& busy_hosts) override;
  Result<void> clamp_times(Time now, Time latest) override;
  Result<void> put_note(const SiteNote& note, Time now) override;
  Result<void> each_note(Time now, std::size_t limit,
                         const std::function<void(const SiteNote&)>& visit) override;
  Result<Backlog> backlog(Time now) override;
  Result<std::vector<Story>> event_stories(std::string_view event_id, std::size_t limit) override;
  Result<std::optional<Event>> published_event(std::string_view event_id) override;

  // LogReader
  Result<std::variant<LogPage, LogRefusal>> page(const LogQuery& query) override;
  Result<LogPage> snapshot(const std::vector<std::string>& prefixes, int page) override;
  Result<LogPage> newest(const std::vector<std::string>& prefixes, std::optional<Sequence> before,
                         std::size_t limit) override;
  Result<std::optional<Publication>> latest_of(std::string_view subject) override;
  Result<std::optional<Publication>> latest_at(std::string_view url_key) override;
  Result<std::vector<QuarantinedItem>> quarantined() override;
  Result<Furniture> furniture(std::string_view feed_id) override;
  Result<std::vector<WaitingHost>> waiting_pages() override;
  Result<std::vector<TrailEntry>> trail(std::string_view url_key, std::string_view guid,
                                        std::string_view story_id) override;

 private:
  using ItemKey = std::pair<std::string, std::string>;  ///< feed_id, item_key

  struct Item {
    KnownItem known;
    Time last_seen{};
    std::string guid;
    std::string url_key;
  };
  struct Pending {
    PendingItem item;
    bool claimed = false;
  };
  struct Message {
    Publication publication;
    Time decided_at{};
    std::string subject;
    std::int64_t bytes() const {
      return static_cast<std::int64_t>(publication.topic.size() + publication.body.size());
    }
  };
  struct StoredStory {
    Story story;
    Time decided_at{};
  };
  struct Member {
    StoredMember row;
    Time decided_at{};
  };
  struct RecheckRow {
    Recheck look;
    Time due{};
    int tries = 0;
  };
  struct EventRow {
    StoredEvent stored;
    std::optional<Event> published;
    Time updated{};
    Sequence last_seq = 0;
  };

  void apply(const PollCommit& poll, Time now);
  void apply(const std::string& feed_id, const ItemArrival& arrival, Time now);
  void apply(const StoryCommit& commit, Time now);
  void apply(const RetractCommit& retract, Time now);
  void apply(const RetryCommit& retry, Time now);
  void apply(const EventCommit& commit, Time now);
  void settle_pending(const StoryCommit& commit);
  void store_membership(const StoryCommit& commit, Time now);
  Sequence append(const Draft& draft, Time now);
  EventRow& event_row(const std::string& id, Time now);
  EventRow* find_event(std::string_view id);
  bool is_live_latest(Sequence seq) const;
  bool has_pending(const ItemKey& key) const;
  void tell_members(const std::string& event_id, const EventStep& step, Time now);
  void leave_trail(const ItemKey& key, Time now, std::string what, std::string reason,
                   std::string story_id);
  std::optional<Publication> latest(std::string_view subject) const;

  const EnvelopeWriter envelope_;
  std::mutex mutex_;

  // Under the lock.
  int failing_ = 0;
  int failing_releases_ = 0;
  int releases_ = 0;
  LogPosition position_{.epoch = "memory", .topics = {}};
  std::map<Sequence, Message> log_;
  std::vector<Publication> written_;  ///< By the commit under way.
  std::map<std::string, FeedState> feeds_;
  std::map<ItemKey, Item> items_;
  std::map<std::int64_t, Pending> pending_;
  std::int64_t last_pending_ = 0;
  std::map<std::string, std::string, std::less<>> line_counts_;
  std::map<std::string, Furniture, std::less<>> furniture_;
  std::map<std::string, SiteNote> notes_;
  std::map<ItemKey, QuarantinedItem> quarantine_;
  std::vector<TrailEntry> trail_;
  std::map<std::string, StoredStory, std::less<>> stories_;
  std::vector<StoredFingerprint> fingerprints_;
  std::vector<Member> members_;
  std::vector<EventRow> events_;
  std::map<std::string, RecheckRow, std::less<>> rechecks_;
};

}  // namespace nutgraf
