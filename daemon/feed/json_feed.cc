#include "daemon/feed/json_feed.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/feed/author.h"
#include "daemon/feed/html_escape.h"
#include "daemon/feed/html_links.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxAuthors = 50;
constexpr std::size_t kMaxTags = 100;

std::string text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  if (found->is_number_integer()) return found->dump();
  if (found->is_number()) {
    const double value = found->get<double>();
    return std::floor(value) == value && std::fabs(value) < 1e15
               ? std::to_string(static_cast<long long>(value))
               : found->dump();
  }
  return {};
}

std::string first_of(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    std::string text = text_at(object, key);
    if (!trim(text).empty()) return text;
  }
  return {};
}

/// An absent link stays absent: an empty reference would be the base itself.
std::string link_of(const Json& object, std::initializer_list<const char*> keys,
                    std::string_view base) {
  const std::string link = first_of(object, keys);
  return link.empty() ? link : resolve_url(base, link);
}

void add_author(std::vector<std::string>& authors, const Json& author) {
  std::string name = author.is_object()   ? author_name(first_of(author, {"name", "url"}))
                     : author.is_string() ? author_name(author.get<std::string>())
                                          : std::string();
  if (!name.empty() && authors.size() < kMaxAuthors) authors.push_back(std::move(name));
}

/// Version 1.1 has a list, 1.0 a single one.
std::vector<std::string> authors_of(const Json& object) {
  std::vector<std::string> authors;
  if (const auto list = object.find("authors"); list != object.end() && list->is_array()) {
    for (const Json& author : *list) add_author(authors, author);
  }
  const auto single = object.find("author");
  if (authors.empty() && single != object.end()) add_author(authors, *single);
  return authors;
}

std::vector<std::string> tags_of(const Json& item) {
  std::vector<std::string> tags;
  const auto list = item.find("tags");
  if (list == item.end() || !list->is_array()) return tags;
  for (const Json& tag : *list) {
    if (tag.is_string() && tags.size() < kMaxTags) {
      tags.push_back(collapse_space(tag.get<std::string>()));
    }
  }
  return tags;
}

FeedItem item_of(const Json& json, std::string_view base) {
  FeedItem item;
  item.guid = trim(text_at(json, "id"));
  item.link = link_of(json, {"url", "external_url"}, base);
  if (item.link.empty() && item.guid.starts_with("http")) item.link = resolve_url(base, item.guid);
  item.title = plain_text(text_at(json, "title"));
  item.authors = authors_of(json);
  item.published = parse_date(text_at(json, "date_published"));
  item.updated = parse_date(text_at(json, "date_modified"));
  if (!item.published) item.published = item.updated;
  item.categories = tags_of(json);
  item.summary = html_of_text(text_at(json, "summary"));
  item.text = absolute_links(text_at(json, "content_html"), base);
  if (trim(item.text).empty()) item.text = html_of_text(text_at(json, "content_text"));
  item.language = trim(text_at(json, "language"));
  item.image = link_of(json, {"image", "banner_image"}, base);
  return item;
}

Json parse(std::string_view text) {
  return Json::parse(text.begin(), text.end(), nullptr, false, true);
}

/// Reads JSON that no parser takes as far as brackets and strings go.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  bool done() const { return pos_ >= text_.size(); }
  std::size_t position() const { return pos_; }

  /// Moves past one mark, or past one whole string, which it gives without its quotes.
  std::string_view next() {
    const std::size_t start = pos_++;
    if (text_[start] != '"') return text_.substr(start, 1);
    while (pos_ < text_.size() && text_[pos_] != '"') pos_ += text_[pos_] == '\\' ? 2 : 1;
    pos_ = std::min(pos_ + 1, text_.size());
    return text_.substr(start + 1, pos_ - start - 1);
  }

  /// To the end of the object that begins here; nullopt if the text ends before.
  std::optional<std::string_view> object() {
    const std::size_t start = pos_;
    int depth = 0;
    while (!done()) {
      const char mark = text_[pos_];
      next();
      if (mark == '{') ++depth;
      if (mark == '}' && --depth == 0) return text_.substr(start, pos_ - start);
    }
    return std::nullopt;
  }

  /// To after the '[' of the list of items; false if there is none.
  bool enter_items() {
    int depth = 0;
    bool items = false;
    while (!done()) {
      const std::string_view token = next();
      if (token == "{" || token == "[") {
        if (items && token == "[") return true;
        ++depth;
      } else if (token == "}" || token == "]") {
        --depth;
      }
      const bool between = token == ":" || token == " ";
      items = (items && between) || (depth == 1 && token == "items\"");
    }
    return false;
  }

 private:
  std::string_view text_;
  std::size_t pos_ = 0;
};

/// What is whole of a feed that is no sound JSON: cut off, with line ends in its strings or with
/// one item that spoils the others. Discarded if that is nothing.
Json salvage(std::string_view broken) {
  std::string text(broken);
  std::replace_if(text.begin(), text.end(), is_space, ' ');
  JsonScanner scanner(text);
  if (!scanner.enter_items()) return parse(text);
  Json feed = parse(text.substr(0, scanner.position()) + "]}");
  if (!feed.is_object()) feed = Json::object();
  Json items = Json::array();
  while (!scanner.done()) {
    if (text[scanner.position()] != '{') {
      if (scanner.next() == "]") break;
      continue;
    }
    const auto object = scanner.object();
    if (!object) break;
    if (Json item = parse(*object); item.is_object()) items.push_back(std::move(item));
  }
  if (items.empty()) return Json(Json::value_t::discarded);
  feed["items"] = std::move(items);
  return feed;
}

}  // namespace

Result<ParsedFeed> parse_json_feed(std::string_view text, std::string_view base_url,
                                   std::size_t max_items) {
  Json json = parse(text);
  const bool sound = !json.is_discarded();
  if (!sound) json = salvage(text);
  if (json.is_discarded()) return fail(ErrorCode::kMalformed, "neither XML nor sound JSON");
  const auto items = json.is_object() ? json.find("items") : json.end();
  const bool named =
      json.is_object() && text_at(json, "version").find("jsonfeed.org") != std::string::npos;
  if (!json.is_object() || (!named && (items == json.end() || !items->is_array()))) {
    return fail(ErrorCode::kMalformed, "JSON, but no JSON Feed: it has no items");
  }
  ParsedFeed feed;
  feed.format = FeedFormat::kJson;
  if (!sound) feed.repairs.emplace_back("unsound JSON mended");
  feed.title = plain_text(text_at(json, "title"));
  feed.link = link_of(json, {"home_page_url"}, base_url);
  feed.language = trim(text_at(json, "language"));
  const std::string base = feed.link.empty() ? link_of(json, {"feed_url"}, base_url) : feed.link;
  const std::vector<std::string> authors = authors_of(json);
  if (items == json.end() || !items->is_array()) return feed;
  for (const Json& item : *items) {
    if (!item.is_object() || feed.items.size() >= max_items) continue;
    feed.items.push_back(item_of(item, base.empty() ? base_url : base));
    if (feed.items.back().authors.empty()) feed.items.back().authors = authors;
  }
  return feed;
}

}  // namespace nutgraf
