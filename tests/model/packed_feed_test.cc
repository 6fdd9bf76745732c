#include "daemon/model/packed_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace nutgraf {
namespace {

Time at(std::int64_t ms) { return Time(std::chrono::milliseconds(ms)); }

/// A value with one field set, everything else as it comes.
template <typename T>
struct Case {
  const char* field;
  T value;
};

template <typename T, typename Edit>
Case<T> with(const char* field, Edit edit) {
  Case<T> out{field, {}};
  edit(out.value);
  return out;
}

template <typename Edit>
Case<FeedSource> source_with(const char* field, Edit edit) {
  return with<FeedSource>(field, edit);
}

template <typename Edit>
Case<FeedState> state_with(const char* field, Edit edit) {
  return with<FeedState>(field, edit);
}

const std::string kOddText = std::string("a\0b\x80\xff", 5) + std::string(300, 'x');

std::vector<Case<FeedSource>> sources() {
  const auto access = [](const char* field, auto edit) {
    return source_with(field, [&](FeedSource& s) { edit(s.access.edit()); });
  };
  return {
      source_with("id", [](auto& s) { s.id = kOddText; }),
      source_with("url", [](auto& s) { s.url = "http://a.example/"; }),
      source_with("name", [](auto& s) { s.name = "n"; }),
      source_with("publisher", [](auto& s) { s.publisher = "p"; }),
      source_with("category", [](auto& s) { s.category = "c"; }),
      source_with("tags",
                  [](auto& s) {
                    s.tags = {"", "two", kOddText};
                  }),
      source_with("language", [](auto& s) { s.language = "de-AT"; }),
      source_with("interval", [](auto& s) { s.interval = std::chrono::seconds(0); }),
      source_with("full_text", [](auto& s) { s.full_text = FullText::kFeed; }),
      source_with("keep", [](auto& s) { s.keep = {"k"}; }),
      source_with("drop",
                  [](auto& s) {
                    s.drop = {"d", "e"};
                  }),
      source_with("allow_private", [](auto& s) { s.allow_private = true; }),
      source_with("page_select",
                  [](auto& s) {
                    s.page.edit().select = {"div.a", "//p"};
                  }),
      source_with("page_drop", [](auto& s) { s.page.edit().drop = {"aside"}; }),
      access("user_agent", [](auto& a) { a.user_agent = "me"; }),
      access("headers",
             [](auto& a) {
               a.headers = {{"X-A", "1"}, {"X-B", ""}};
             }),
      access("auth_file", [](auto& a) { a.auth_file = "/run/secret"; }),
      access("proxy", [](auto& a) { a.proxy = "off"; }),
      access("ca_file", [](auto& a) { a.ca_file = "ca"; }),
      access("client_cert", [](auto& a) { a.client_cert = "cert"; }),
      access("client_key", [](auto& a) { a.client_key = "key"; }),
      access("tls_verify", [](auto& a) { a.tls_verify = !a.tls_verify; }),
      access("http1_only", [](auto& a) { a.http1_only = !a.http1_only; }),
  };
}

std::vector<Case<FeedState>> states() {
  const auto habit = [](const char* field, auto edit) {
    return state_with(field, [&](FeedState& s) { edit(s.habits); });
  };
  return {
      state_with("feed_id", [](auto& s) { s.feed_id = "f"; }),
      state_with("configured_url", [](auto& s) { s.configured_url = "c"; }),
      state_with("url", [](auto& s) { s.url = "u"; }),
      state_with("etag", [](auto& s) { s.etag = kOddText; }),
      state_with("last_modified", [](auto& s) { s.last_modified = "Sat"; }),
      state_with("title", [](auto& s) { s.title = "t"; }),
      state_with("first_poll", [](auto& s) { s.first_poll = at(0); }),
      state_with("last_poll", [](auto& s) { s.last_poll = at(-1); }),
      state_with("last_success", [](auto& s) { s.last_success = at(1'763'719'200'123); }),
      state_with("last_new_item", [](auto& s) { s.last_new_item = Time::max(); }),
      state_with("next_poll", [](auto& s) { s.next_poll = Time::min(); }),
      state_with("next_reason", [](auto& s) { s.next_reason = "ttl"; }),
      state_with("last_status", [](auto& s) { s.last_status = 304; }),
      state_with("last_error", [](auto& s) { s.last_error = "e"; }),
      state_with("failures", [](auto& s) { s.failures = 0.1; }),
      state_with("seen_share", [](auto& s) { s.seen_share = 1.0 / 3; }),
      state_with("server_asks", [](auto& s) { s.server_asks = std::chrono::hours(9); }),
      state_with("skip_hours", [](auto& s) { s.skip_hours = 0xffffffff; }),
      state_with("skip_days", [](auto& s) { s.skip_days = 0x80000000; }),
      state_with("cut_off", [](auto& s) { s.cut_off = std::numeric_limits<std::uint64_t>::max(); }),
      state_with("identity", [](auto& s) { s.identity = -3; }),
      state_with("wishes.ttl", [](auto& s) { s.wishes.ttl = 1; }),
      state_with("wishes.update_every", [](auto& s) { s.wishes.update_every = 2; }),
      state_with("wishes.max_age", [](auto& s) { s.wishes.max_age = INT32_MAX; }),
      state_with("wishes.retry_after", [](auto& s) { s.wishes.retry_after = 4; }),
      habit("watched_days", [](auto& h) { h.watched_days = 0.1F; }),
      habit("new_items", [](auto& h) { h.new_items = 1; }),
      habit("usual_log_length", [](auto& h) { h.usual_log_length = 2; }),
      habit("short_share", [](auto& h) { h.short_share = 3; }),
      habit("missing_share", [](auto& h) { h.missing_share = 4; }),
      habit("wall_share", [](auto& h) { h.wall_share = 5; }),
      habit("gap_s", [](auto& h) { h.gap_s = UINT32_MAX; }),
      habit("longest_s", [](auto& h) { h.longest_s = 7; }),
      habit("arrivals", [](auto& h) { h.arrivals = 8; }),
      habit("stories", [](auto& h) { h.stories = 9; }),
      habit("pages", [](auto& h) { h.pages = UINT16_MAX; }),
      habit("usual_items", [](auto& h) { h.usual_items = 11; }),
      habit("empty_polls", [](auto& h) { h.empty_polls = 12; }),
      habit("longest_empty", [](auto& h) { h.longest_empty = 13; }),
      habit("good_polls", [](auto& h) { h.good_polls = 14; }),
      habit("wall", [](auto& h) { h.wall = Wall::kSame; }),
      state_with("polls", [](auto& s) { s.polls = INT64_MAX; }),
      state_with("not_modified", [](auto& s) { s.not_modified = INT64_MIN; }),
      state_with("items", [](auto& s) { s.items = 127; }),
      state_with("paused", [](auto& s) { s.paused = true; }),
      state_with("health", [](auto& s) { s.health = FeedHealth::kFailing; }),
      state_with("health_since", [](auto& s) { s.health_since = at(6); }),
      state_with("health_reason", [](auto& s) { s.health_reason = "why"; }),
      state_with("moved_to", [](auto& s) { s.moved_to = "m"; }),
      state_with("moved_seen", [](auto& s) { s.moved_seen = 128; }),
      state_with("moved_since", [](auto& s) { s.moved_since = at(7); }),
  };
}

TEST(PackedFeed, EachFieldOfASourceSurvivesAlone) {
  EXPECT_EQ(unpack_source(pack(FeedSource{})), FeedSource{});
  for (const auto& [field, source] : sources()) {
    EXPECT_NE(source, FeedSource{}) << field;  // Else it would test nothing.
    EXPECT_EQ(unpack_source(pack(source)), source) << field;
  }
}

TEST(PackedFeed, EachFieldOfAStateSurvivesAlone) {
  EXPECT_EQ(unpack_state(pack(FeedState{})), FeedState{});
  for (const auto& [field, state] : states()) {
    EXPECT_NE(state, FeedState{}) << field;
    EXPECT_EQ(unpack_state(pack(state)), state) << field;
  }
}

/// All fields of a struct. One that has gained a field does not compile here until it is named.
auto fields_of(const FeedSource& source) {
  const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = source;
  return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
}

auto fields_of(const FeedState& state) {
  const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, a2, b2,
               c2, d2, e2, f2, g2] = state;
  return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, a2,
                  b2, c2, d2, e2, f2, g2);
}

auto fields_of(const FeedAccess& access) {
  const auto& [a, b, c, d, e, f, g, h, i] = access;
  return std::tie(a, b, c, d, e, f, g, h, i);
}

/// Numbers of the fields that `value` leaves at their defaults.
template <typename T>
std::vector<std::size_t> left_out(const T& value) {
  std::vector<std::size_t> out;
  const T empty{};
  const auto mine = fields_of(value);
  const auto defaults = fields_of(empty);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((std::get<I>(mine) == std::get<I>(defaults) ? out.push_back(I) : void()), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<decltype(mine)>>());
  return out;
}

/// Two fields that are packed in one order and unpacked in another show only together.
TEST(PackedFeed, AllFieldsSurviveTogether) {
  FeedSource source;
  source.id = "1";
  source.url = "2";
  source.name = "3";
  source.publisher = "4";
  source.category = "5";
  source.tags = {"6", "7"};
  source.language = "8";
  source.interval = std::chrono::seconds(9);
  source.full_text = FullText::kPage;
  source.keep = {"10"};
  source.drop = {"11"};
  source.access.edit() = {.user_agent = "12",
                          .headers = {{"13", "14"}},
                          .auth_file = "15",
                          .proxy = "16",
                          .ca_file = "17",
                          .client_cert = "18",
                          .client_key = "19",
                          .tls_verify = false,
                          .http1_only = true};
  source.page.edit().select = {"20"};
  source.allow_private = true;
  EXPECT_THAT(left_out(source), testing::IsEmpty());
  EXPECT_THAT(left_out(*source.access.get()), testing::IsEmpty());
  EXPECT_EQ(unpack_source(pack(source)), source);

  FeedState state;
  state.feed_id = "1";
  state.configured_url = "2";
  state.url = "3";
  state.etag = "4";
  state.last_modified = "5";
  state.title = "6";
  state.first_poll = at(7);
  state.last_poll = at(8);
  state.last_success = at(9);
  state.last_new_item = at(10);
  state.next_poll = at(11);
  state.next_reason = "12";
  state.last_status = 13;
  state.last_error = "14";
  state.failures = 15;
  state.seen_share = 16;
  state.server_asks = std::chrono::seconds(17);
  state.skip_hours = 18;
  state.skip_days = 19;
  state.cut_off = 20;
  state.identity = 21;
  state.wishes = {22, 23, 24, 25};
  state.habits.gap_s = 26;
  state.habits.good_polls = 27;
  state.polls = 28;
  state.not_modified = 29;
  state.items = 30;
  state.paused = true;
  state.health = FeedHealth::kThin;
  state.health_since = at(31);
  state.health_reason = "32";
  state.moved_to = "33";
  state.moved_seen = 34;
  state.moved_since = at(35);
  EXPECT_THAT(left_out(state), testing::IsEmpty());
  EXPECT_EQ(unpack_state(pack(state)), state);
}

}  // namespace
}  // namespace nutgraf
