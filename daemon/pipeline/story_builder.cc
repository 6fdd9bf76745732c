#include "daemon/pipeline/story_builder.h"

#include <algorithm>
#include <utility>

#include "daemon/article/boilerplate.h"
#include "daemon/article/merge.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/base/utf8.h"
#include "daemon/dedup/identity.h"
#include "daemon/pipeline/item_bounds.h"

namespace nutgraf {
namespace {

constexpr std::size_t kTitleFromText = 80;

TextChoice choice_of(FullText full_text) {
  switch (full_text) {
    case FullText::kFeed:
      return TextChoice::kFeed;
    case FullText::kPage:
      return TextChoice::kPage;
    case FullText::kAuto:
      break;
  }
  return TextChoice::kAuto;
}

/// "de" of "de-AT": topics are by primary tag.
std::string primary_tag(std::string_view language) {
  std::string tag(language.substr(0, language.find_first_of("-_")));
  std::transform(tag.begin(), tag.end(), tag.begin(), [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return tag;
}

std::string first_words(std::string_view text) {
  std::string line = collapse_space(text.substr(0, kTitleFromText * 4));
  if (line.size() <= kTitleFromText) return line;
  std::size_t end = line.rfind(' ', kTitleFromText);
  if (end == std::string::npos) {  // No blanks: back to where a character begins.
    end = kTitleFromText;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  }
  return line.substr(0, end) + "…";
}

std::string any_title(const Story& story, const FeedItem& item, const std::string& from_text) {
  for (const std::string& title : {story.title, from_text, first_words(story.text), item.link}) {
    if (!title.empty()) return title;
  }
  return item.guid;
}

StorySource source_of(const FeedSource& feed, const std::string& feed_url, const Story& story,
                      const FeedItem& item) {
  StorySource source;
  source.feed_id = feed.id;
  source.feed_url = feed_url;
  source.name = feed.name;
  // An aggregator's <source> names the real publisher; feeds of one publisher count once.
  source.publisher = item.source_name.empty() ? feed.publisher : item.source_name;
  source.host = host_of(story.url);
  return source;
}

}  // namespace

Story build_story(const FeedSource& source, const std::string& feed_url, const PendingItem& pending,
                  const Article* page) {
  const FeedItem& item = pending.item;
  Story story = merge_story(
      item, page, {.text = choice_of(source.full_text), .language = primary_tag(source.language)});
  story.text.resize(cut_utf8(story.text, kMaxItemText).size());
  if (story.language.empty()) story.language = "und";
  // merge_story() has cleaned the feed's own text; a page's paragraphs may carry furniture too.
  std::string title_in_text;
  if (story.text_from == TextFrom::kPage) {
    Cleaned cleaned = clean_text(story.title, story.text, story.language);
    story.text = std::move(cleaned.text);
    title_in_text = std::move(cleaned.title);
  }
  story.title = any_title(story, item, title_in_text);
  story.id = story_id(item, feed_url);
  story.category = source.category;
  std::vector<std::string> tags = source.tags;
  for (std::string& tag : story.tags) {
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
  story.tags = std::move(tags);
  story.first_seen_at = pending.first_seen;
  story.backfill = pending.backfill;
  story.source = source_of(source, feed_url, story, item);
  if (story.published_at) story.published_at = std::min(*story.published_at, pending.first_seen);
  return story;
}

}  // namespace nutgraf
