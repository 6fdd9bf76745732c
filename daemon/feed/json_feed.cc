#include "daemon/feed/json_feed.h"

#include <cstdint>
#include <string>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/html_escape.h"
#include "daemon/base/url.h"
#include "daemon/feed/author.h"
#include "daemon/feed/html_links.h"
#include "daemon/feed/json_view.h"

namespace nutgraf {
namespace {

using Members = JsonView::Members;

constexpr std::size_t kMaxAuthors = 50;
constexpr std::size_t kMaxTags = 100;

std::string text_at(const Members& object, std::string_view key) {
  return member(object, key).text();
}

std::string first_of(const Members& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    std::string text = text_at(object, key);
    if (!trim(text).empty()) return text;
  }
  return {};
}

/// An absent link stays absent: an empty reference would be the base itself.
std::string link_of(const Members& object, std::initializer_list<std::string_view> keys,
                    std::string_view base) {
  const std::string link = first_of(object, keys);
  return link.empty() ? link : resolve_url(base, link);
}

void add_author(std::vector<std::string>& authors, const JsonView& author, bool& sound) {
  std::string name = author.is_object()
                         ? author_name(first_of(author.members(sound), {"name", "url"}))
                     : author.is_string() ? author_name(author.text())
                                          : std::string();
  if (!name.empty()) authors.push_back(std::move(name));
}

/// Version 1.1 has a list, 1.0 a single one.
std::vector<std::string> authors_of(const Members& object, bool& sound) {
  std::vector<std::string> authors;
  const JsonView list = member(object, "authors");
  std::size_t pos = 0;
  while (authors.size() < kMaxAuthors) {
    const auto author = list.next_element(pos, sound);
    if (!author) break;
    add_author(authors, *author, sound);
  }
  if (authors.empty()) add_author(authors, member(object, "author"), sound);
  return authors;
}

std::vector<std::string> tags_of(const Members& item, bool& sound) {
  std::vector<std::string> tags;
  const JsonView list = member(item, "tags");
  std::size_t pos = 0;
  while (tags.size() < kMaxTags) {
    const auto tag = list.next_element(pos, sound);
    if (!tag) break;
    if (tag->is_string()) tags.push_back(collapse_space(tag->text()));
  }
  return tags;
}

FeedItem item_of(const Members& json, std::string_view base, bool& sound) {
  FeedItem item;
  item.guid = trim(text_at(json, "id"));
  item.link = link_of(json, {"url", "external_url"}, base);
  if (item.link.empty() && item.guid.starts_with("http")) item.link = resolve_url(base, item.guid);
  item.title = plain_text(text_at(json, "title"));
  item.authors = authors_of(json, sound);
  item.published = parse_date(text_at(json, "date_published"));
  item.updated = parse_date(text_at(json, "date_modified"));
  if (!item.published) item.published = item.updated;
  item.categories = tags_of(json, sound);
  item.summary = html_of_text(text_at(json, "summary"));
  item.text = absolute_links(text_at(json, "content_html"), base);
  if (trim(item.text).empty()) item.text = html_of_text(text_at(json, "content_text"));
  item.language = trim(text_at(json, "language"));
  item.image = link_of(json, {"image", "banner_image"}, base);
  return item;
}

/// Whether the text ends within a string, or with an object or list that is still open.
bool breaks_off(std::string_view text) {
  std::int64_t open = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') in_string = !in_string;
    if (in_string) {
      i += c == '\\';
    } else {
      open += (c == '{' || c == '[') - (c == '}' || c == ']');
    }
  }
  return in_string || open > 0;
}

}  // namespace

Result<ParsedFeed> parse_json_feed(std::string_view text, std::string_view base_url,
                                   std::size_t max_items) {
  bool sound = true;
  const JsonView document(text);
  const Members head = document.members(sound);
  const JsonView items = member(head, "items");
  const bool named = text_at(head, "version").find("jsonfeed.org") != std::string::npos;
  if (!document.is_object() || (!named && !items.is_array())) {
    return fail(ErrorCode::kMalformed, "JSON, but no JSON Feed: it has no items");
  }
  ParsedFeed feed;
  feed.format = FeedFormat::kJson;
  feed.title = plain_text(text_at(head, "title"));
  feed.link = link_of(head, {"home_page_url"}, base_url);
  feed.language = trim(text_at(head, "language"));
  const std::string own = feed.link.empty() ? link_of(head, {"feed_url"}, base_url) : feed.link;
  const std::string_view base = own.empty() ? base_url : std::string_view(own);
  const std::vector<std::string> authors = authors_of(head, sound);
  std::size_t pos = 0;
  while (feed.items.size() < max_items) {
    const auto json = items.next_element(pos, sound);
    if (!json) break;
    if (!json->is_object()) continue;
    feed.items.push_back(item_of(json->members(sound), base, sound));
    if (feed.items.back().authors.empty()) feed.items.back().authors = authors;
  }
  feed.cut_off = !sound && breaks_off(text);
  if (!sound) feed.repairs.emplace_back("unsound JSON mended");
  return feed;
}

}  // namespace nutgraf
