#include "daemon/article/line_counts.h"

#include <algorithm>
#include <span>
#include <tuple>
#include <utility>

#include "daemon/base/packing.h"

namespace nutgraf {
namespace {

/// Recurrence within a day may be one affair in several reports, whatever the events say.
constexpr std::chrono::hours kSpread{24};
/// Of its sightings at an edge, so many go with one inside.
constexpr std::uint32_t kEdgePerInside = 4;
/// Running text: in one of so many recent stories to be learned, of so many to be kept.
constexpr std::uint32_t kRunningLearned = 4;
constexpr std::uint32_t kRunningKept = 8;
/// After halving, to be kept.
constexpr std::uint32_t kLeastKept = 2;

constexpr std::uint8_t kPacking = 1;

class Packer {
 public:
  explicit Packer(std::size_t expected) { out_.reserve(expected); }
  void number(std::uint64_t value, std::size_t bytes) { put_number(out_, value, bytes); }
  void time(Time time) { number(static_cast<std::uint64_t>(time.time_since_epoch().count()), 8); }
  void text(std::string_view text) {
    number(text.size(), 1);
    out_ += text;
  }
  std::string finish() && { return std::move(out_); }

 private:
  std::string out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : reader_(bytes) {}

  template <typename Int>
  void number(Int& value, std::size_t bytes) {
    value = static_cast<Int>(reader_.number(bytes));
  }
  void time(Time& time) {
    std::int64_t count = 0;
    number(count, 8);
    time = Time(Time::duration(count));
  }
  void text(std::string& text) {
    std::size_t size = 0;
    number(size, 1);
    text = reader_.bytes(size);
  }
  bool sound() const { return reader_.sound(); }
  bool complete() const { return reader_.complete(); }

 private:
  PackedReader reader_;
};

}  // namespace

LineCounts::Entry* LineCounts::find(std::uint64_t line) {
  const auto found = std::ranges::lower_bound(entries_, line, {}, &Entry::line);
  return found != entries_.end() && found->line == line ? &*found : nullptr;
}

LineCounts::Entry& LineCounts::find_or_add(const SeenLine& seen) {
  if (Entry* const known = find(seen.line)) return *known;
  if (entries_.size() >= kMostLines) {
    const auto worth = [](const Entry& e) {
      return std::tuple(e.since.has_value(), e.edge, e.last);
    };
    entries_.erase(std::ranges::min_element(entries_, {}, worth));
  }
  const auto place = std::ranges::lower_bound(entries_, seen.line, {}, &Entry::line);
  return *entries_.insert(place, Entry{.line = seen.line, .since = {}, .text = {}});
}

void LineCounts::count(Entry& entry, std::uint32_t event, Time time) const {
  entry.first = entry.edge == 0 ? time : std::min(entry.first, time);
  entry.last = entry.edge == 0 ? time : std::max(entry.last, time);
  ++entry.edge;
  const std::span<const std::uint32_t> known(entry.events.data(), entry.different);
  if (known.size() < kStories && std::ranges::count(known, event) == 0) {
    entry.events.at(entry.different++) = event;
  }
}

bool LineCounts::is_furniture(const Entry& entry) const {
  return entry.edge >= kStories && entry.different >= kStories &&
         entry.last - entry.first >= kSpread && kEdgePerInside * entry.inside <= entry.edge &&
         (!entry.running || kRunningLearned * entry.edge >= stories_);
}

bool LineCounts::still_furniture(const Entry& entry) const {
  return entry.edge >= kLeastKept && entry.inside <= entry.edge &&
         (!entry.running || kRunningKept * entry.edge >= stories_);
}

bool LineCounts::add(const std::vector<SeenLine>& story, std::uint64_t event, Time time, Time now) {
  bool changed = stories_ >= kWindow && fade(now);
  ++stories_;
  auto learned = static_cast<std::size_t>(std::ranges::count_if(entries_, &Entry::in_force));
  for (const SeenLine& seen : story) {
    if (seen.inside) {
      if (Entry* const known = find(seen.line)) ++known->inside;
      continue;
    }
    Entry& entry = find_or_add(seen);
    entry.running = seen.running;
    count(entry, static_cast<std::uint32_t>(event), time);
    // One that is on its way out comes back when it is forgotten: its old times still hold.
    if (entry.since || learned >= kMostLearned || !is_furniture(entry)) continue;
    entry.since = now;
    entry.text = seen.text;
    ++learned;
    changed = true;
  }
  version_ += changed;
  return changed;
}

/// Items that wait are still judged by a line that is furniture no longer: it stays until the next
/// time.
bool LineCounts::fade(Time now) {
  bool changed = false;
  stories_ /= 2;
  for (Entry& entry : entries_) {
    entry.edge /= 2;
    entry.inside /= 2;
    if (!entry.since) continue;
    if (entry.until != Time::max()) {
      entry.since.reset();
      entry.until = Time::max();
      entry.text.clear();
      changed = true;
    } else if (!still_furniture(entry)) {
      entry.until = now;
      changed = true;
    }
  }
  std::erase_if(entries_, [](const Entry& entry) { return entry.edge == 0 && !entry.since; });
  return changed;
}

Furniture LineCounts::furniture() const {
  Furniture furniture{.version = version_, .lines = {}};
  for (const Entry& entry : entries_) {
    if (entry.since) furniture.lines.push_back({entry.line, *entry.since, entry.until, entry.text});
  }
  return furniture;
}

std::string LineCounts::pack() const {
  Packer out(48 * entries_.size());
  out.number(kPacking, 1);
  out.number(stories_, 1);
  out.number(static_cast<std::uint64_t>(version_), 8);
  out.number(entries_.size(), 1);
  for (const Entry& entry : entries_) {
    out.number(entry.line, 8);
    out.number(entry.edge, 1);
    out.number(entry.inside, 1);
    out.number((entry.running ? 1U : 0U) | (entry.since ? 2U : 0U), 1);
    out.time(entry.first);
    out.time(entry.last);
    out.number(entry.different, 1);
    for (std::size_t k = 0; k < entry.different; ++k) out.number(entry.events.at(k), 4);
    if (!entry.since) continue;
    out.time(*entry.since);
    out.time(entry.until);
    out.text(entry.text);
  }
  return std::move(out).finish();
}

std::optional<LineCounts> LineCounts::unpack(std::string_view bytes) {
  Unpacker in(bytes);
  LineCounts counts;
  counts.entries_.reserve(kMostLines);
  std::uint8_t packing = 0;
  std::size_t lines = 0;
  in.number(packing, 1);
  if (packing != kPacking) return std::nullopt;
  in.number(counts.stories_, 1);
  in.number(counts.version_, 8);
  in.number(lines, 1);
  for (std::size_t i = 0; i < lines && in.sound(); ++i) {
    Entry& entry = counts.entries_.emplace_back();
    std::uint8_t flags = 0;
    in.number(entry.line, 8);
    in.number(entry.edge, 1);
    in.number(entry.inside, 1);
    in.number(flags, 1);
    entry.running = (flags & 1U) != 0;
    in.time(entry.first);
    in.time(entry.last);
    in.number(entry.different, 1);
    if (entry.different > kStories) return std::nullopt;
    for (std::size_t k = 0; k < entry.different; ++k) in.number(entry.events.at(k), 4);
    if ((flags & 2U) == 0) continue;
    in.time(entry.since.emplace());
    in.time(entry.until);
    in.text(entry.text);
  }
  if (!in.complete()) return std::nullopt;
  return counts;
}

}  // namespace nutgraf
