#include "daemon/desk/story_desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "daemon/base/hash.h"
#include "daemon/base/url.h"
#include "daemon/dedup/update.h"
#include "daemon/desk/ahead.h"
#include "daemon/desk/drafts.h"
#include "daemon/model/withdrawal.h"
#include "daemon/service/logging.h"

namespace nutgraf {
namespace {

/// A page that kept a story waiting is not asked for again before.
constexpr std::chrono::minutes kPageLater{10};
/// A page that has kept less of the story's words shows something else by now: a consent form, the
/// front page, the next story. Corrections and live reports keep far more.
constexpr double kSamePage = 0.3;

std::string host_of_key(std::string_view url_key) {
  return std::string(url_key.substr(0, url_key.find('/')));
}

/// The rows that every decision about a story writes: what the item was and what it came to.
StoryCommit commit_of(const AnalysedStory& told, Fate fate, const Verdict& verdict, Time now) {
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
  if (told.page_later) commit.page_later = now + kPageLater;
  return commit;
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

}  // namespace

StoryDesk::StoryDesk(const DeskSeams& seams, const DedupOptions& options, Others others)
    : seams_(seams), others_(others), dedup_(options) {}

Result<void> StoryDesk::restore(Time since, const std::stop_token& stop) {
  const auto prepare = [](std::span<const StoredFingerprint> rows) {
    IndexedTexts texts;
    Candidate candidate;
    for (const StoredFingerprint& row : rows) {
      std::optional<Fingerprint> print = parse_fingerprint(row.fingerprint);
      if (!print) continue;  // The row is damaged, and merely not recognized again.
      candidate.id = row.story_id;
      candidate.url_key = row.url_key;
      candidate.host = host_of_key(row.url_key);
      candidate.time = row.decided_at;
      candidate.print = *std::move(print);
      texts.add(candidate, row.dedup_group);
    }
    return texts;
  };
  Ahead<StoredFingerprint, IndexedTexts> ahead(
      prepare, [this](IndexedTexts texts) { dedup_.restore(std::move(texts)); });
  Result<void> rows = ahead.run([&](const auto& put) {
    return seams_.ledger.fingerprints_since(since, [&](StoredFingerprint& row) {
      put(row);
      return !stop.stop_requested();
    });
  });
  if (!rows || stop.stop_requested()) return rows;
  dedup_.settle();
  return {};
}

void StoryDesk::decide(AnalysedStory told) {
  if (told.recheck) return decide_again(std::move(told));
  const std::optional<KnownItem> known = known_item(told.pending.feed_id, told.pending.item_key);
  Candidate candidate = candidate_of(told, known ? known->story_id : "", seams_.clock.utc());
  Verdict verdict = dedup_.decide(candidate);
  if (verdict.blocked && !told.pending.page_host.empty() &&
      told.story.text_from == TextFrom::kPage) {
    retry_without_page(told.pending, "the page says the same as others under other titles");
    return;
  }
  others_.polls.learn(told.pending.feed_id, told.facts);
  note_selection(told);
  std::optional<Story> original;
  if (verdict.kind != Verdict::Kind::kNew) original = load_story(verdict.of);
  if (!original) {
    // New, or a copy of what retention has already dropped from the store.
    candidate.id = told.story.id = free_story_id(told.story, told.text_hash);
    if (verdict.of.empty()) verdict.group = told.story.id;
    remember(candidate, verdict.group);
    seams_.docket.batch.stories.push_back(publish_new(std::move(told), verdict));
    return;
  }
  // Every text of a group is remembered under the story it belongs to.
  candidate.id = original->id;
  remember(candidate, verdict.group);
  if (!original->retracted.empty()) {
    seams_.docket.batch.stories.push_back(leave_out(told, verdict, *original));
    return;
  }
  const bool linked_before = known && known->story_id == original->id;
  if (verdict.kind == Verdict::Kind::kUpdate && same_hand(told, verdict, *original)) {
    seams_.docket.batch.stories.push_back(
        publish_update(std::move(told), verdict, *std::move(original), linked_before));
  } else {
    seams_.docket.batch.stories.push_back(
        link_duplicate(told, verdict, *std::move(original), linked_before));
  }
}

/// Only what the dedup index takes for an edition of the same story is one.
void StoryDesk::decide_again(AnalysedStory told) {
  Recheck look = *std::exchange(told.recheck, std::nullopt);
  const std::string id = look.story_id;
  look.missing = 0;
  look.etag = told.page_etag;
  look.last_modified = told.page_last_modified;
  others_.rechecks.plan_next(std::move(look));
  std::optional<Story> original = load_story(id);
  if (!original || !original->retracted.empty() || told.story.text_from != TextFrom::kPage) return;
  if (kept_share(original->text, told.story.text) < kSamePage) return;
  Candidate candidate = candidate_of(told, id, seams_.clock.utc());
  Verdict verdict = dedup_.decide(candidate);
  if (verdict.blocked || verdict.kind != Verdict::Kind::kUpdate || verdict.of != id) return;
  candidate.id = id;
  remember(candidate, verdict.group);
  verdict.reason = "its page changed";
  seams_.docket.batch.stories.push_back(
      publish_update(std::move(told), verdict, *std::move(original), /*known=*/true));
}

/// In the words in which Deduplicator::restore() says it, so that both make the same index.
void StoryDesk::remember(const Candidate& candidate, const std::string& group) {
  Verdict verdict;
  verdict.kind = Verdict::Kind::kDuplicate;  // Of its group, which the first of it opens.
  verdict.group = group;
  dedup_.add(candidate, verdict);
}

/// Said once until the selectors find something again: a site that was rebuilt misses every time.
void StoryDesk::note_selection(const AnalysedStory& told) {
  const std::string& feed = told.pending.feed_id;
  if (told.facts.selection == PageSelection::kSelected) unselected_.erase(feed);
  if (told.facts.selection != PageSelection::kNothing) return;
  seams_.metrics.pages_unselected.add();
  if (!unselected_.insert(feed).second) return;
  spdlog::warn("page_select feed={} page={} found=nothing article=by-rules", feed,
               log_value(told.pending.item.link));
}

/// A consent or challenge page is no article: the story is made from what the feed gave.
void StoryDesk::retry_without_page(const PendingItem& pending, const std::string& why) {
  seams_.docket.batch.retries.push_back({.pending_id = pending.id,
                                         .pending_revision = pending.revision,
                                         .not_before = seams_.clock.utc(),
                                         .error = why,
                                         .without_page = true});
  seams_.docket.mail.items_wait = true;
  seams_.metrics.pages_blocked.add();
  spdlog::warn("blocked feed={} page={}", pending.feed_id, log_value(pending.item.link));
}

StoryCommit StoryDesk::publish_new(AnalysedStory told, const Verdict& verdict) {
  StoryCommit commit = commit_of(told, Fate::kPublished, verdict, seams_.clock.utc());
  Story story = std::move(told.story);
  // What was in a feed before we first read it says how old it is, not how fast we are.
  seams_.docket.story_times.push_back(
      {.published = story.backfill ? std::nullopt : story.published_at,
       .first_seen = told.pending.first_seen,
       .response = told.page_at.value_or(told.pending.first_seen)});
  commit.story_id = story.id;
  others_.rechecks.plan(told, story);
  others_.events.join(told, &story, &commit);
  if (verdict.kind == Verdict::Kind::kNew) others_.lessons.learn(told, story);
  commit.message = story_draft(story, "create", seams_.settings.get().publish_text);
  seams_.docket.stories[story.id] = story;
  commit.story = std::move(story);
  seams_.metrics.stories_published.add();
  return commit;
}

StoryCommit StoryDesk::publish_update(AnalysedStory told, const Verdict& verdict, Story original,
                                      bool known) {
  // What was learned to be furniture since has not gone from the story: it was never in it.
  const std::string before =
      seams_.settings.get().learn_furniture
          ? without_furniture(original.title, original.text,
                              seams_.book.furniture(told.pending.feed_id), told.pending.first_seen)
          : original.text;
  std::vector<Change> changes = changed_sentences(before, told.story.text);
  if (changes.empty() && told.story.title == original.title) {
    return link_duplicate(told, verdict, std::move(original), known);
  }
  StoryCommit commit = commit_of(told, Fate::kUpdated, verdict, seams_.clock.utc());
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
  if (told.pending.id != 0) others_.rechecks.plan(told, story);
  if (!story.event_id.empty()) others_.events.touch(story.event_id, &commit);
  commit.message = story_draft(story, "update", seams_.settings.get().publish_text);
  seams_.docket.stories[story.id] = story;
  commit.story = std::move(story);
  seams_.metrics.stories_updated.add();
  return commit;
}

StoryCommit StoryDesk::link_duplicate(const AnalysedStory& told, const Verdict& verdict,
                                      Story original, bool known) {
  // Counted already: an item that is edited a hundred times is one copy.
  const bool same_item =
      known || (told.pending.feed_id == original.source.feed_id &&
                told.story.guid == original.guid && told.story.url == original.url);
  StoryCommit commit =
      commit_of(told, same_item ? Fate::kUnchanged : Fate::kDuplicate, verdict, seams_.clock.utc());
  commit.story_id = original.id;
  if (same_item) {
    seams_.metrics.stories_unchanged.add();
    return commit;
  }
  seams_.metrics.stories_duplicate.add();
  original.duplicate_count++;
  add_once(original.duplicate_sources, told.story.source.publisher);
  if (!original.event_id.empty()) others_.events.touch(original.event_id, &commit);
  seams_.docket.stories[original.id] = original;
  commit.story = std::move(original);
  return commit;
}

/// An edition or a copy of a story that was withdrawn: it does not come back through them.
StoryCommit StoryDesk::leave_out(const AnalysedStory& told, const Verdict& verdict,
                                 const Story& original) {
  StoryCommit commit = commit_of(told, Fate::kDropped, verdict, seams_.clock.utc());
  commit.story_id = original.id;
  commit.reason = "of a retracted story: " + verdict.reason;
  commit.page_later.reset();
  seams_.metrics.stories_dropped.add();
  return commit;
}

std::string StoryDesk::free_story_id(const Story& story, std::uint64_t text_hash) {
  // A URL or GUID that was used again for something else: the same in every daemon that saw the
  // same.
  return load_story(story.id) ? hash_id(story.id + ":" + std::to_string(text_hash)) : story.id;
}

std::optional<Story> StoryDesk::load_story(const std::string& id) {
  if (const auto found = seams_.docket.stories.find(id); found != seams_.docket.stories.end())
    return found->second;
  auto row = seams_.patience.insist<std::optional<Story>>("story",
                                                          [&] { return seams_.ledger.story(id); });
  if (!row || !*row) return std::nullopt;
  for (auto into = seams_.docket.merged.find((*row)->event_id);
       into != seams_.docket.merged.end();) {
    (*row)->event_id = into->second;
    into = seams_.docket.merged.find(into->second);
  }
  return *row;
}

std::optional<KnownItem> StoryDesk::known_item(const std::string& feed_id, const std::string& key) {
  const std::vector<std::string> keys{key};
  const auto rows = seams_.patience.insist<std::vector<KnownItem>>(
      "known item", [&] { return seams_.ledger.known_items(feed_id, keys); });
  if (!rows || rows->empty()) return std::nullopt;
  return rows->front();
}

void StoryDesk::decide(const FailedStory& failed) {
  const PendingItem& pending = failed.pending;
  if (failed.error.code == ErrorCode::kTransient) {
    // 1, 2, 4 minutes: a page that is down for a moment is worth waiting for, a story should not
    // be.
    const auto wait = std::chrono::minutes(1 << std::clamp(pending.attempts - 1, 0, 6));
    seams_.docket.batch.retries.push_back(
        {pending.id, pending.revision, seams_.clock.utc() + wait, failed.error.message});
    seams_.docket.mail.items_wait = true;
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
  seams_.docket.batch.stories.push_back(std::move(commit));
  seams_.metrics.stories_quarantined.add();
  spdlog::warn("quarantined feed={} item={} error={}", pending.feed_id,
               log_value(pending.item.link), log_value(failed.error.message));
}

Result<Retracted> StoryDesk::withdraw(const Withdrawal& wish) {
  std::optional<Story> story = load_story(wish.story_id);
  if (!story) {
    return fail(ErrorCode::kMalformed,
                "no story " + wish.story_id + "; `nutgraf why URL` tells the id of one");
  }
  const bool before = !story->retracted.empty();
  if (before && !wish.purge_text) return Retracted::kBefore;
  RetractCommit commit;
  if (!before) {
    story->revision++;
    story->retracted = wish.reason;
    others_.events.leave(*story, &commit);
    seams_.metrics.stories_retracted.add();
  }
  if (wish.purge_text) {
    *story = without_words(std::move(*story));
    commit.purge = retract_draft(*story);
  }
  if (!before) commit.message = retract_draft(*story);
  spdlog::warn("retract story={} purge={} before={} reason={}", story->id, wish.purge_text, before,
               log_value(story->retracted));
  commit.story = *std::move(story);
  seams_.docket.batch.retracts.push_back(std::move(commit));
  return before ? Retracted::kBefore : Retracted::kNow;
}

}  // namespace nutgraf
