#include "daemon/desk/lessons.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "daemon/base/hash.h"

namespace nutgraf {

Result<void> Lessons::restore() {
  return seams_.ledger.each_furniture([this](const std::string& feed_id, Furniture furniture) {
    seams_.book.put_furniture(feed_id, std::move(furniture));
  });
}

void Lessons::learn(const AnalysedStory& told, const Story& story) {
  if (!seams_.settings.get().learn_furniture || story.kind == StoryKind::kLive) return;
  const std::string& feed_id = told.pending.feed_id;
  const auto [lesson, first] = lessons_.try_emplace(feed_id);
  if (first) {
    const auto counts = seams_.patience.insist<std::string>(
        "line counts", [&] { return seams_.ledger.line_counts(feed_id); });
    if (!counts) return;  // Giving up.
    // Counts of another version are begun anew.
    lesson->second.counts = LineCounts::unpack(*counts).value_or(LineCounts{});
  }
  const std::string& event = story.event_id.empty() ? story.id : story.event_id;
  lesson->second.changed |= lesson->second.counts.add(
      told.lines, hash64(event), story.published_at.value_or(story.first_seen_at),
      seams_.clock.utc());
}

void Lessons::conclude() {
  for (auto& [feed_id, lesson] : lessons_) {
    FurnitureCommit commit{.feed_id = feed_id, .counts = lesson.counts.pack(), .snapshot = {}};
    if (lesson.changed) {
      commit.snapshot = lesson.counts.furniture();
      seams_.book.put_furniture(feed_id, *commit.snapshot);
      spdlog::info("furniture feed={} version={} lines={}", feed_id, commit.snapshot->version,
                   commit.snapshot->lines.size());
    }
    seams_.docket.batch.furniture.push_back(std::move(commit));
  }
  lessons_.clear();
}

}  // namespace nutgraf
