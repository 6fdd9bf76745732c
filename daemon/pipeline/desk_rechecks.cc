// The desk on pages that are looked at again.
#include <algorithm>
#include <utility>

#include "daemon/dedup/update.h"
#include "daemon/pipeline/desk.h"

namespace nutgraf {
namespace {

/// A page that could not be asked for is tried again after this.
constexpr std::chrono::minutes kLater{10};
/// A page that is not found is looked at once more after this, if no look was planned before.
constexpr std::chrono::hours kMissingAgain{1};
/// Not found so often in a row: it is gone.
constexpr int kMissingIsGone = 2;
/// A page that has kept less of the story's words shows something else by now: a consent form, the
/// front page, the next story. Corrections and live reports keep far more.
constexpr double kSamePage = 0.3;

}  // namespace

/// The first of the looks that lies ahead; those that the daemon slept through are not made up for.
std::optional<Time> Desk::next_look(Time told_at) const {
  const Time now = seams_.clock.utc();
  std::optional<Time> next;
  for (const std::chrono::seconds after : options().recheck) {
    const Time time = told_at + after;
    if (time > now && (!next || time < *next)) next = time;
  }
  return next;
}

/// Of a story whose text is its page's.
void Desk::plan_rechecks(const AnalysedStory& told, const Story& story) {
  if (!told.page_at || story.text_from != TextFrom::kPage) return;
  Recheck look;
  look.story_id = story.id;
  look.told_at = seams_.clock.utc();
  look.item = told.pending;
  look.etag = told.page_etag;
  look.last_modified = told.page_last_modified;
  if (const std::optional<Time> due = next_look(look.told_at)) {
    batch_.rechecks.push_back({std::move(look), due});
  }
}

void Desk::plan_next(Recheck look) {
  const std::optional<Time> due = next_look(look.told_at);
  batch_.rechecks.push_back({std::move(look), due});
}

/// Only what the dedup index takes for an edition of the same story is one.
void Desk::decide_again(AnalysedStory told) {
  Recheck look = *std::exchange(told.recheck, std::nullopt);
  const std::string id = look.story_id;
  look.missing = 0;
  look.etag = told.page_etag;
  look.last_modified = told.page_last_modified;
  plan_next(std::move(look));
  std::optional<Story> original = load_story(id);
  if (!original || !original->retracted.empty() || told.story.text_from != TextFrom::kPage) return;
  if (kept_share(original->text, told.story.text) < kSamePage) return;
  Candidate candidate = candidate_of(told, id, seams_.clock.utc());
  Verdict verdict = dedup_.decide(candidate);
  if (verdict.blocked || verdict.kind != Verdict::Kind::kUpdate || verdict.of != id) return;
  candidate.id = id;
  remember(candidate, verdict.group);
  verdict.reason = "its page changed";
  batch_.stories.push_back(
      publish_update(std::move(told), verdict, *std::move(original), /*known=*/true));
}

void Desk::decide_on(LookedAgain looked) {
  Recheck& look = looked.look;
  const Time now = seams_.clock.utc();
  switch (looked.kind) {
    case LookedAgain::Kind::kUnchanged:
      look.missing = 0;
      return plan_next(std::move(look));
    case LookedAgain::Kind::kFailed:
      return plan_next(std::move(look));
    case LookedAgain::Kind::kLater:
      batch_.rechecks.push_back({std::move(look), now + kLater});
      return;
    case LookedAgain::Kind::kMissing: {
      if (++look.missing >= kMissingIsGone) {
        return decide_on(Withdrawal{look.story_id, "its page is gone (HTTP 404, twice)"});
      }
      const Time again = now + kMissingAgain;
      const Time due = std::min(again, next_look(look.told_at).value_or(again));
      batch_.rechecks.push_back({std::move(look), due});
      return;
    }
    case LookedAgain::Kind::kGone:
      return decide_on(Withdrawal{look.story_id, "its page is gone (HTTP 410)"});
  }
}

}  // namespace nutgraf
