#include "daemon/app/feeds_answer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "daemon/base/date.h"
#include "daemon/config/units.h"
#include "daemon/poll/feed_health.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

using Known = FeedBook::Known;

void put_time(Json& object, const char* key, const std::optional<Time>& time) {
  if (time) object[key] = format_rfc3339(*time);
}

void put_text(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void put_count(Json& object, const char* key, std::int64_t count) {
  if (count != 0) object[key] = count;
}

double rounded(double value, double to) { return std::round(value * to) / to; }

std::vector<int> numbers(std::uint32_t bits) {
  std::vector<int> out;
  for (int n = 0; n < 32; ++n) {
    if ((bits >> n & 1U) != 0) out.push_back(n);
  }
  return out;
}

/// What the server or the document asked for; seconds.
Json wishes_json(const FeedState& state) {
  Json asks = Json::object();
  put_count(asks, "ttl", state.wishes.ttl);
  put_count(asks, "update_every", state.wishes.update_every);
  put_count(asks, "max_age", state.wishes.max_age);
  put_count(asks, "retry_after", state.wishes.retry_after);
  if (state.skip_hours != 0) asks["skip_hours"] = numbers(state.skip_hours);
  if (state.skip_days != 0) asks["skip_days"] = numbers(state.skip_days);
  return asks;
}

Json habits_json(const FeedHabits& habits, const HealthOptions& options) {
  Json out = {{"silent_after_s", patience(habits, options).count()},
              {"walls", rounded(habits.wall_share, 100)},
              {"pages_missing", rounded(habits.missing_share, 100)},
              {"short", rounded(habits.short_share, 100)},
              {"stories", habits.stories},
              {"pages", habits.pages}};
  put_count(out, "gap_s", habits.gap_s);
  put_count(out, "longest_gap_s", habits.longest_s);
  put_count(out, "items", habits.usual_items);
  put_count(out, "empty_polls", habits.empty_polls);
  if (const auto length = usual_length(habits)) out["characters"] = *length;
  if (habits.wall != Wall::kNone) out["last_wall"] = std::string(to_string(habits.wall));
  return out;
}

Json row(const Known& known) {
  const FeedState& state = known.state;
  Json feed = {{"id", known.source.id},
               {"name", known.source.name},
               {"url", state.url},
               {"state", std::string(to_string(state.health))},
               {"items", state.items},
               {"polls", state.polls},
               {"not_modified", state.not_modified},
               {"failures", state.failures},
               {"paused", state.paused}};
  if (const auto rate = items_per_day(state.habits)) feed["items_per_day"] = rounded(*rate, 100);
  put_time(feed, "since", state.health_since);
  put_text(feed, "reason", state.health_reason);
  put_time(feed, "last_poll", state.last_poll);
  put_count(feed, "last_status", state.last_status);
  put_text(feed, "last_error", state.last_error);
  if (state.last_poll) feed["next_poll"] = format_rfc3339(state.next_poll);
  put_text(feed, "next_reason", state.next_reason);
  if (Json asks = wishes_json(state); !asks.empty()) feed["asks"] = std::move(asks);
  return feed;
}

Json in_detail(const Known& known, const HealthOptions& options) {
  const FeedState& state = known.state;
  Json feed = row(known);
  put_text(feed, "title", state.title);
  put_text(feed, "publisher", known.source.publisher);
  put_text(feed, "category", known.source.category);
  put_text(feed, "configured_url", known.source.url);
  put_text(feed, "etag", state.etag);
  put_text(feed, "last_modified", state.last_modified);
  put_time(feed, "first_poll", state.first_poll);
  put_time(feed, "last_success", state.last_success);
  put_time(feed, "last_new_item", state.last_new_item);
  if (known.source.interval) feed["interval_s"] = known.source.interval->count();
  if (!state.moved_to.empty()) {
    feed["moving"] = {{"to", state.moved_to}, {"seen", state.moved_seen}};
    put_time(feed["moving"], "since", state.moved_since);
  }
  feed["usual"] = habits_json(state.habits, options);
  return feed;
}

/// What is left out of its stories, with what people can tell it by.
Json furniture_json(const Furniture& furniture) {
  Json lines = Json::array();
  for (const FurnitureLine& line : furniture.lines) {
    if (line.until != Time::max()) continue;  // No longer of new items.
    lines.push_back({{"text", line.text}, {"since", format_rfc3339(line.since)}});
  }
  return {{"version", furniture.version}, {"lines", std::move(lines)}};
}

/// The worst loss first, as diagnose() orders them; paused ones and then the well at the end.
int urgency(const FeedBook::Brief& feed) {
  constexpr std::array kOrder{FeedHealth::kGone,    FeedHealth::kFailing, FeedHealth::kSilent,
                              FeedHealth::kBlocked, FeedHealth::kThin,    FeedHealth::kMoved};
  const auto place = std::ranges::find(kOrder, feed.health) - kOrder.begin();
  return static_cast<int>(2 * place) + (feed.paused ? 0 : 1);
}

Json quarantined_json(const QuarantinedItem& item) {
  Json out = {{"feed", item.feed_id},
              {"title", item.title},
              {"error", item.error},
              {"attempts", item.attempts}};
  put_text(out, "link", item.link);
  return out;
}

/// The ids of the feeds to be shown, in their order.
std::vector<std::string> most_urgent(const FeedBook& book, std::size_t most) {
  std::vector<FeedBook::Brief> feeds = book.briefs();
  std::vector<std::pair<int, std::size_t>> order;  // Among equals as listed.
  order.reserve(feeds.size());
  for (std::size_t i = 0; i < feeds.size(); ++i) order.emplace_back(urgency(feeds[i]), i);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(order.size(), most));
  std::ranges::partial_sort(order, end);
  std::vector<std::string> ids;
  for (auto place = order.begin(); place != end; ++place) {
    ids.push_back(std::move(feeds[place->second].id));
  }
  return ids;
}

}  // namespace

Json urgent_feeds(const FeedBook& book, std::size_t most) {
  Json feeds = Json::array();
  for (const std::string& id : most_urgent(book, most)) {
    const std::optional<Known> known = book.known(id);
    if (known) feeds.push_back(row(*known));  // Else removed meanwhile.
  }
  return feeds;
}

Error no_such_feed(const FeedBook& book, const std::string& id) {
  std::vector<std::string> ids;
  for (FeedBook::Brief& feed : book.briefs()) ids.push_back(std::move(feed.id));
  const std::string_view near = nearest(id, ids);
  const std::string meant = near.empty() ? "" : "did you mean \"" + std::string(near) + "\"? ";
  return {ErrorCode::kMalformed, "no feed " + id + "; " + meant + "`nutgraf feeds` lists them"};
}

Result<Json> feeds_answer(const FeedBook& book, const HealthOptions& options, LogReader& reader,
                          const std::vector<std::string>& wanted) {
  const Result<std::vector<QuarantinedItem>> items = reader.quarantined();
  if (!items) return tl::unexpected(items.error());
  std::unordered_map<std::string_view, std::int64_t> given_up;
  Json quarantined = Json::array();
  for (const QuarantinedItem& item : *items) {
    ++given_up[item.feed_id];
    const bool shown = wanted.empty() || std::ranges::count(wanted, item.feed_id) > 0;
    if (shown && quarantined.size() < kListedFeeds) quarantined.push_back(quarantined_json(item));
  }
  Json feeds = Json::array();
  for (const std::string& id : wanted.empty() ? most_urgent(book, kListedFeeds) : wanted) {
    const std::optional<Known> known = book.known(id);
    if (!known && wanted.empty()) continue;  // Removed meanwhile.
    if (!known) {
      return tl::unexpected(no_such_feed(book, id));
    }
    Json feed = wanted.empty() ? row(*known) : in_detail(*known, options);
    if (!wanted.empty()) {
      const Result<Furniture> furniture = reader.furniture(id);
      if (!furniture) return tl::unexpected(furniture.error());
      if (furniture->version > 0) feed["furniture"] = furniture_json(*furniture);
    }
    const auto count = given_up.find(id);
    feed["quarantined"] = count == given_up.end() ? 0 : count->second;
    feeds.push_back(std::move(feed));
  }
  return Json{{"feeds", std::move(feeds)},
              {"total", book.census().total},
              {"quarantined", std::move(quarantined)}};
}

}  // namespace nutgraf
