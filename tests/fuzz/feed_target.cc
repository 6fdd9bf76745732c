#include "daemon/dedup/identity.h"
#include "daemon/feed/discovery.h"
#include "daemon/feed/feed_parser.h"
#include "daemon/model/json.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

constexpr std::string_view kBase = "https://news.example/a/feed.xml";

std::size_t check_item(const FeedItem& item, GuidTrust trust) {
  require_line(item.title, "an item's title");
  std::size_t total = item.title.size();
  for (const std::string* text : {&item.guid, &item.link, &item.summary, &item.text, &item.language,
                                  &item.image, &item.source_name, &item.source_url}) {
    require_utf8(*text, "a text of an item");
    total += text->size();
  }
  for (const auto* list : {&item.authors, &item.categories}) {
    for (const std::string& text : *list) {
      require_line(text, "an author or category");
      total += text.size();
    }
  }
  const auto again = item_from_json(to_json(item));
  require(again && *again == item, "an item read back from its JSON is another");
  require(item_key(item, trust).size() <= 512, "an item's key is longer than 512 bytes");
  require(!story_id(item, kBase).empty(), "an item without a story id");
  return total;
}

}  // namespace

void feed(std::string_view bytes) {
  const auto [content_type, document] = first_line(bytes);
  for (const FeedLink& link : feed_links(document, kBase)) {
    require_line(link.url, "a feed's URL");
  }
  const auto parsed = parse_feed(document, {.content_type = content_type, .base_url = kBase});
  if (!parsed) return require_malformed(parsed.error());
  require_line(parsed->title, "the feed's title");
  require_utf8(parsed->link, "the feed's link");
  require_utf8(parsed->language, "the feed's language");
  for (const int hour : parsed->skip_hours) require(hour >= 0 && hour <= 23, "no hour");
  for (const int day : parsed->skip_days) require(day >= 0 && day <= 6, "no day");
  for (const std::string& repair : parsed->repairs) require_line(repair, "a repair");
  require(parsed->items.size() <= ParseOptions{}.max_items, "too many items");
  std::size_t total = 0;
  const GuidTrust trust = guid_trust(*parsed);
  for (const FeedItem& item : parsed->items) total += check_item(item, trust);
  require(total <= 8 * document.size() + (1U << 20), "the items are larger than the document");
}

}  // namespace nutgraf::fuzz
