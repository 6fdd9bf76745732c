#pragma once

#include <optional>

#include "daemon/desk/docket.h"
#include "daemon/pipeline/job.h"

namespace nutgraf {

/// When the pages of stories are looked at again (`fetch.recheck`), and what follows if one is
/// gone. What it says when it has changed is the story desk's.
///
/// Desk thread only.
class Rechecks {
 public:
  explicit Rechecks(const DeskSeams& seams) : seams_(seams) {}

  /// The first look at the page of a story that was told now; none if its text is not the page's.
  void plan(const AnalysedStory& told, const Story& story);

  /// The next look of those that are left; none: the last was that.
  void plan_next(Recheck look);

  /// A page was looked at, and there was no document to read. The story is to be withdrawn if the
  /// page is gone: 410, or 404 twice in a row.
  std::optional<Withdrawal> decide(LookedAgain looked);

 private:
  std::optional<Time> next_look(Time told_at) const;
  void plan_at(std::optional<Time> due, Recheck look);

  const DeskSeams seams_;
};

}  // namespace nutgraf
