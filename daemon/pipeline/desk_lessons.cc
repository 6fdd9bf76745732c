// The desk on what stories teach of their feeds' furniture.
#include <spdlog/spdlog.h>

#include <utility>

#include "daemon/base/hash.h"
#include "daemon/pipeline/desk.h"

namespace nutgraf {

Result<void> Desk::restore_furniture() {
  return seams_.ledger.each_furniture([this](const std::string& feed_id, Furniture furniture) {
    seams_.book.put_furniture(feed_id, std::move(furniture));
  });
}

/// From new stories only: a copy or another edition would count the same lines again. Of a live
/// blog the lines above its entries recur because they are its own.
void Desk::learn_lines(const AnalysedStory& told, const Story& story) {
  if (!options().learn_furniture || story.kind == StoryKind::kLive) return;
  const std::string& feed_id = told.pending.feed_id;
  const auto [lesson, first] = lessons_.try_emplace(feed_id);
  if (first) {
    const auto counts =
        insist<std::string>("line counts", [&] { return seams_.ledger.line_counts(feed_id); });
    if (!counts) return;  // Giving up.
    // Counts of another version are begun anew.
    lesson->second.counts = LineCounts::unpack(*counts).value_or(LineCounts{});
  }
  const std::string& event = story.event_id.empty() ? story.id : story.event_id;
  lesson->second.changed |= lesson->second.counts.add(
      told.lines, hash64(event), story.published_at.value_or(story.first_seen_at),
      seams_.clock.utc());
}

void Desk::conclude_lessons() {
  for (auto& [feed_id, lesson] : lessons_) {
    FurnitureCommit commit{.feed_id = feed_id, .counts = lesson.counts.pack(), .snapshot = {}};
    if (lesson.changed) {
      commit.snapshot = lesson.counts.furniture();
      seams_.book.put_furniture(feed_id, *commit.snapshot);
      spdlog::info("furniture feed={} version={} lines={}", feed_id, commit.snapshot->version,
                   commit.snapshot->lines.size());
    }
    batch_.furniture.push_back(std::move(commit));
  }
  lessons_.clear();
}

}  // namespace nutgraf
