#include "daemon/pipeline/feed_book.h"

#include <algorithm>
#include <utility>

#include "daemon/model/packed_feed.h"

namespace nutgraf {
namespace {

/// Without what the book knows otherwise.
std::string slim(FeedState state) {
  state.feed_id.clear();
  if (state.url == state.configured_url) state.url.clear();
  return pack(state);
}

FeedState whole(const std::string& id, const std::string& packed) {
  FeedState state = unpack_state(packed);
  state.feed_id = id;
  if (state.url.empty()) state.url = state.configured_url;
  return state;
}

/// As FeedBook::state() gives it.
FeedState for_source(FeedState state, const FeedSource& source) {
  if (state.configured_url == source.url) return state;
  state.feed_id = source.id;
  state.configured_url = source.url;
  state.url = source.url;
  state.etag.clear();
  state.last_modified.clear();
  state.moved_to.clear();
  state.moved_seen = 0;
  state.moved_since.reset();
  state.wishes = {};
  state.habits = {};
  return state;
}

}  // namespace

FeedBook::Changes FeedBook::configure(const std::vector<FeedSource>& feeds) {
  const std::lock_guard lock(mutex_);
  Changes changes;
  std::unordered_map<std::string, std::string> before;  // Packed sources.
  for (auto& [id, entry] : feeds_) {
    if (!entry.source.empty()) before.emplace(id, std::exchange(entry.source, {}));
  }
  for (std::size_t place = 0; place < feeds.size(); ++place) {
    const FeedSource& source = feeds[place];
    Entry& entry = feeds_[source.id];
    if (!entry.source.empty()) continue;  // A twin; the loader refuses those.
    entry.source = pack(source);
    entry.place = static_cast<std::uint32_t>(place);
    const auto old = before.find(source.id);
    if (old == before.end() ||
        (old->second != entry.source && unpack_source(old->second).url != source.url)) {
      changes.fresh.push_back(source.id);
    }
    if (old != before.end()) before.erase(old);
  }
  for (const auto& [id, source] : before) {
    changes.gone.push_back(id);
    if (feeds_[id].state.empty()) feeds_.erase(id);
  }
  return changes;
}

bool FeedBook::configured(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = feeds_.find(id);
  return found != feeds_.end() && !found->second.source.empty();
}

std::optional<FeedSource> FeedBook::source(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = feeds_.find(id);
  if (found == feeds_.end() || found->second.source.empty()) return std::nullopt;
  return unpack_source(found->second.source);
}

std::vector<const std::pair<const std::string, FeedBook::Entry>*> FeedBook::listed() const {
  std::vector<const std::pair<const std::string, Entry>*> feeds;
  for (const auto& feed : feeds_) {
    if (!feed.second.source.empty()) feeds.push_back(&feed);
  }
  std::sort(feeds.begin(), feeds.end(),
            [](const auto* a, const auto* b) { return a->second.place < b->second.place; });
  return feeds;
}

std::vector<FeedSource> FeedBook::sources() const {
  const std::lock_guard lock(mutex_);
  std::vector<FeedSource> sources;
  for (const auto* feed : listed()) sources.push_back(unpack_source(feed->second.source));
  return sources;
}

std::vector<FeedBook::Brief> FeedBook::briefs() const {
  const std::lock_guard lock(mutex_);
  std::vector<Brief> briefs;
  for (const auto* feed : listed()) {
    briefs.push_back({feed->first, feed->second.health, feed->second.paused});
  }
  return briefs;
}

std::optional<FeedBook::Known> FeedBook::known(const std::string& id) const {
  std::optional<Known> known;
  {
    const std::lock_guard lock(mutex_);
    const auto found = feeds_.find(id);
    if (found == feeds_.end() || found->second.source.empty()) return known;
    known.emplace();
    known->source = unpack_source(found->second.source);
    if (!found->second.state.empty()) known->state = whole(id, found->second.state);
  }
  known->state = for_source(std::move(known->state), known->source);
  return known;
}

FeedState FeedBook::state(const FeedSource& source) const {
  return for_source(remembered(source.id).value_or(FeedState{}), source);
}

std::optional<FeedState> FeedBook::remembered(const std::string& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = feeds_.find(id);
  if (found == feeds_.end() || found->second.state.empty()) return std::nullopt;
  return whole(id, found->second.state);
}

void FeedBook::put(const FeedState& state, Kept kept) {
  std::string packed = slim(state);
  const std::lock_guard lock(mutex_);
  Entry& entry = feeds_[state.feed_id];
  if (packed.size() <= entry.state.capacity() && 2 * packed.size() > entry.state.capacity()) {
    // Where it was: otherwise the first hour of polls moves every state to another thread's part of
    // the heap, and leaves holes.
    entry.state = packed;
  } else {
    entry.state = std::move(packed);
  }
  entry.health = state.health;
  entry.paused = state.paused;
  entry.noted = kept == Kept::kNoted;
}

std::vector<std::string> FeedBook::noted() const {
  std::vector<std::string> ids;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : feeds_) {
      if (entry.noted) ids.push_back(id);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Furniture FeedBook::furniture(const std::string& feed_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = furniture_.find(feed_id);
  return found == furniture_.end() ? Furniture{} : found->second;
}

void FeedBook::put_furniture(const std::string& feed_id, Furniture furniture) {
  for (FurnitureLine& line : furniture.lines) line.text = {};
  const std::lock_guard lock(mutex_);
  if (furniture.lines.empty()) {
    furniture_.erase(feed_id);
  } else {
    furniture_[feed_id] = std::move(furniture);
  }
}

FeedBook::Census FeedBook::census() const {
  Census census;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, entry] : feeds_) {
    if (entry.source.empty()) continue;
    ++census.total;
    ++census.by_health[static_cast<std::size_t>(entry.health)];
    census.paused += entry.paused;
  }
  return census;
}

}  // namespace nutgraf
