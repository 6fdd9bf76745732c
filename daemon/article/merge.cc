#include "daemon/article/merge.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "daemon/article/boilerplate.h"
#include "daemon/article/letters.h"
#include "daemon/article/page_kind.h"
#include "daemon/base/ascii.h"
#include "summarizer/summarizer.h"

namespace nutgraf {
namespace {

/// Words of a teaser that must be there before it can contradict a page.
constexpr std::size_t kLeastTeaserWords = 8;
/// Share of them that a page about the same thing has at the very least.
constexpr double kLeastShared = 0.15;
/// A page with less text than this, of which not one word is the teaser's, is about something else,
/// if the teaser has only so many: walls are short. Of 383 pages of news two have no word of their
/// headline, both longer. [docs/benchmarks.md]
constexpr std::size_t kWallText = 1200;
constexpr std::size_t kLeastWallWords = 2;
/// Shorter words are function words in most languages.
constexpr std::size_t kContentLetters = 5;
/// The feed's text wins over the page's if it is longer by this factor: the page was cut.
constexpr double kMuchLonger = 1.5;
/// A feed's text of fewer characters than this is a teaser, whatever element it came in.
constexpr std::size_t kFullText = 600;

/// Distinct content words, folded.
std::unordered_set<std::string> content_words(std::string_view text) {
  std::unordered_set<std::string> words;
  const std::string folded = fold_words(text);
  for (const std::string_view word : split(folded, ' ')) {
    if (char_count(word) >= kContentLetters) words.emplace(word);
  }
  return words;
}

/// Of scripts without blanks a "word" is half a sentence, which an edited headline need not share.
bool is_dense(std::string_view word) {
  std::size_t at = 0;
  return is_dense_script(next_code_point(word, at));
}

bool is_cut_off(std::string_view title) { return title.ends_with("…") || title.ends_with("..."); }

std::string best_title(const FeedItem& item, const Article* page) {
  const bool usable = !item.title.empty() && !is_cut_off(item.title);
  if (usable || page == nullptr || page->meta.title.empty()) return item.title;
  return page->meta.title;
}

struct FeedText {
  std::string text;
  bool full = false;
};

FeedText feed_text(const FeedItem& item, std::string_view language) {
  const std::string& html = item.text.empty() ? item.summary : item.text;
  FeedText out{.text = clean_text(item.title, text_of_html(html), language).text};
  out.full = !item.text.empty() && char_count(out.text) >= kFullText;
  return out;
}

bool page_wins(const FeedText& feed, const std::string& page, TextChoice choice) {
  if (page.empty() || choice == TextChoice::kFeed) return false;
  if (choice == TextChoice::kPage) return true;
  return static_cast<double>(feed.text.size()) <= kMuchLonger * static_cast<double>(page.size());
}

void choose_text(Story& story, const FeedItem& item, const Article* page,
                 const MergeOptions& options) {
  FeedText feed = feed_text(item, options.language);
  if (page != nullptr && page_wins(feed, page->text, options.text)) {
    story.text = page->text;
    story.text_from = TextFrom::kPage;
  } else {
    story.text = std::move(feed.text);
    story.text_from = feed.full ? TextFrom::kFeed : TextFrom::kTeaser;
  }
}

std::string best_language(const Story& story, const FeedItem& item, const Article* page,
                          const MergeOptions& options) {
  if (!options.language.empty()) return options.language;
  std::string detected = summarizer::detect_language(story.text);
  if (detected != "und") return detected;
  if (page != nullptr && !page->meta.language.empty()) return page->meta.language;
  const std::string primary =
      lower_utf8(std::string_view(item.language).substr(0, item.language.find_first_of("-_")));
  return primary.empty() ? "und" : primary;
}

void take_dates(Story& story, const FeedItem& item, const Article* page) {
  const PageMetadata none;
  const PageMetadata& meta = page == nullptr ? none : page->meta;
  story.published_at = item.published ? item.published : meta.published;
  if (story.published_at) story.published_from = item.published ? "feed" : "page";
  story.modified_at = std::max(item.updated, meta.modified);  // No time is before every time.
}

/// `url`, or nothing if it is of another scheme: subscribers make links of it, and who follows a
/// link of "javascript:" runs it.
std::string web_url(std::string url) {
  const bool web =
      starts_with_ignoring_case(url, "https://") || starts_with_ignoring_case(url, "http://");
  return web ? url : std::string();
}

}  // namespace

bool contradicts_teaser(const FeedItem& item, const Article& page) {
  const std::unordered_set<std::string> teaser =
      content_words(item.title + " " + text_of_html(item.summary));
  if (teaser.size() < kLeastWallWords || page.text.empty()) return false;
  const std::unordered_set<std::string> words = content_words(page.meta.title + " " + page.text);
  const auto shared =
      std::ranges::count_if(teaser, [&](const std::string& word) { return words.contains(word); });
  if (shared == 0 && char_count(page.text) < kWallText && std::ranges::none_of(teaser, is_dense)) {
    return true;
  }
  return teaser.size() >= kLeastTeaserWords &&
         static_cast<double>(shared) < kLeastShared * static_cast<double>(teaser.size());
}

Story merge_story(const FeedItem& item, const Article* page, const MergeOptions& options) {
  if (page != nullptr && (page->blocked || contradicts_teaser(item, *page))) page = nullptr;
  Story story;
  story.title = best_title(item, page);
  const bool canonical = page != nullptr && !page->meta.canonical_url.empty();
  story.url = web_url(canonical ? page->meta.canonical_url : item.link);
  story.guid = item.guid;
  story.tags = item.categories;
  take_dates(story, item, page);
  story.authors = item.authors.empty() && page != nullptr ? page->meta.authors : item.authors;
  story.image = web_url(item.image);
  if (story.image.empty() && page != nullptr) story.image = web_url(page->meta.image);
  choose_text(story, item, page, options);
  story.language = best_language(story, item, page, options);
  story.word_count = static_cast<int>(count_words(fold_words(story.text)));
  story.origin_agency = credited_agency(story.text, story.authors);
  if (page != nullptr) {
    story.kind = page->meta.kind;
    story.paywall = page->meta.paywall;
    if (story.origin_agency.empty()) story.origin_agency = page->meta.agency;
  }
  return story;
}

}  // namespace nutgraf
