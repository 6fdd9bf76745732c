#include "daemon/pipeline/desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

#include "daemon/base/hash.h"
#include "daemon/base/url.h"
#include "daemon/dedup/identity.h"
#include "daemon/dedup/update.h"
#include "daemon/pipeline/drafts.h"
#include "daemon/service/logging.h"

namespace nutgraf {
namespace {

constexpr std::chrono::minutes kHousekeepingEvery{10};
constexpr std::chrono::milliseconds kLongestRetryPause{5000};

std::string host_of_key(std::string_view url_key) {
  return std::string(url_key.substr(0, url_key.find('/')));
}

Candidate candidate_of(const AnalysedStory& told, std::string known_as, Time now) {
  Candidate candidate;
  candidate.id = told.story.id;
  candidate.known_as = std::move(known_as);
  candidate.url_key = told.url_key;
  candidate.host = host_of_key(told.url_key);
  candidate.time = now;
  candidate.print = told.fingerprint;
  return candidate;
}

/// The rows that every decision about a story writes: what the item was and what it came to.
StoryCommit commit_of(const AnalysedStory& told, Fate fate, const Verdict& verdict) {
  StoryCommit commit;
  commit.pending_id = told.pending.id;
  commit.pending_revision = told.pending.revision;
  commit.feed_id = told.pending.feed_id;
  commit.item_key = told.pending.item_key;
  commit.fate = fate;
  commit.reason = verdict.reason;
  commit.url_key = told.url_key;
  commit.text_hash = told.text_hash;
  commit.fingerprint = serialize(told.fingerprint);
  commit.dedup_group = verdict.group;
  commit.publisher = told.story.source.publisher;
  return commit;
}

FeedState changed(FeedState state, FeedRequest::Kind kind, Time now) {
  switch (kind) {
    case FeedRequest::Kind::kPause:
    case FeedRequest::Kind::kResume:
      state.paused = kind == FeedRequest::Kind::kPause;
      break;
    case FeedRequest::Kind::kReset:
      state.etag.clear();
      state.last_modified.clear();
      state.failures = 0;
      state.last_error.clear();
      state.next_poll = now;
      break;
    case FeedRequest::Kind::kPollNow:  // Changes nothing that is remembered.
      break;
  }
  return state;
}

bool add_once(std::vector<std::string>& list, const std::string& value) {
  if (value.empty() || std::find(list.begin(), list.end(), value) != list.end()) return false;
  list.push_back(value);
  return true;
}

/// Whether a revision of `original` may come from `told`: only its own publisher rewrites a story.
/// Another outlet's copy with a paragraph more is a duplicate; its text would stand under the wrong
/// name and link.
bool same_hand(const AnalysedStory& told, const Verdict& verdict, const Story& original) {
  return verdict.reason == "url" || told.story.url == original.url ||
         told.story.source.publisher == original.source.publisher;
}

}  // namespace

Desk::Desk(Seams seams, DeskOptions options, const DedupOptions& dedup, const EventOptions& events)
    : seams_(std::move(seams)), options_(std::move(options)), dedup_(dedup), events_(events) {}

void Desk::configure(DeskOptions options) {
  const std::lock_guard lock(shared_mutex_);
  options_ = std::move(options);
}

DeskOptions Desk::options() const {
  const std::lock_guard lock(shared_mutex_);
  return options_;
}

std::optional<Error> Desk::damage() const {
  const std::lock_guard lock(shared_mutex_);
  return damage_;
}

Result<void> Desk::restore() {
  const Time since = seams_.clock.utc() - options_.stories_age;
  if (Result<void> stories = restore_stories(since); !stories) return stories;
  if (Result<void> events = restore_events(since); !events) return events;
  spdlog::info("restored stories={} events={}", dedup_.size(), live_events_.size());
  return {};
}

Result<void> Desk::restore_stories(Time since) {
  return seams_.ledger.fingerprints_since(since, [this](const StoredFingerprint& row) {
    std::optional<Fingerprint> print = parse_fingerprint(row.fingerprint);
    if (!print) return;
    Candidate candidate;
    candidate.id = row.story_id;
    candidate.url_key = row.url_key;
    candidate.host = host_of_key(row.url_key);
    candidate.time = row.decided_at;
    candidate.print = *std::move(print);
    remember(candidate, row.dedup_group);
  });
}

Result<void> Desk::restore_events(Time since) {
  Result<std::vector<StoredEvent>> stored = seams_.ledger.live_events();
  if (!stored) return tl::unexpected(stored.error());
  for (const StoredEvent& row : *stored) {
    LiveEvent& event = live_events_[row.event.id];
    event.dirty_revision = row.dirty_revision;
    event.newest = row.event.first_seen_at;
    // A clock that was wrong when it was stored must not put it off for ever.
    const Time latest = seams_.clock.utc() + options_.event_debounce;
    if (row.due) event.due = std::min(*row.due, latest);
    if (row.event.revision > 0) event.published = row.event;
  }
  Result<void> members = seams_.ledger.members_since(since, [this](const StoredMember& row) {
    if (!events_.restore(row.event_id, row.decided_at, row.published, row.vector)) return;
    const auto found = live_events_.find(row.event_id);
    if (found == live_events_.end()) return;  // Closed.
    LiveEvent& event = found->second;
    ++event.size;
    event.newest = row.decided_at;
    if (!event.published || row.decided_at > event.published->updated_at) {
      event.joined.emplace_back(0, row.story_id);
    }
  });
  if (!members) return members;
  Mail mail;
  for (auto& [id, event] : live_events_) {
    if (event.published) event.size = std::max(event.size, event.published->size);
    if (event.due) mail.events.push_back({id, event.dirty_revision, event.size, *event.due});
  }
  seams_.mailbox.put(std::move(mail));
  return {};
}

void Desk::run() {
  next_housekeeping_ = seams_.clock.monotonic() + kHousekeepingEvery;
  while (!seams_.outcomes.drained() && !giving_up_) {
    std::optional<Outcome> outcome = seams_.outcomes.pop_for(std::chrono::seconds(1));
    const BusyScope busy(seams_.pulse);
    seams_.metrics.outcome_queue.set(static_cast<std::int64_t>(seams_.outcomes.size()));
    // The first outcome was waited for, the others are there already: an idle desk commits at once.
    for (; outcome; outcome = seams_.outcomes.try_pop()) {
      decide(*std::move(outcome));
      if (giving_up_) return;  // What was decided on half the facts must not be committed.
      if (rows() >= kBatch) break;
    }
    commit();
    if (seams_.clock.monotonic() >= next_housekeeping_) housekeeping();
  }
}

std::size_t Desk::rows() const {
  return batch_.polls.size() + batch_.stories.size() + batch_.retries.size() + batch_.events.size();
}

void Desk::decide(Outcome outcome) {
  mail_.finished.push_back(outcome.job_id);
  std::visit([this]<typename T>(T&& result) { decide_on(std::forward<T>(result)); },
             std::move(outcome.result));
}

// ---- poll trip

void Desk::decide_on(PolledFeed polled) {
  const Time now = seams_.clock.utc();
  std::vector<std::string> still_there;
  std::size_t new_items = 0;
  std::vector<ItemArrival> found;
  if (polled.outcome.kind == PollOutcome::Kind::kItems) {
    found = arrivals(polled, &still_there, &new_items);
    polled.outcome.new_items = new_items;
    if (!polled.state.last_success) apply_first_poll(&found);
  }
  // Paused while this poll was on its way.
  if (const auto known = feeds_.find(polled.source.id); known != feeds_.end()) {
    polled.state.paused = known->second.paused;
  }
  FeedState after = after_poll(polled.state, polled.outcome, polled.source, options().poll, now);

  PollCommit commit;
  if (after.health != polled.state.health) commit.message = feed_draft(after);
  for (const ItemArrival& arrival : found) mail_.items_wait |= arrival.enqueue;
  log_poll(polled, after, new_items);
  commit.state = after;
  commit.arrivals = std::move(found);
  commit.still_there = std::move(still_there);
  feeds_[after.feed_id] = after;
  batch_.polls.push_back(std::move(commit));
  mail_.feeds.push_back(std::move(after));

  count_poll(polled);
}

std::vector<ItemArrival> Desk::arrivals(const PolledFeed& polled,
                                        std::vector<std::string>* still_there,
                                        std::size_t* new_items) {
  std::vector<std::string> keys;
  for (const PolledItem& item : polled.items) keys.push_back(item.key);
  const auto rows = insist<std::vector<KnownItem>>(
      "known items", [&] { return seams_.ledger.known_items(polled.source.id, keys); });
  if (!rows) return {};
  std::unordered_map<std::string, KnownItem> known;
  for (const KnownItem& row : *rows) known.emplace(row.item_key, row);

  const Time now = seams_.clock.utc();
  const std::optional<std::chrono::seconds> max_age = options().poll.max_age;
  std::unordered_set<std::string> in_document;
  std::vector<ItemArrival> found;
  for (const PolledItem& item : polled.items) {
    if (!in_document.insert(item.key).second) continue;
    const auto row = known.find(item.key);
    if (row != known.end() && row->second.content_hash == item.content_hash) {
      still_there->push_back(item.key);
      continue;
    }
    ItemArrival arrival;
    arrival.content_hash = item.content_hash;
    arrival.pending.feed_id = polled.source.id;
    arrival.pending.item_key = item.key;
    arrival.pending.item = item.item;
    arrival.pending.first_seen = now;
    arrival.pending.backfill = !polled.state.last_success;
    arrival.pending.page_host = item.page_host;
    if (!item.item.link.empty()) arrival.url_key = url_key(item.item.link);
    const std::optional<Time> date = item.item.published ? item.item.published : item.item.updated;
    if (item.refusal) {
      arrival.enqueue = false;
      arrival.reason = *item.refusal;
    } else if (max_age && date && *date < now - *max_age) {
      arrival.enqueue = false;
      arrival.reason = "older than poll.max_age";
    } else if (row != known.end() && !row->second.pending && !row->second.quarantined &&
               row->second.story_id.empty()) {
      // It changed, but was refused when it was new: it stays out.
      arrival.enqueue = false;
      arrival.reason = "was not published when it was new";
    }
    (row == known.end() ? seams_.metrics.items_new : seams_.metrics.items_changed).add();
    if (!arrival.enqueue) seams_.metrics.items_recorded.add();
    *new_items += row == known.end();
    found.push_back(std::move(arrival));
  }
  return found;
}

void Desk::apply_first_poll(std::vector<ItemArrival>* arrivals) const {
  const FirstPoll policy = options().poll.first_poll;
  if (policy.kind == FirstPoll::Kind::kAll) return;
  std::vector<ItemArrival*> by_age;
  for (ItemArrival& arrival : *arrivals) {
    if (arrival.enqueue) by_age.push_back(&arrival);
  }
  const auto date = [](const ItemArrival* a) {
    return a->pending.item.published.value_or(a->pending.item.updated.value_or(Time::min()));
  };
  // Undated feeds keep their order, newest first by custom.
  std::stable_sort(by_age.begin(), by_age.end(),
                   [&](const auto* a, const auto* b) { return date(a) > date(b); });
  const std::size_t keep = policy.kind == FirstPoll::Kind::kNone ? 0 : policy.newest;
  for (std::size_t i = keep; i < by_age.size(); ++i) {
    by_age[i]->enqueue = false;
    by_age[i]->reason = "in the feed before its first poll (poll.first_poll)";
  }
}

void Desk::count_poll(const PolledFeed& polled) {
  Metrics& metrics = seams_.metrics;
  metrics.feed_bytes.add(static_cast<std::int64_t>(polled.bytes));
  switch (polled.outcome.kind) {
    case PollOutcome::Kind::kItems:
      return metrics.polls_changed.add();
    case PollOutcome::Kind::kNotModified:
      return metrics.polls_not_modified.add();
    case PollOutcome::Kind::kRateLimited:
      return metrics.polls_rate_limited.add();
    case PollOutcome::Kind::kGone:
    case PollOutcome::Kind::kFailed:
    case PollOutcome::Kind::kNetworkDown:
      return metrics.polls_failed.add();
  }
}

void Desk::log_poll(const PolledFeed& polled, const FeedState& after, std::size_t new_items) const {
  const auto next =
      std::chrono::duration_cast<std::chrono::seconds>(after.next_poll - seams_.clock.utc());
  if (after.last_error.empty()) {
    spdlog::info("poll feed={} status={} items={} new={} bytes={} ms={} next={}s reason={}",
                 after.feed_id, after.last_status, polled.items.size(), new_items, polled.bytes,
                 polled.took.count(), next.count(), after.next_reason);
  } else {
    spdlog::warn("poll feed={} status={} error={} failures={:.2f} ms={} next={}s reason={}",
                 after.feed_id, after.last_status, log_value(after.last_error), after.failures,
                 polled.took.count(), next.count(), after.next_reason);
  }
  if (!polled.repairs.empty()) {
    spdlog::debug("repaired feed={} what={} and {} more", after.feed_id,
                  log_value(polled.repairs.front()), polled.repairs.size() - 1);
  }
}

void Desk::decide_on(StateJob change) {
  const auto known = feeds_.find(change.state.feed_id);
  // A poll may have been decided since the fetcher looked.
  const bool newer =
      known != feeds_.end() && known->second.configured_url == change.state.configured_url;
  FeedState state =
      changed(newer ? known->second : std::move(change.state), change.kind, seams_.clock.utc());
  feeds_[state.feed_id] = state;
  PollCommit commit;
  commit.state = state;
  batch_.polls.push_back(std::move(commit));
  mail_.feeds.push_back(std::move(state));
}

// ---- story trip

void Desk::decide_on(AnalysedStory told) {
  const std::optional<KnownItem> known = known_item(told.pending.feed_id, told.pending.item_key);
  Candidate candidate = candidate_of(told, known ? known->story_id : "", seams_.clock.utc());
  Verdict verdict = dedup_.decide(candidate);
  if (verdict.blocked && !told.pending.page_host.empty() &&
      told.story.text_from == TextFrom::kPage) {
    retry_without_page(told.pending, "the page says the same as others under other titles");
    return;
  }
  std::optional<Story> original;
  if (verdict.kind != Verdict::Kind::kNew) original = load_story(verdict.of);
  if (!original) {
    // New, or a copy of what retention has already dropped from the store.
    candidate.id = told.story.id = free_story_id(told.story, told.text_hash);
    if (verdict.of.empty()) verdict.group = told.story.id;
    remember(candidate, verdict.group);
    batch_.stories.push_back(publish_new(std::move(told), verdict));
    return;
  }
  // Every text of a group is remembered under the story it belongs to.
  candidate.id = original->id;
  remember(candidate, verdict.group);
  const bool linked_before = known && known->story_id == original->id;
  if (verdict.kind == Verdict::Kind::kUpdate && same_hand(told, verdict, *original)) {
    batch_.stories.push_back(
        publish_update(std::move(told), verdict, *std::move(original), linked_before));
  } else {
    batch_.stories.push_back(link_duplicate(told, verdict, *std::move(original), linked_before));
  }
}

/// In the words in which restore() says it, so that both make the same index.
void Desk::remember(const Candidate& candidate, const std::string& group) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::kDuplicate;  // Of its group, which the first of it opens.
  verdict.group = group;
  dedup_.add(candidate, verdict);
}

/// A consent or challenge page is no article: the story is made from what the feed gave.
void Desk::retry_without_page(const PendingItem& pending, const std::string& why) {
  batch_.retries.push_back({.pending_id = pending.id,
                            .pending_revision = pending.revision,
                            .not_before = seams_.clock.utc(),
                            .error = why,
                            .without_page = true});
  mail_.items_wait = true;
  seams_.metrics.pages_blocked.add();
  spdlog::warn("blocked feed={} page={}", pending.feed_id, log_value(pending.item.link));
}

StoryCommit Desk::publish_new(AnalysedStory told, const Verdict& verdict) {
  StoryCommit commit = commit_of(told, Fate::kPublished, verdict);
  Story story = std::move(told.story);
  commit.story_id = story.id;
  join_event(told, &story, &commit);
  commit.message = story_draft(story, "create", options().publish_text);
  uncommitted_[story.id] = story;
  commit.story = std::move(story);
  seams_.metrics.stories_published.add();
  return commit;
}

StoryCommit Desk::publish_update(AnalysedStory told, const Verdict& verdict, Story original,
                                 bool known) {
  std::vector<Change> changes = changed_sentences(original.text, told.story.text);
  if (changes.empty() && told.story.title == original.title) {
    return link_duplicate(told, verdict, std::move(original), known);
  }
  StoryCommit commit = commit_of(told, Fate::kUpdated, verdict);
  Story story = std::move(told.story);
  story.id = original.id;
  story.revision = original.revision + 1;
  story.language = original.language;
  story.category = original.category;
  story.first_seen_at = original.first_seen_at;
  story.published_at = original.published_at ? original.published_at : story.published_at;
  story.published_from = original.published_at ? original.published_from : story.published_from;
  story.backfill = original.backfill;
  story.event_id = original.event_id;
  story.event_size = original.event_size;
  story.duplicate_count = original.duplicate_count;
  story.duplicate_sources = std::move(original.duplicate_sources);
  story.changes = std::move(changes);
  commit.story_id = story.id;
  if (!story.event_id.empty()) touch_event(story.event_id, 0, &commit);
  commit.message = story_draft(story, "update", options().publish_text);
  uncommitted_[story.id] = story;
  commit.story = std::move(story);
  seams_.metrics.stories_updated.add();
  return commit;
}

StoryCommit Desk::link_duplicate(const AnalysedStory& told, const Verdict& verdict, Story original,
                                 bool known) {
  // Counted already: an item that is edited a hundred times is one copy.
  const bool same_item =
      known || (told.pending.feed_id == original.source.feed_id &&
                told.story.guid == original.guid && told.story.url == original.url);
  StoryCommit commit = commit_of(told, same_item ? Fate::kUnchanged : Fate::kDuplicate, verdict);
  commit.story_id = original.id;
  if (same_item) {
    seams_.metrics.stories_unchanged.add();
    return commit;
  }
  seams_.metrics.stories_duplicate.add();
  original.duplicate_count++;
  add_once(original.duplicate_sources, told.story.source.publisher);
  if (!original.event_id.empty()) touch_event(original.event_id, 0, &commit);
  uncommitted_[original.id] = original;
  commit.story = std::move(original);
  return commit;
}

void Desk::join_event(const AnalysedStory& told, Story* story, StoryCommit* commit) {
  EventCandidate candidate;
  candidate.story_id = story->id;
  candidate.decided = seams_.clock.utc();
  candidate.published = story->published_at.value_or(story->first_seen_at);
  candidate.vector = told.vector;
  const Assignment assignment = events_.assign(candidate);
  if (assignment.event_id.empty()) return;
  commit->opens_event = assignment.opens;
  commit->vector = assignment.stored;
  LiveEvent& event = live_events_[assignment.event_id];
  event.newest = candidate.decided;
  closed_events_ -= std::exchange(event.closed, false) ? 1 : 0;
  story->event_id = assignment.event_id;
  touch_event(assignment.event_id, 1, commit);
  event.joined.emplace_back(event.dirty_revision, story->id);
  story->event_size = event.size;
}

void Desk::touch_event(const std::string& event_id, int grown_by, StoryCommit* commit) {
  const auto found = live_events_.find(event_id);
  if (found == live_events_.end() || found->second.closed) return;
  LiveEvent& event = found->second;
  event.size += grown_by;
  commit->event_id = event_id;
  if (event.size < 2) return;  // One report is a story, not yet an event.
  event.dirty_revision++;
  // Not moved by later arrivals: an event that grows without a pause must still be told about.
  if (!event.due) event.due = seams_.clock.utc() + options().event_debounce;
  commit->event_due = event.due;
  mail_.events.push_back({event_id, event.dirty_revision, event.size, *event.due});
}

std::string Desk::free_story_id(const Story& story, std::uint64_t text_hash) {
  // A URL or GUID that was used again for something else: the same in every daemon that saw the
  // same.
  return load_story(story.id) ? hash_id(story.id + ":" + std::to_string(text_hash)) : story.id;
}

std::optional<Story> Desk::load_story(const std::string& id) {
  if (const auto found = uncommitted_.find(id); found != uncommitted_.end()) return found->second;
  const auto row = insist<std::optional<Story>>("story", [&] { return seams_.ledger.story(id); });
  return row ? *row : std::nullopt;
}

std::optional<KnownItem> Desk::known_item(const std::string& feed_id, const std::string& key) {
  const std::vector<std::string> keys{key};
  const auto rows = insist<std::vector<KnownItem>>(
      "known item", [&] { return seams_.ledger.known_items(feed_id, keys); });
  if (!rows || rows->empty()) return std::nullopt;
  return rows->front();
}

void Desk::decide_on(const FailedStory& failed) {
  const PendingItem& pending = failed.pending;
  if (failed.error.code == ErrorCode::kTransient) {
    // 1, 2, 4 minutes: a page that is down for a moment is worth waiting for, a story should not
    // be.
    const auto wait = std::chrono::minutes(1 << std::clamp(pending.attempts - 1, 0, 6));
    batch_.retries.push_back(
        {pending.id, pending.revision, seams_.clock.utc() + wait, failed.error.message});
    mail_.items_wait = true;
    seams_.metrics.stories_retried.add();
    return;
  }
  StoryCommit commit;
  commit.pending_id = pending.id;
  commit.pending_revision = pending.revision;
  commit.feed_id = pending.feed_id;
  commit.item_key = pending.item_key;
  commit.fate = Fate::kQuarantined;
  commit.reason = failed.error.message;
  batch_.stories.push_back(std::move(commit));
  seams_.metrics.stories_quarantined.add();
  spdlog::warn("quarantined feed={} item={} error={}", pending.feed_id,
               log_value(pending.item.link), log_value(failed.error.message));
}

// ---- event trip

void Desk::decide_on(WrittenEvent written) {
  const auto found = live_events_.find(written.event_id);
  if (found == live_events_.end()) return;  // Closed meanwhile.
  LiveEvent& live = found->second;
  EventCommit commit;
  commit.dirty_revision = written.dirty_revision;
  const bool opened = !live.published;
  if (!opened) written.event.language = live.published->language;  // And so its topic.
  const bool same_words = !opened && live.published->summary_text == written.event.summary_text &&
                          live.published->title == written.event.title &&
                          live.published->size == written.event.size &&
                          live.published->independent == written.event.independent &&
                          live.published->conflicts == written.event.conflicts;
  written.event.revision = (opened ? 0 : live.published->revision) + (same_words ? 0 : 1);
  written.event.updated_at = seams_.clock.utc();
  if (!same_words && written.event.size >= 2) {
    name_joined(live, written);
    commit.message = event_draft(written.event, opened ? "open" : "grow");
    (opened ? seams_.metrics.events_opened : seams_.metrics.events_grown).add();
    live.published = written.event;
  }
  commit.event = same_words ? *live.published : written.event;
  if (live.dirty_revision == written.dirty_revision) {
    live.due.reset();
  } else {
    live.due = seams_.clock.utc() + options().event_debounce;
    mail_.events.push_back({written.event_id, live.dirty_revision, live.size, *live.due});
  }
  batch_.events.push_back(std::move(commit));
}

/// Says which stories joined since the last message: the summary's writer saw only some members.
void Desk::name_joined(LiveEvent& live, WrittenEvent& written) const {
  Event& event = written.event;
  event.added.clear();
  const auto later = std::stable_partition(
      live.joined.begin(), live.joined.end(),
      [&](const auto& joined) { return joined.first <= written.dirty_revision; });
  for (auto it = live.joined.begin(); it != later; ++it) event.added.push_back(it->second);
  live.joined.erase(live.joined.begin(), later);
  if (!live.published) return;
  const std::size_t added = event.added.size();
  event.changed_because =
      added == 0 ? "a story changed"
                 : std::to_string(added) + (added == 1 ? " story joined" : " stories joined");
}

void Desk::close_silent_events() {
  const DeskOptions limits = options();
  const Time silent_since = seams_.clock.utc() - limits.event_close_after;
  const Time forgotten_since = seams_.clock.utc() - limits.stories_age;
  for (auto it = live_events_.begin(); it != live_events_.end();) {
    LiveEvent& event = it->second;
    if (event.closed && event.newest <= forgotten_since) {
      it = live_events_.erase(it);
      --closed_events_;
      continue;
    }
    if (!event.closed && !event.due && event.newest <= silent_since) {
      close_event(it->first, event);
      event.closed = true;
      ++closed_events_;
    }
    ++it;
    if (batch_.events.size() >= kBatch) commit();
    if (giving_up_) return;
  }
  commit();
}

void Desk::close_event(const std::string& id, const LiveEvent& live) {
  EventCommit commit;
  commit.dirty_revision = live.dirty_revision;
  commit.closed = true;
  commit.event.id = id;
  if (live.published) {
    commit.event = *live.published;
    commit.event.revision++;
    commit.event.added.clear();
    commit.event.fresh.clear();
    commit.event.changed_because = "no new report";
    commit.message = event_draft(commit.event, "close");
    seams_.metrics.events_closed.add();
  }
  batch_.events.push_back(std::move(commit));
}

// ---- commit, then send

void Desk::commit() {
  if (!batch_.empty()) {
    const Time now = seams_.clock.utc();
    const Monotonic begin = seams_.clock.monotonic();
    const auto messages = insist<std::vector<Publication>>(
        "commit", [&] { return seams_.ledger.commit(batch_, now); });
    if (!messages) return;  // Giving up: nothing of the batch has happened.
    seams_.metrics.commits.add();
    seams_.metrics.commit_microseconds.add(
        std::chrono::duration_cast<std::chrono::microseconds>(seams_.clock.monotonic() - begin)
            .count());
    seams_.metrics.last_commit_unix.set(
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    if (!messages->empty()) seams_.metrics.log_head.set(messages->back().seq);
    deliver(*messages);
  }
  batch_ = {};
  uncommitted_.clear();
  if (!mail_.finished.empty()) seams_.mailbox.put(std::exchange(mail_, {}));
  seams_.metrics.events_live.set(static_cast<std::int64_t>(live_events_.size() - closed_events_));
}

void Desk::deliver(std::vector<Publication> messages) {
  seams_.metrics.messages.add(static_cast<std::int64_t>(messages.size()));
  for (const Publication& message : messages) {
    seams_.metrics.message_bytes.add(static_cast<std::int64_t>(message.body.size()));
  }
  if (!messages.empty()) seams_.publisher.publish(std::move(messages));
}

void Desk::housekeeping() {
  next_housekeeping_ = seams_.clock.monotonic() + kHousekeepingEvery;
  close_silent_events();
  const Time now = seams_.clock.utc();
  const DeskOptions limits = options();
  Ledger::Retention retention;
  retention.log_before = now - limits.log_age;
  retention.log_count = limits.log_count;
  retention.log_bytes = limits.log_bytes;
  retention.stories_before = now - limits.stories_age;
  retention.items_before = now - limits.items_age;
  const Result<bool> more = seams_.ledger.prune(retention);
  if (!more) {
    spdlog::error("prune error=\"{}\"", more.error().message);
    return;
  }
  // In small bites, so that stories do not wait for it.
  if (*more) next_housekeeping_ = seams_.clock.monotonic() + std::chrono::seconds(1);
  if (const Result<LogPosition> position = seams_.ledger.position()) {
    seams_.floor_moved(position->floor);
  }
}

template <typename T>
std::optional<T> Desk::insist(std::string_view what, const std::function<Result<T>()>& read) {
  for (int attempt = 1;; ++attempt) {
    Result<T> result = read();
    if (result) {
      seams_.metrics.store_failing.set(0);
      return *std::move(result);
    }
    if (!pause_before_retry(what, result.error(), attempt)) return std::nullopt;
  }
}

bool Desk::pause_before_retry(std::string_view what, const Error& error, int attempt) {
  seams_.metrics.commits_failed.add();
  seams_.metrics.store_failing.set(1);
  if (error.code == ErrorCode::kStorage) {
    // Trying again would not mend it, and going on could make it worse.
    const std::lock_guard lock(shared_mutex_);
    damage_ = error;
    giving_up_ = true;
  }
  spdlog::error("store what=\"{}\" attempt={} error=\"{}\"", what, attempt, error.message);
  const auto pause =
      std::min(std::chrono::milliseconds(50) * (1 << std::min(attempt, 8)), kLongestRetryPause);
  for (auto slept = std::chrono::milliseconds(0); slept < pause && !giving_up_;
       slept += std::chrono::milliseconds(50)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return !giving_up_;
}

}  // namespace nutgraf
