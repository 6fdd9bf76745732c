#include <algorithm>

#include "daemon/feed/opml.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

void check_feed(const FeedSource& feed) {
  require(feed.url.starts_with("http://") || feed.url.starts_with("https://"), "no URL of a feed");
  for (const std::string* text :
       {&feed.url, &feed.id, &feed.name, &feed.publisher, &feed.language}) {
    require_line(*text, "a text of a feed");
  }
  require(!feed.category.empty() && feed.category.size() <= 64 &&
              feed.category.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
                  feed.category.npos,
          "a category that is no word of a topic");
  require(feed.tags.size() <= 16, "too many tags");
  for (const std::string& tag : feed.tags) {
    require_line(tag, "a tag");
    require(!tag.empty(), "an empty tag");
  }
}

bool has_user(const FeedSource& feed) {
  return feed.url.substr(0, feed.url.find('/', 8)).find('@') != std::string::npos;
}

/// What is exported is imported as it was, but for what OPML has no words for.
void check_export(const std::vector<FeedSource>& feeds) {
  const auto again = read_opml(write_opml(feeds));
  require(again.has_value(), "an exported list cannot be read");
  require(again->feeds.size() == feeds.size() && again->left_out_count == 0, "a feed is lost");
  for (const FeedSource& feed : feeds) {
    const auto same = std::ranges::find(again->feeds, feed.url, &FeedSource::url);
    require(same != again->feeds.end(), "a URL is another");
    require(same->id == feed.id && same->publisher == feed.publisher &&
                same->category == feed.category && same->language == feed.language,
            "a feed is another");
    require(feed.name.empty() || same->name == feed.name, "a name is another");
  }
}

}  // namespace

void opml(std::string_view bytes) {
  const auto list = read_opml(bytes);
  if (!list) {
    require(list.error().code == ErrorCode::kMalformed || list.error().code == ErrorCode::kTooLarge,
            "an error of another kind");
    return require_line(list.error().message, "an error's message");
  }
  for (const FeedSource& feed : list->feeds) check_feed(feed);
  require(list->left_out.size() <= std::min<std::size_t>(list->left_out_count, 100),
          "too many words");
  for (const std::string& why : list->left_out) require_line(why, "what was left out");
  if (std::ranges::none_of(list->feeds, has_user)) check_export(list->feeds);
}

}  // namespace nutgraf::fuzz
