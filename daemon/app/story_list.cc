#include "daemon/app/story_list.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "daemon/service/web_request.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

const Json& part_of(const Json& object, const char* key) {
  static constexpr auto kKind = Json::value_t::object;
  static const Json kNone(kKind);
  const auto found = object.find(key);
  return found == object.end() ? kNone : *found;
}

void put_text(Json& item, const char* key, const std::string& text) {
  if (!text.empty()) item[key] = text;
}

std::string joined(const Json& names) {
  std::string out;
  for (const Json& name : names) out += (out.empty() ? "" : ", ") + name.get<std::string>();
  return out;
}

/// JSON Feed wants text in every item.
void put_content(Json& item, const std::string& text) {
  item["content_text"] = text.empty() ? item.value("title", std::string()) : text;
}

Json story_item(const Json& message, const Json& story) {
  Json item = {{"id", text_of(story, "id")}};
  put_text(item, "title", text_of(story, "title"));
  put_text(item, "url", text_of(story, "url"));
  put_content(item, text_of(part_of(story, "summary"), "text"));
  const std::string published = text_of(story, "published_at");
  item["date_published"] = published.empty() ? text_of(story, "first_seen_at") : published;
  if (text_of(message, "op") == "update") item["date_modified"] = text_of(message, "decided_at");
  put_text(item, "image", text_of(story, "image"));
  put_text(item, "language", text_of(story, "language"));
  Json authors = Json::array();
  for (const Json& name : part_of(story, "authors")) authors.push_back({{"name", name}});
  if (authors.empty()) authors.push_back({{"name", text_of(part_of(story, "source"), "name")}});
  item["authors"] = std::move(authors);
  Json tags = {text_of(story, "category")};
  for (const Json& tag : part_of(story, "tags")) tags.push_back(tag);
  item["tags"] = std::move(tags);
  return item;
}

std::string event_text(const Json& event) {
  std::string out = text_of(part_of(event, "summary"), "text");
  for (const Json& conflict : part_of(event, "conflicts")) {
    std::string claims;
    for (const Json& claim : part_of(conflict, "claims")) {
      claims += (claims.empty() ? "" : "; ") + text_of(claim, "value") + " (" +
                joined(part_of(claim, "publishers")) + ")";
    }
    out += "\n\nReports disagree on " + text_of(conflict, "what") + ": " + claims + ".";
  }
  return out;
}

Json event_item(const Json& event) {
  Json item = {{"id", text_of(event, "id")}};
  put_text(item, "title", text_of(event, "title"));
  const Json& stories = part_of(event, "stories");
  if (stories.is_array() && !stories.empty()) put_text(item, "url", text_of(stories[0], "url"));
  put_content(item, event_text(event));
  put_text(item, "date_published", text_of(event, "first_seen_at"));
  put_text(item, "date_modified", text_of(event, "updated_at"));
  put_text(item, "language", text_of(event, "language"));
  item["tags"] = {text_of(event, "category")};
  return item;
}

Json feed_item(const Json& feed) {
  Json item = {{"id", "feed:" + text_of(feed, "id")},
               {"title", text_of(feed, "id") + " is " + text_of(feed, "state")}};
  put_content(item, text_of(feed, "reason"));
  put_text(item, "date_published", text_of(feed, "since"));
  return item;
}

std::optional<Json> item_of(const Publication& message) {
  const Json body = Json::parse(message.body, nullptr, false);
  const std::string op = body.is_object() ? text_of(body, "op") : "retract";
  if (op == "retract" || op == "merge") return std::nullopt;
  if (const auto story = body.find("story"); story != body.end()) return story_item(body, *story);
  if (const auto event = body.find("event"); event != body.end()) return event_item(*event);
  if (const auto feed = body.find("feed"); feed != body.end()) return feed_item(*feed);
  return std::nullopt;
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// `object` with one more member, whose value is JSON already.
std::string with_raw(std::string object, std::string_view name, std::string_view json) {
  object.pop_back();
  object += ",\"";
  object += name;
  object += "\":";
  object += json;
  object += '}';
  return object;
}

std::string url_of(const StoryListQuery& query, std::optional<Sequence> before) {
  std::string url = query.base_url + "/feed.json?limit=" + std::to_string(query.limit);
  for (const std::string& topic : query.topics) url += "&topic=" + percent_encode(topic);
  if (before) url += "&before=" + std::to_string(*before);
  return url;
}

}  // namespace

std::string story_list(const StoryListQuery& query, const std::vector<Publication>& messages,
                       Sequence next) {
  std::string topics;
  for (const std::string& topic : query.topics) topics += " " + topic;
  Json feed = {{"version", "https://jsonfeed.org/version/1.1"},
               {"title", "nutgraf:" + topics},
               {"home_page_url", query.base_url + "/"},
               {"feed_url", url_of(query, query.before)}};
  if (next > 0) feed["next_url"] = url_of(query, next);
  std::string items = "[";
  for (const Publication& message : messages) {
    const std::optional<Json> item = item_of(message);
    if (!item) continue;
    if (items.size() > 1) items += ',';
    items += with_raw(dump(*item), "_nutgraf", message.body);
  }
  return with_raw(dump(feed), "items", items + "]");
}

}  // namespace nutgraf
