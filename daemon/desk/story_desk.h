#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>

#include "daemon/dedup/deduplicator.h"
#include "daemon/desk/docket.h"
#include "daemon/desk/event_desk.h"
#include "daemon/desk/lessons.h"
#include "daemon/desk/poll_desk.h"
#include "daemon/desk/rechecks.h"
#include "daemon/desk/withdrawals.h"
#include "daemon/pipeline/job.h"

namespace nutgraf {

/// The desk on finished stories: new, duplicate or update, and of what; and on those that are
/// withdrawn. The index is a cache of the store.
///
/// Desk thread only.
class StoryDesk {
 public:
  /// Whom a story concerns besides; they outlive this.
  struct Others {
    EventDesk& events;
    PollDesk& polls;
    Lessons& lessons;
    Rechecks& rechecks;
  };
  StoryDesk(const DeskSeams& seams, const DedupOptions& options, Others others);

  /// Rebuilds the index from the fingerprints of stories decided since then. Ends early, on half of
  /// it, if a stop is requested.
  Result<void> restore(Time since, const std::stop_token& stop);

  void decide(AnalysedStory told);
  /// A story that could not be made: tried again in minutes, or quarantined.
  void decide(const FailedStory& failed);

  /// The store has to know all about the story: what is decided so far is committed before.
  Result<Retracted> withdraw(const Withdrawal& wish);

  std::size_t known() const { return dedup_.size(); }

 private:
  void decide_again(AnalysedStory told);
  StoryCommit publish_new(AnalysedStory told, const Verdict& verdict);
  StoryCommit publish_update(AnalysedStory told, const Verdict& verdict, Story original,
                             bool known);
  StoryCommit link_duplicate(const AnalysedStory& told, const Verdict& verdict, Story original,
                             bool known);
  StoryCommit leave_out(const AnalysedStory& told, const Verdict& verdict, const Story& original);
  void retry_without_page(const PendingItem& pending, const std::string& why);
  void note_selection(const AnalysedStory& told);
  void remember(const Candidate& candidate, const std::string& group);
  std::string free_story_id(const Story& story, std::uint64_t text_hash);
  std::optional<Story> load_story(const std::string& id);
  std::optional<KnownItem> known_item(const std::string& feed_id, const std::string& key);

  const DeskSeams seams_;
  const Others others_;
  Deduplicator dedup_;
  std::unordered_set<std::string> unselected_;  // Feeds whose last page_select found nothing.
};

}  // namespace nutgraf
