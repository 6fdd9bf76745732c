#include "daemon/desk/rechecks.h"

#include <algorithm>
#include <utility>

namespace nutgraf {
namespace {

/// A page that could not be asked for is tried again after this.
constexpr std::chrono::minutes kLater{10};
/// A page that is not found is looked at once more after this, if no look was planned before.
constexpr std::chrono::hours kMissingAgain{1};
/// Not found so often in a row: it is gone.
constexpr int kMissingIsGone = 2;

}  // namespace

/// The first of the looks that lies ahead; those that the daemon slept through are not made up for.
std::optional<Time> Rechecks::next_look(Time told_at) const {
  const Time now = seams_.clock.utc();
  std::optional<Time> next;
  for (const std::chrono::seconds after : seams_.settings.get().recheck) {
    const Time time = told_at + after;
    if (time > now && (!next || time < *next)) next = time;
  }
  return next;
}

void Rechecks::plan(const AnalysedStory& told, const Story& story) {
  if (!told.page_at || story.text_from != TextFrom::kPage) return;
  Recheck look;
  look.story_id = story.id;
  look.told_at = seams_.clock.utc();
  look.item = told.pending;
  look.etag = told.page_etag;
  look.last_modified = told.page_last_modified;
  if (const std::optional<Time> due = next_look(look.told_at)) plan_at(due, std::move(look));
}

void Rechecks::plan_next(Recheck look) {
  // As the store has it since the clock was set back.
  look.told_at = std::min(look.told_at, seams_.clock.utc());
  const std::optional<Time> due = next_look(look.told_at);
  plan_at(due, std::move(look));
}

void Rechecks::plan_at(std::optional<Time> due, Recheck look) {
  seams_.docket.batch.rechecks.push_back({std::move(look), due});
}

std::optional<Withdrawal> Rechecks::decide(LookedAgain looked) {
  Recheck& look = looked.look;
  const Time now = seams_.clock.utc();
  switch (looked.kind) {
    case LookedAgain::Kind::kUnchanged:
      look.missing = 0;
      plan_next(std::move(look));
      return std::nullopt;
    case LookedAgain::Kind::kFailed:
      plan_next(std::move(look));
      return std::nullopt;
    case LookedAgain::Kind::kLater:
      plan_at(now + kLater, std::move(look));
      return std::nullopt;
    case LookedAgain::Kind::kMissing: {
      if (++look.missing >= kMissingIsGone) {
        return Withdrawal{look.story_id, "its page is gone (HTTP 404, twice)"};
      }
      const Time again = now + kMissingAgain;
      const Time due = std::min(again, next_look(look.told_at).value_or(again));
      plan_at(due, std::move(look));
      return std::nullopt;
    }
    case LookedAgain::Kind::kGone:
      return Withdrawal{look.story_id, "its page is gone (HTTP 410)"};
  }
  return std::nullopt;
}

}  // namespace nutgraf
