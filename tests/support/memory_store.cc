#include "tests/support/memory_store.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "daemon/model/json.h"

namespace nutgraf {
namespace {

constexpr std::ptrdiff_t kTrailEntries = 20;
constexpr std::size_t kSnapshotPage = 100;

const char* name_of(Fate fate) {
  constexpr const char* kNames[] = {"published", "updated", "duplicate",
                                    "unchanged", "dropped", "quarantined"};
  return kNames[static_cast<int>(fate)];
}

bool matches(const std::string& topic, const std::vector<std::string>& prefixes) {
  return prefixes.empty() || std::ranges::any_of(prefixes, [&](const std::string& prefix) {
           return topic.starts_with(prefix);
         });
}

}  // namespace

void MemoryStore::fail_commits(int times) {
  const std::lock_guard lock(mutex_);
  failing_ = times;
}

void MemoryStore::fail_releases(int times) {
  const std::lock_guard lock(mutex_);
  failing_releases_ = times;
}

int MemoryStore::releases() {
  const std::lock_guard lock(mutex_);
  return releases_;
}

void MemoryStore::clear_claims() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, row] : pending_) {
    if (!std::exchange(row.claimed, false)) continue;
    row.item.attempts = std::max(row.item.attempts - 1, 0);
    ++row.item.crashes;
  }
}

// Ledger

Result<LogPosition> MemoryStore::position() {
  const std::lock_guard lock(mutex_);
  return position_;
}

Result<std::vector<KnownItem>> MemoryStore::known_items(std::string_view feed_id,
                                                        std::span<const std::string> keys) {
  const std::lock_guard lock(mutex_);
  std::vector<KnownItem> known;
  for (const std::string& key : keys) {
    const auto found = items_.find({std::string(feed_id), key});
    if (found == items_.end()) continue;
    known.push_back(found->second.known);
    known.back().pending = std::ranges::any_of(pending_, [&](const auto& row) {
      return row.second.item.feed_id == feed_id && row.second.item.item_key == key;
    });
    known.back().quarantined = quarantine_.contains({std::string(feed_id), key});
  }
  return known;
}

Result<std::optional<FeedState>> MemoryStore::feed_state(std::string_view feed_id) {
  const std::lock_guard lock(mutex_);
  const auto found = feeds_.find(std::string(feed_id));
  return found == feeds_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::string> MemoryStore::line_counts(std::string_view feed_id) {
  const std::lock_guard lock(mutex_);
  const auto found = line_counts_.find(feed_id);
  return found == line_counts_.end() ? std::string() : found->second;
}

Result<void> MemoryStore::each_furniture(
    const std::function<void(const std::string& feed_id, Furniture)>& visit) {
  const std::lock_guard lock(mutex_);
  for (const auto& [feed_id, furniture] : furniture_) {
    Furniture bare = furniture;
    for (FurnitureLine& line : bare.lines) line.text.clear();
    if (!bare.lines.empty()) visit(feed_id, std::move(bare));
  }
  return {};
}

Result<Furniture> MemoryStore::furniture(std::string_view feed_id) {
  const std::lock_guard lock(mutex_);
  const auto found = furniture_.find(feed_id);
  const bool some = found != furniture_.end() && !found->second.lines.empty();
  return some ? found->second : Furniture{};
}

Result<std::optional<Story>> MemoryStore::story(std::string_view story_id) {
  const std::lock_guard lock(mutex_);
  const auto found = stories_.find(story_id);
  if (found == stories_.end()) return std::nullopt;
  Story story = found->second.story;
  for (const Member& member : members_) {
    if (member.row.story_id == story_id) story.event_id = member.row.event_id;
  }
  return story;
}

Result<std::optional<StoredMember>> MemoryStore::member(std::string_view story_id) {
  const std::lock_guard lock(mutex_);
  for (const Member& member : members_) {
    if (member.row.story_id == story_id) return member.row;
  }
  return std::nullopt;
}

Result<std::vector<StoredMember>> MemoryStore::members_of(std::string_view event_id) {
  const std::lock_guard lock(mutex_);
  std::vector<StoredMember> members;
  for (const Member& member : members_) {
    if (member.row.event_id != event_id) continue;
    members.push_back(member.row);
    members.back().vector.clear();
  }
  return members;
}

Result<std::optional<StoredEvent>> MemoryStore::event(std::string_view event_id) {
  const std::lock_guard lock(mutex_);
  const EventRow* const row = find_event(event_id);
  if (row == nullptr) return std::nullopt;
  StoredEvent stored = row->stored;
  if (row->published) stored.event = *row->published;
  return stored;
}

Result<std::optional<std::string>> MemoryStore::story_by_url_key(std::string_view url_key) {
  const std::lock_guard lock(mutex_);
  for (auto row = fingerprints_.rbegin(); row != fingerprints_.rend() && !url_key.empty(); ++row) {
    if (row->url_key == url_key) return row->story_id;
  }
  return std::nullopt;
}

Result<std::optional<std::string>> MemoryStore::story_by_text_hash(std::uint64_t text_hash) {
  const std::lock_guard lock(mutex_);
  for (auto row = fingerprints_.rbegin(); row != fingerprints_.rend() && text_hash != 0; ++row) {
    if (row->text_hash == text_hash) return row->story_id;
  }
  return std::nullopt;
}

Result<std::vector<Publication>> MemoryStore::commit(const Batch& batch, Time now) {
  const std::lock_guard lock(mutex_);
  if (failing_ > 0) {
    --failing_;
    return fail(ErrorCode::kTransient, "memory store: told to fail");
  }
  written_.clear();
  for (const PollCommit& poll : batch.polls) apply(poll, now);
  for (const StoryCommit& story : batch.stories) apply(story, now);
  for (const RecheckCommit& recheck : batch.rechecks) {
    if (recheck.due) {
      rechecks_[recheck.look.story_id] = {recheck.look, *recheck.due};
      rechecks_[recheck.look.story_id].look.item.id = 0;
    } else {
      rechecks_.erase(recheck.look.story_id);
    }
  }
  for (const RetractCommit& retract : batch.retracts) apply(retract, now);
  for (const RetryCommit& retry : batch.retries) apply(retry, now);
  for (const EventCommit& event : batch.events) apply(event, now);
  for (const FurnitureCommit& commit : batch.furniture) {
    line_counts_[commit.feed_id] = commit.counts;
    if (commit.snapshot) furniture_[commit.feed_id] = *commit.snapshot;
  }
  return std::move(written_);
}

void MemoryStore::apply(const PollCommit& poll, Time now) {
  feeds_[poll.state.feed_id] = poll.state;
  for (const ItemArrival& arrival : poll.arrivals) apply(poll.state.feed_id, arrival, now);
  for (const std::string& key : poll.still_there) {
    const auto found = items_.find({poll.state.feed_id, key});
    if (found != items_.end()) found->second.last_seen = now;
  }
  if (poll.message) append(*poll.message, now);
}

void MemoryStore::apply(const std::string& feed_id, const ItemArrival& arrival, Time now) {
  const ItemKey key(feed_id, arrival.pending.item_key);
  const bool known = items_.contains(key);
  Item& item = items_[key];
  item.known.item_key = key.second;
  item.known.content_hash = arrival.content_hash;
  if (known) ++item.known.revision;
  item.last_seen = now;
  item.guid = arrival.pending.item.guid;
  if (!arrival.url_key.empty()) item.url_key = arrival.url_key;
  leave_trail(key, now, arrival.enqueue ? "pending" : "seen", arrival.reason, "");
  if (!arrival.enqueue) return;

  quarantine_.erase(key);
  const auto waiting = std::ranges::find_if(pending_, [&](const auto& entry) {
    return ItemKey(entry.second.item.feed_id, entry.second.item.item_key) == key;
  });
  const std::int64_t id = waiting == pending_.end() ? ++last_pending_ : waiting->first;
  Pending& row = pending_[id];
  const auto [attempts, crashes, first_seen] =
      waiting == pending_.end()
          ? std::tuple(0, 0, arrival.pending.first_seen)
          : std::tuple(row.item.attempts, row.item.crashes, row.item.first_seen);
  row.item = arrival.pending;
  row.item.id = id;
  row.item.feed_id = feed_id;
  row.item.attempts = attempts;
  row.item.crashes = crashes;
  row.item.first_seen = first_seen;
  row.item.told = false;
  row.item.revision = item.known.revision;
}

void MemoryStore::apply(const StoryCommit& commit, Time now) {
  const ItemKey key(commit.feed_id, commit.item_key);
  if (const auto found = items_.find(key); found != items_.end()) {
    if (!commit.story_id.empty()) found->second.known.story_id = commit.story_id;
    if (!commit.url_key.empty()) found->second.url_key = commit.url_key;
  }
  if (commit.story) stories_[commit.story->id] = {*commit.story, now};
  if (!commit.url_key.empty() || commit.text_hash != 0 || !commit.fingerprint.empty()) {
    const bool own = commit.publisher.empty() && commit.story;
    fingerprints_.push_back({commit.story_id, commit.dedup_group, commit.feed_id,
                             own ? commit.story->source.publisher : commit.publisher, now,
                             commit.url_key, commit.text_hash, commit.fingerprint});
  }
  store_membership(commit, now);
  if (commit.message) append(*commit.message, now);
  leave_trail(key, now, name_of(commit.fate), commit.reason, commit.story_id);
  if (commit.event_step) {
    leave_trail(key, now, "event", to_json(*commit.event_step), commit.story_id);
  }
  settle_pending(commit);
}

void MemoryStore::settle_pending(const StoryCommit& commit) {
  const auto found = pending_.find(commit.pending_id);
  if (found == pending_.end()) return;
  Pending& row = found->second;
  if (row.item.revision != commit.pending_revision) {
    row.claimed = false;
    row.item.attempts = 0;
    row.item.crashes = 0;
    return;
  }
  if (commit.fate == Fate::kQuarantined) {
    const FeedItem& item = row.item.item;
    quarantine_[{commit.feed_id, commit.item_key}] = {
        commit.feed_id, item.title, item.link, commit.reason, row.item.attempts + row.item.crashes};
  }
  if (commit.page_later) {
    row.claimed = false;
    row.item.told = true;
    row.item.attempts = std::max(row.item.attempts - 1, 0);
    row.item.not_before = *commit.page_later;
    return;
  }
  pending_.erase(found);
}

void MemoryStore::store_membership(const StoryCommit& commit, Time now) {
  if (commit.event_id.empty()) return;
  EventRow& row = event_row(commit.event_id, now);
  StoredEvent& event = row.stored;
  if (std::exchange(event.closed, false)) row.last_seq = 0;
  if (commit.event_due) {
    ++event.dirty_revision;
    event.due = commit.event_due;
  }
  if (!commit.story || commit.fate != Fate::kPublished) return;
  const Story& story = *commit.story;
  const Member member{{commit.event_id, story.id, now,
                       story.published_at.value_or(story.first_seen_at), commit.vector},
                      now};
  const auto same = [&](const Member& other) { return other.row.story_id == story.id; };
  const auto found = std::ranges::find_if(members_, same);
  found == members_.end() ? members_.push_back(member) : void(*found = member);
}

void MemoryStore::apply(const RetractCommit& retract, Time now) {
  const std::string& id = retract.story.id;
  stories_[id] = {retract.story, now};
  rechecks_.erase(id);
  std::erase_if(members_, [&](const Member& member) { return member.row.story_id == id; });
  if (retract.event_due) {
    StoredEvent& event = event_row(retract.event_id, now).stored;
    ++event.dirty_revision;
    event.due = retract.event_due;
  }
  for (const auto& [key, item] : items_) {
    if (item.known.story_id != id) continue;
    std::erase_if(pending_, [&](const auto& row) {
      return ItemKey(row.second.item.feed_id, row.second.item.item_key) == key;
    });
    if (retract.purge) quarantine_.erase(key);
    leave_trail(key, now, retract.message ? "retracted" : "purged", retract.story.retracted, id);
  }
  if (retract.message) append(*retract.message, now);
}

void MemoryStore::apply(const RetryCommit& retry, Time now) {
  const auto found = pending_.find(retry.pending_id);
  if (found == pending_.end()) return;
  Pending& row = found->second;
  row.claimed = false;
  if (row.item.revision == retry.pending_revision) {
    row.item.not_before = retry.not_before;
    if (retry.without_page) row.item.page_host.clear();
  }
  leave_trail({row.item.feed_id, row.item.item_key}, now, "retried", retry.error, "");
}

void MemoryStore::apply(const EventCommit& commit, Time now) {
  const std::string& id = commit.event.id;
  if (commit.message) {
    const Sequence seq = append(*commit.message, now);
    EventRow& row = event_row(id, commit.event.first_seen_at);
    row.published = commit.event;
    row.last_seq = seq;
  }
  if (EventRow* row = find_event(id)) {
    if (commit.untold) row->published = commit.event;
    row->updated = now;
    row->stored.closed = commit.closed;
    if (commit.closed || row->stored.dirty_revision == commit.dirty_revision) {
      row->stored.due = std::nullopt;
    }
  }
  if (commit.merged_into.empty()) return;
  if (commit.event_step) tell_members(id, *commit.event_step, now);
  for (Member& member : members_) {
    if (member.row.event_id == id) member.row.event_id = commit.merged_into;
  }
}

void MemoryStore::tell_members(const std::string& event_id, const EventStep& step, Time now) {
  for (const Member& member : members_) {
    if (member.row.event_id != event_id) continue;
    for (const auto& [key, item] : items_) {
      if (item.known.story_id != member.row.story_id) continue;
      leave_trail(key, now, "event", to_json(step), member.row.story_id);
    }
  }
}

Sequence MemoryStore::append(const Draft& draft, Time now) {
  Sequence& topic_head = position_.topics[draft.topic];
  const Sequence seq = ++position_.head;
  const Stamp stamp{position_.epoch, seq, topic_head, now};
  const Publication message{seq, draft.topic, envelope_(draft, stamp)};
  topic_head = seq;
  log_[seq] = {message, now, draft.subject};
  written_.push_back(message);
  return seq;
}

MemoryStore::EventRow& MemoryStore::event_row(const std::string& id, Time now) {
  EventRow* row = find_event(id);
  if (row == nullptr) {
    row = &events_.emplace_back();
    row->stored.event.id = id;
    row->stored.event.first_seen_at = now;
  }
  row->updated = now;
  row->stored.event.updated_at = now;
  return *row;
}

MemoryStore::EventRow* MemoryStore::find_event(std::string_view id) {
  const auto found =
      std::ranges::find_if(events_, [&](const EventRow& e) { return e.stored.event.id == id; });
  return found == events_.end() ? nullptr : &*found;
}

bool MemoryStore::is_live_latest(Sequence seq) const {
  return std::ranges::any_of(
      events_, [&](const EventRow& e) { return !e.stored.closed && e.last_seq == seq; });
}

bool MemoryStore::has_pending(const ItemKey& key) const {
  return std::ranges::any_of(pending_, [&](const auto& entry) {
    return ItemKey(entry.second.item.feed_id, entry.second.item.item_key) == key;
  });
}

void MemoryStore::leave_trail(const ItemKey& key, Time now, std::string what, std::string reason,
                              std::string story_id) {
  trail_.push_back(
      {now, key.first, key.second, std::move(what), std::move(reason), std::move(story_id)});
  const auto same = [&](const TrailEntry& entry) {
    return ItemKey(entry.feed_id, entry.item_key) == key;
  };
  if (std::ranges::count_if(trail_, same) > kTrailEntries) {
    trail_.erase(std::ranges::find_if(trail_, same));
  }
}

Result<void> MemoryStore::fingerprints_since(Time since,
                                             const std::function<bool(StoredFingerprint&)>& row) {
  const std::lock_guard lock(mutex_);
  for (StoredFingerprint stored : fingerprints_) {
    if (stored.decided_at >= since && !row(stored)) break;
  }
  return {};
}

Result<void> MemoryStore::members_since(Time since, const std::function<bool(StoredMember&)>& row) {
  const std::lock_guard lock(mutex_);
  for (const Member& member : members_) {
    StoredMember stored = member.row;
    if (member.decided_at >= since && !row(stored)) break;
  }
  return {};
}

Result<std::vector<StoredEvent>> MemoryStore::live_events() {
  const std::lock_guard lock(mutex_);
  std::vector<StoredEvent> live;
  for (const EventRow& row : events_) {
    if (row.stored.closed) continue;
    live.push_back(row.stored);
    if (row.published) live.back().event = *row.published;
    if (live.back().event.revision == 0) {
      live.back().event.first_seen_at = row.stored.event.first_seen_at;
    }
  }
  return live;
}

Result<bool> MemoryStore::prune(const Retention& keep) {
  const std::lock_guard lock(mutex_);
  std::int64_t bytes = 0;
  for (auto m = log_.lower_bound(position_.floor); m != log_.end(); ++m) bytes += m->second.bytes();
  while (position_.floor <= position_.head) {
    const Message& oldest = log_.at(position_.floor);
    const std::int64_t count = position_.head - position_.floor + 1;
    const bool drop = oldest.decided_at < keep.log_before ||
                      (keep.log_count > 0 && count > keep.log_count) ||
                      (keep.log_bytes > 0 && bytes > keep.log_bytes);
    if (!drop) break;
    bytes -= oldest.bytes();
    ++position_.floor;
  }
  std::erase_if(log_, [&](const auto& entry) {
    return entry.first < position_.floor && !is_live_latest(entry.first);
  });

  std::set<std::string, std::less<>> of_live;
  for (const Member& member : members_) {
    const EventRow* event = find_event(member.row.event_id);
    if (event != nullptr && !event->stored.closed) of_live.insert(member.row.story_id);
  }
  const auto forgotten = [&](const EventRow& event) {
    return event.stored.closed && event.updated < keep.stories_before;
  };
  std::erase_if(stories_, [&](const auto& entry) {
    return entry.second.decided_at < keep.stories_before && !of_live.contains(entry.first);
  });
  std::erase_if(fingerprints_,
                [&](const auto& row) { return row.decided_at < keep.stories_before; });
  std::erase_if(members_, [&](const Member& member) {
    const EventRow* event = find_event(member.row.event_id);
    return event != nullptr && forgotten(*event);
  });
  std::erase_if(events_, forgotten);

  std::map<std::string, Time> last_document;  // Of each feed.
  for (const auto& [key, item] : items_) {
    Time& last = last_document[key.first];
    last = std::max(last, item.last_seen);
  }
  std::erase_if(items_, [&](const auto& entry) {
    const auto& [key, item] = entry;
    if (item.last_seen >= keep.items_before || has_pending(key)) return false;
    const bool shown = item.last_seen + std::chrono::hours(24) >= last_document.at(key.first);
    if (shown && item.last_seen >= keep.last_shown_before) return false;
    std::erase_if(trail_, [&](const TrailEntry& trail) {
      return ItemKey(trail.feed_id, trail.item_key) == key;
    });
    quarantine_.erase(key);
    return true;
  });

  if (!keep.is_configured) return false;
  std::erase_if(feeds_, [&](const auto& entry) {
    const auto& [id, state] = entry;
    if (keep.is_configured(id) || state.last_poll.value_or(Time{}) >= keep.feeds_before)
      return false;
    std::erase_if(pending_, [&](const auto& row) { return row.second.item.feed_id == id; });
    std::erase_if(quarantine_, [&](const auto& row) { return row.first.first == id; });
    return true;
  });
  return false;
}

// WorkStore

Result<void> MemoryStore::each_feed_state(
    const std::function<void(const FeedState&, bool noted)>& visit) {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, state] : feeds_) visit(state, false);
  return {};
}

Result<std::vector<PendingItem>> MemoryStore::claim(const ClaimRequest& request) {
  const std::lock_guard lock(mutex_);
  std::vector<Pending*> due;
  for (auto& [id, row] : pending_) {
    const bool suspect = row.item.crashes >= kSuspectFrom;
    if (row.claimed || row.item.not_before > request.now) continue;
    if (suspect == request.suspect) due.push_back(&row);
  }
  // Without a page first, each feed's share and then oldest first; then by host, newest first.
  std::ranges::sort(
      due, {}, [](const Pending* row) { return std::pair(row->item.first_seen, row->item.id); });
  std::map<std::string, std::size_t> of_feed;
  std::set<std::int64_t> in_turn;
  for (const Pending* row : due) {
    if (!row->item.page_host.empty()) continue;
    if (of_feed[row->item.feed_id]++ < request.turn_of_feed()) in_turn.insert(row->item.id);
  }
  const auto overdue = [&](const PendingItem& item) {
    return request.overdue && !item.told && !item.page_host.empty() &&
           item.first_seen <= *request.overdue;
  };
  std::ranges::sort(due, [&](const Pending* a, const Pending* b) {
    const auto rank = [&](const PendingItem& item) {
      const std::int64_t age = item.first_seen.time_since_epoch().count();
      if (overdue(item)) return std::tuple(2, std::string(), age, item.id);
      if (in_turn.contains(item.id)) return std::tuple(0, item.feed_id, age, item.id);
      if (item.page_host.empty()) return std::tuple(1, std::string(), age, item.id);
      return std::tuple(3, item.page_host, -age, -item.id);
    };
    return rank(a->item) < rank(b->item);
  });
  std::vector<PendingItem> taken;
  std::map<std::string, std::size_t> of_host;
  for (Pending* row : due) {
    const std::string& host = row->item.page_host;
    if (taken.size() == (request.suspect ? 1 : request.limit)) break;
    if (request.suspect || !overdue(row->item)) {
      if (std::ranges::find(request.busy_hosts, host) != request.busy_hosts.end()) continue;
      if (!host.empty() && of_host[host]++ >= request.per_host) continue;
    }
    row->claimed = true;
    ++row->item.attempts;
    taken.push_back(row->item);
  }
  return taken;
}

Result<void> MemoryStore::release(std::span<const std::int64_t> ids, Time not_before) {
  const std::lock_guard lock(mutex_);
  if (failing_releases_ > 0) {
    --failing_releases_;
    return fail(ErrorCode::kTransient, "memory store: told to fail");
  }
  ++releases_;
  for (const std::int64_t id : ids) {
    const auto found = pending_.find(id);
    if (found == pending_.end() || !found->second.claimed) continue;
    found->second.claimed = false;
    found->second.item.not_before = not_before;
    found->second.item.attempts = std::max(found->second.item.attempts - 1, 0);
  }
  return {};
}

Result<std::vector<Recheck>> MemoryStore::claim_rechecks(
    Time now, std::size_t limit, const std::vector<std::string>& busy_hosts) {
  const std::lock_guard lock(mutex_);
  std::erase_if(rechecks_, [&](const auto& entry) {
    if (entry.second.due > now) return false;
    const auto member = std::ranges::find_if(
        members_, [&](const Member& each) { return each.row.story_id == entry.first; });
    const EventRow* event = member == members_.end() ? nullptr : find_event(member->row.event_id);
    return event == nullptr || event->stored.closed || entry.second.tries >= kRecheckTries;
  });
  std::vector<RecheckRow*> due;
  for (auto& [id, row] : rechecks_) {
    if (row.due <= now) due.push_back(&row);
  }
  std::ranges::sort(due, {}, &RecheckRow::due);
  std::set<std::string> busy(busy_hosts.begin(), busy_hosts.end());
  std::vector<Recheck> taken;
  for (RecheckRow* row : due) {
    if (taken.size() == limit || !busy.insert(row->look.item.page_host).second) continue;
    row->due = now + kRecheckLease;
    ++row->tries;
    taken.push_back(row->look);
  }
  return taken;
}

Result<void> MemoryStore::clamp_times(Time now, Time latest) {
  const std::lock_guard lock(mutex_);
  for (auto& [id, row] : pending_) {
    row.item.first_seen = std::min(row.item.first_seen, now);
    row.item.not_before = std::min(row.item.not_before, latest);
  }
  return {};
}

Result<void> MemoryStore::put_note(const SiteNote& note, Time now) {
  const std::lock_guard lock(mutex_);
  notes_[note.name] = note;
  std::erase_if(notes_, [&](const auto& entry) { return entry.second.until <= now; });
  return {};
}

Result<void> MemoryStore::each_note(Time now, std::size_t limit,
                                    const std::function<void(const SiteNote&)>& visit) {
  const std::lock_guard lock(mutex_);
  std::vector<SiteNote> notes;
  for (const auto& [name, note] : notes_) {
    if (note.until > now) notes.push_back(note);
  }
  std::ranges::stable_sort(notes, std::greater{}, &SiteNote::until);
  notes.resize(std::min(notes.size(), limit));
  for (const SiteNote& note : notes) visit(note);
  return {};
}

Result<Backlog> MemoryStore::backlog(Time now) {
  const std::lock_guard lock(mutex_);
  Backlog backlog;
  backlog.quarantined = static_cast<std::int64_t>(quarantine_.size());
  for (const auto& [id, row] : pending_) {
    if (row.claimed) continue;
    ++backlog.pending;
    backlog.suspects += row.item.crashes >= kSuspectFrom && row.item.not_before <= now;
    const Time due = row.item.not_before;
    backlog.next_due = std::min(backlog.next_due.value_or(due), due);
  }
  return backlog;
}

Result<std::vector<WaitingHost>> MemoryStore::waiting_pages() {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::int64_t> pages;
  for (const auto& [id, row] : pending_) {
    if (!row.item.page_host.empty()) ++pages[row.item.page_host];
  }
  std::vector<WaitingHost> hosts;
  for (const auto& [host, count] : pages) hosts.push_back({host, count});
  std::ranges::stable_sort(hosts, std::greater{}, &WaitingHost::pages);
  if (hosts.size() > 20) hosts.resize(20);
  return hosts;
}

Result<std::vector<Story>> MemoryStore::event_stories(std::string_view event_id,
                                                      std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<Story> stories;
  for (const Member& member : members_) {
    const auto story = stories_.find(member.row.story_id);
    if (member.row.event_id == event_id && story != stories_.end()) {
      stories.push_back(story->second.story);
    }
  }
  if (stories.size() > 1) std::reverse(stories.begin() + 1, stories.end());
  if (stories.size() > limit) stories.resize(limit);
  return stories;
}

Result<std::optional<Event>> MemoryStore::published_event(std::string_view event_id) {
  const std::lock_guard lock(mutex_);
  const EventRow* row = find_event(event_id);
  const bool told = row != nullptr && row->published &&
                    (row->published->revision > 0 || row->published->absorbed.empty());
  return told ? row->published : std::nullopt;
}

// LogReader

Result<std::variant<LogPage, LogRefusal>> MemoryStore::page(const LogQuery& query) {
  using Code = LogRefusal::Code;
  const std::lock_guard lock(mutex_);
  const auto refuse = [&](Code code) { return LogRefusal{code, position_.epoch, position_.floor}; };
  const Sequence after = query.after.value_or(0);
  if (!query.epoch.empty() && query.epoch != position_.epoch) return refuse(Code::kEpochChanged);
  if (after > position_.head || after < 0) return refuse(Code::kFutureCursor);
  const auto at_cursor = log_.find(after);
  if (query.after_time && at_cursor != log_.end() &&
      at_cursor->second.decided_at != *query.after_time) {
    return refuse(Code::kEpochChanged);
  }
  if (after > 0 && after < position_.floor - 1) return refuse(Code::kCursorTooOld);

  LogPage page{{}, std::max(after, position_.floor - 1), position_.head, position_.floor, false};
  std::int64_t bytes = 0;
  for (auto m = log_.upper_bound(page.next); m != log_.end(); ++m) {
    const Message& message = m->second;
    if (query.until && message.decided_at >= *query.until) break;
    const bool wanted = (!query.since || message.decided_at >= *query.since) &&
                        matches(message.publication.topic, query.prefixes);
    if (wanted && static_cast<int>(page.messages.size()) == std::max(query.limit, 1)) {
      page.more = true;
      break;
    }
    if (wanted && (bytes += message.bytes()) > query.bytes && !page.messages.empty()) {
      page.more = true;
      break;
    }
    if (wanted) page.messages.push_back(message.publication);
    page.next = m->first;
  }
  return page;
}

Result<LogPage> MemoryStore::snapshot(const std::vector<std::string>& prefixes, int page) {
  const std::lock_guard lock(mutex_);
  LogPage answer{{}, position_.head, position_.head, position_.floor, false};
  std::size_t skip = static_cast<std::size_t>(std::max(page, 0)) * kSnapshotPage;
  for (const EventRow& row : events_) {
    const auto message = log_.find(row.last_seq);
    if (row.stored.closed || message == log_.end()) continue;
    const Publication& publication = message->second.publication;
    if (!matches(publication.topic, prefixes) || (skip > 0 && skip-- > 0)) continue;
    if ((answer.more = answer.messages.size() == kSnapshotPage)) break;
    answer.messages.push_back(publication);
  }
  return answer;
}

Result<LogPage> MemoryStore::newest(const std::vector<std::string>& prefixes,
                                    std::optional<Sequence> before, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  LogPage page{{}, before.value_or(position_.head + 1), position_.head, position_.floor, false};
  for (auto m = log_.rbegin(); m != log_.rend(); ++m) {
    const auto& [seq, message] = *m;
    if (seq >= page.next || seq < position_.floor) continue;
    const auto same = [&](const Message& other) {
      return message.subject.empty() ? other.publication.topic == message.publication.topic
                                     : other.subject == message.subject;
    };
    const bool last = std::none_of(log_.upper_bound(seq), log_.end(),
                                   [&](const auto& later) { return same(later.second); });
    if (last && matches(message.publication.topic, prefixes)) {
      if (page.messages.size() == limit) break;
      page.messages.push_back(message.publication);
    }
    page.next = seq;
  }
  page.more = page.next > position_.floor;
  return page;
}

std::optional<Publication> MemoryStore::latest(std::string_view subject) const {
  for (auto m = log_.rbegin(); m != log_.rend() && !subject.empty(); ++m) {
    if (m->second.subject == subject) return m->second.publication;
  }
  return std::nullopt;
}

Result<std::optional<Publication>> MemoryStore::latest_of(std::string_view subject) {
  const std::lock_guard lock(mutex_);
  return latest(subject);
}

Result<std::optional<Publication>> MemoryStore::latest_at(std::string_view url_key) {
  const auto story_id = story_by_url_key(url_key);
  const std::lock_guard lock(mutex_);
  return *story_id ? latest(**story_id) : std::nullopt;
}

Result<std::vector<QuarantinedItem>> MemoryStore::quarantined() {
  const std::lock_guard lock(mutex_);
  std::vector<QuarantinedItem> items;
  for (const auto& [key, item] : quarantine_) items.push_back(item);
  return items;
}

Result<std::vector<TrailEntry>> MemoryStore::trail(std::string_view url_key, std::string_view guid,
                                                   std::string_view story_id) {
  const std::lock_guard lock(mutex_);
  std::vector<TrailEntry> entries;
  for (const TrailEntry& entry : trail_) {
    const auto found = items_.find({entry.feed_id, entry.item_key});
    if (found == items_.end()) continue;
    const Item& item = found->second;
    if ((!url_key.empty() && item.url_key == url_key) || (!guid.empty() && item.guid == guid) ||
        (!story_id.empty() && item.known.story_id == story_id)) {
      entries.push_back(entry);
    }
  }
  return entries;
}

}  // namespace nutgraf
