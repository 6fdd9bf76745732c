#include "daemon/pipeline/pipeline.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "daemon/article/article.h"
#include "daemon/article/letters.h"
#include "daemon/article/merge.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/base/utf8.h"
#include "daemon/dedup/identity.h"
#include "daemon/event/event_summary.h"
#include "daemon/feed/feed_parser.h"
#include "daemon/feed/rules.h"
#include "daemon/pipeline/item_bounds.h"
#include "daemon/pipeline/story_builder.h"

namespace nutgraf {
namespace {

/// Characters of plain text from which on a feed gives the article itself; below it, and where the
/// text breaks off, it gives a teaser. Feeds that carry whole articles have a median above 2,000,
/// teasers stay below 600.
constexpr std::size_t kTeaserBelow = 900;
constexpr int kKeywords = 8;
constexpr int kEntities = 8;

bool breaks_off(std::string_view text) {
  for (const std::string_view end : {"…", "...", "[...]", "[…]", "»", "→", "more", "More"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

FullText wanted_text(const FeedSource& source, const WorkOptions& options) {
  return source.full_text == FullText::kAuto ? options.full_text : source.full_text;
}

// ---- poll trip

PolledItem identify(FeedItem item, GuidTrust trust, GuidTrust former, const FeedSource& source,
                    const ItemRules& rules, const WorkOptions& options) {
  PolledItem polled;
  polled.key = item_key(item, trust);
  if (former != trust) polled.former_key = item_key(item, former);
  polled.content_hash = content_hash(item);
  polled.refusal = rules.refusal(item);
  if (needs_page(item, wanted_text(source, options))) polled.page_host = host_of(item.link);
  polled.item = std::move(item);
  return polled;
}

ItemRules rules_of(const FeedSource& source) {
  // Checked when the configuration was loaded, so an error here is none of the operator's.
  Result<ItemRules> rules = parse_rules(source.keep, source.drop);
  return rules ? *std::move(rules) : ItemRules{};
}

PollOutcome unreadable(const HttpResponse& response, std::string why) {
  PollOutcome outcome;
  outcome.status = response.status;
  outcome.failure = FailureClass::kHard;
  outcome.error = std::move(why);
  return outcome;
}

/// Of such an item there is nothing to publish.
bool says_nothing(const FeedItem& item) {
  return item.title.empty() && item.link.empty() && item.summary.empty() && item.text.empty();
}

PolledFeed read_feed(const FeedJob& job, const WorkOptions& options) {
  PolledFeed polled;
  polled.source = job.source;
  polled.state = job.state;
  polled.took = job.response.took;
  polled.bytes = job.response.body.size();
  polled.received_at = job.response.received_at;
  Result<ParsedFeed> parsed =
      parse_feed(job.response.body, {.content_type = job.response.content_type,
                                     .base_url = job.response.url,
                                     .max_items = options.max_items});
  if (!parsed) {
    polled.outcome = unreadable(job.response, parsed.error().message);
    return polled;
  }
  polled.outcome = outcome_of_document(job.response, *parsed, 0);
  const auto former = static_cast<GuidTrust>(job.state.identity);
  const GuidTrust trust = guid_trust(*parsed, former);
  polled.outcome.identity = static_cast<int>(trust);
  // What it breaks off in may be half an item. The same document once more: that is how it is.
  // (Of JSON only whole items are read.)
  const bool half = parsed->cut_off && parsed->format != FeedFormat::kJson &&
                    polled.outcome.cut_off != job.state.cut_off;
  if (half && !parsed->items.empty()) parsed->items.pop_back();
  const ItemRules rules = rules_of(job.source);
  for (FeedItem& item : parsed->items) {
    if (says_nothing(item)) continue;
    if (item.language.empty()) item.language = parsed->language;
    bound(item);
    polled.items.push_back(identify(std::move(item), trust, former, job.source, rules, options));
  }
  polled.repairs = std::move(parsed->repairs);
  return polled;
}

// ---- story trip

std::string method_name(summarizer::Method method) {
  switch (method) {
    case summarizer::Method::kTextRank:
      return "textrank";
    case summarizer::Method::kLexRank:
      return "lexrank";
    case summarizer::Method::kNutgraf:
      break;
  }
  return "nutgraf";
}

StorySummary summarize_story(const summarizer::Analysis& analysis,
                             const summarizer::Options& options) {
  const summarizer::Summary summary = summarizer::summarize(analysis, options);
  StorySummary out;
  out.text = summary.text;
  for (const summarizer::Pick& pick : summary.sentences) {
    out.sentences.push_back({pick.text, pick.position});
  }
  out.method = method_name(options.method);
  return out;
}

StoryFacts facts_of(const StoryJob& job, const Article* page, const Story& story,
                    FullText full_text) {
  StoryFacts facts;
  facts.characters = char_count(story.text);
  facts.page_wanted = needs_page(job.pending.item, full_text);
  facts.teaser_only = story.text_from == TextFrom::kTeaser;
  if (page != nullptr) facts.selection = page->selection;
  if (!facts.page_wanted) return facts;
  if (job.pending.page_host.empty()) {
    facts.wall = Wall::kSame;  // The desk has sent it back without its page.
  } else if (page != nullptr && page->blocked) {
    facts.wall = wall_from(page->blocked_reason).value_or(Wall::kEmpty);
  } else if (page != nullptr && story.text_from != TextFrom::kPage &&
             contradicts_teaser(job.pending.item, *page)) {
    facts.wall = Wall::kOther;
  }
  return facts;
}

/// What the feed's other stories have taught goes out of the text; `told` learns from all of it.
void leave_out_furniture(const StoryJob& job, AnalysedStory& told) {
  Story& story = told.story;
  told.lines = seen_lines(story.title, story.text);
  std::string left =
      without_furniture(story.title, story.text, job.furniture, job.pending.first_seen);
  if (left.size() == story.text.size()) return;
  story.text = std::move(left);
  story.word_count = static_cast<int>(count_words(fold_words(story.text)));
}

AnalysedStory tell_story(const StoryJob& job, const WorkOptions& options,
                         summarizer::Summarizer& summarizer) {
  std::optional<Article> page;
  if (job.page) {
    Result<Article> article =
        extract_article(job.page->body, {.url = job.page->url,
                                         .content_type = job.page->content_type,
                                         .max_bytes = kMaxPage,
                                         .selectors = job.source.page.value()});
    if (article) page = *std::move(article);
  }
  const Article* const article = page ? &*page : nullptr;

  FeedSource source = job.source;
  source.full_text = wanted_text(source, options);
  AnalysedStory told;
  told.pending = job.pending;
  told.page_later = job.page_later;
  told.recheck = job.recheck;
  if (job.page) {
    told.page_at = job.page->received_at;
    told.page_etag = job.page->etag;
    told.page_last_modified = job.page->last_modified;
  }
  told.story = build_story(source, job.feed_url, job.pending, article);
  Story& story = told.story;
  if (options.learn_furniture) leave_out_furniture(job, told);
  told.facts = facts_of(job, article, story, source.full_text);

  const summarizer::Analysis analysis =
      summarizer.analyse({.title = story.title, .text = story.text, .language = story.language});
  story.summary = summarize_story(analysis, options.summary);
  story.keywords = summarizer::keywords(analysis, kKeywords);
  story.entities = summarizer::entities(analysis, kEntities);

  told.fingerprint = fingerprint(story.title, story.text);
  told.vector = story_vector(analysis);
  told.url_key = story.url.empty() ? std::string() : url_key(story.url);
  if (article != nullptr && !article->meta.canonical_url.empty()) {
    told.page_url_key = url_key(article->meta.canonical_url);
    if (told.page_url_key == told.url_key) told.page_url_key.clear();
  }
  told.text_hash = told.fingerprint.text_hash;
  return told;
}

// ---- event trip

WrittenEvent tell_event(const EventJob& job, const WorkOptions& options,
                        summarizer::Summarizer& summarizer) {
  WrittenEvent written;
  written.event_id = job.event_id;
  written.dirty_revision = job.dirty_revision;
  written.event = summarize_event(job.members, job.previous, options.event, summarizer);
  written.event.id = job.event_id;
  written.event.size = std::max(job.size, static_cast<int>(job.members.size()));
  // Of a large event only some members are at hand; what they do not show was there before.
  if (job.previous && written.event.size > static_cast<int>(job.members.size())) {
    written.event.sources = std::max(written.event.sources, job.previous->sources);
    written.event.independent = std::max(written.event.independent, job.previous->independent);
  }
  return written;
}

struct Worker {
  const WorkOptions& options;
  summarizer::Summarizer& summarizer;

  Outcome operator()(const FeedJob& job) const { return {0, read_feed(job, options)}; }
  Outcome operator()(const StoryJob& job) const {
    return {0, tell_story(job, options, summarizer)};
  }
  Outcome operator()(const EventJob& job) const {
    return {0, tell_event(job, options, summarizer)};
  }
  Outcome operator()(const GiveUpJob& job) const {
    return {0, FailedStory{job.pending, job.error}};
  }
};

/// What a job comes to when something threw in it (memory, a library's own exception): a failure of
/// that job alone. A story is tried again: once its page is given up, without it.
struct Failure {
  std::string message;

  Outcome operator()(const FeedJob& job) const {
    PolledFeed polled;
    polled.source = job.source;
    polled.state = job.state;
    polled.outcome = unreadable(job.response, message);
    return {0, std::move(polled)};
  }
  Outcome operator()(const StoryJob& job) const {
    if (job.recheck) return {0, LookedAgain{*job.recheck, LookedAgain::Kind::kFailed}};
    return {0, FailedStory{job.pending, {ErrorCode::kTransient, message}}};
  }
  Outcome operator()(const EventJob& job) const {
    WrittenEvent unchanged;
    unchanged.event_id = job.event_id;
    unchanged.dirty_revision = job.dirty_revision;
    if (job.previous) unchanged.event = *job.previous;
    unchanged.event.id = job.event_id;
    return {0, std::move(unchanged)};
  }
  Outcome operator()(const GiveUpJob& job) const {
    return {0, FailedStory{job.pending, job.error}};
  }
};

}  // namespace

void cut_page(HttpResponse& page) {
  if (page.body.size() <= kMaxPage) return;
  page.body = page.body.substr(0, kMaxPage);
}

bool needs_page(const FeedItem& item, FullText full_text) {
  if (full_text == FullText::kFeed) return false;
  const std::optional<Url> link = parse_url(item.link);
  if (!link || (link->scheme != "http" && link->scheme != "https")) return false;
  if (full_text == FullText::kPage) return true;
  const std::string text =
      plain_text(item.text.size() >= item.summary.size() ? item.text : item.summary);
  return text.size() < kTeaserBelow || breaks_off(text);
}

Outcome work(const Job& job, const WorkOptions& options) {
  summarizer::Summarizer summarizer;
  return work(job, options, summarizer);
}

Outcome work(const Job& job, const WorkOptions& options, summarizer::Summarizer& summarizer) {
  Outcome outcome;
  try {
    outcome = std::visit(Worker{options, summarizer}, job.work);
  } catch (const std::exception& error) {
    outcome = std::visit(Failure{error.what()}, job.work);
  }
  outcome.job_id = job.id;
  return outcome;
}

}  // namespace nutgraf
