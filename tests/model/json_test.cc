#include "daemon/model/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "daemon/base/encoding.h"
#include "daemon/model/json_writer.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

Time at(std::int64_t ms) { return Time(milliseconds(ms)); }

/// Every field differs from its default, and texts hold what JSON has to escape.
Story full_story() {
  Story story;
  story.id = "5f0c";
  story.revision = 3;
  story.kind = StoryKind::kOpinion;
  story.language = "de";
  story.category = "world";
  story.tags = {"europe", "tag \"quoted\""};
  story.title = "Zug \\ Verspätung\n\tNr. 7 \x01 …";
  story.url = "https://example.org/a?b=1&c=%20";
  story.published_at = at(1'763'719'200'123);
  story.published_from = "page";
  story.modified_at = at(1'763'719'300'000);
  story.first_seen_at = at(1'763'719'400'001);
  story.backfill = true;
  story.authors = {"Ann Ō", ""};
  story.source = {"feed-1", "https://example.org/rss", "Example", "Example Media", "example.org"};
  story.origin_agency = "Reuters";
  story.origin_copy_of = "77aa";
  story.guid = "tag:example.org,2026:1";
  story.image = "https://example.org/i.jpg";
  story.paywall = true;
  story.word_count = 812;
  story.text_from = TextFrom::kTeaser;
  story.summary = {"One. Two.", {{"One.", 0}, {"Two.", 7}}, "nutgraf"};
  story.keywords = {"rail", "delay"};
  story.entities = {"Berlin"};
  story.event_id = "e1";
  story.event_size = 4;
  story.duplicate_count = 2;
  story.duplicate_sources = {"A", "B"};
  story.changes = {{"was", "now"}, {"", "added"}, {"gone", ""}, {"", ""}};
  story.text = "First paragraph.\n\nSecond 😀 paragraph.";
  return story;
}

Event full_event() {
  const EventSentence one{"It rained.", "s1", "Example", "https://example.org/1", 3};
  const EventSentence two{"It still rains.", "s2", "Other", "https://other.org/2", 1};
  Event event;
  event.id = "e1";
  event.revision = 9;
  event.language = "en";
  event.category = "weather";
  event.title = "Rain";
  event.size = 12;
  event.sources = 7;
  event.independent = 5;
  event.first_seen_at = at(1'763'719'200'000);
  event.updated_at = at(1'763'719'999'999);
  event.added = {"s1", "s2"};
  event.stories = {{"s1", "Rain", "https://example.org/1", "Example", at(1'763'719'100'000)},
                   {"s2", "More rain", "https://other.org/2", "Other", std::nullopt}};
  event.summary = {one, two};
  event.summary_text = "It rained. It still rains.";
  event.fresh = {two};
  event.conflicts = {
      {"injured", {{"3", {"Example"}, "3 hurt."}, {"4", {"Other", "X"}, "4 hurt."}}}};
  event.keywords = {"rain"};
  event.changed_because = "two more reports";
  return event;
}

FeedState full_state() {
  FeedState state;
  state.feed_id = "feed-1";
  state.url = "https://example.org/rss";
  state.etag = "W/\"abc\"";
  state.last_modified = "Sat, 21 Nov 2026 10:00:00 GMT";
  state.title = "Example";
  state.first_poll = at(1);
  state.last_poll = at(2'000);
  state.last_success = at(3'000);
  state.last_new_item = at(4'000);
  state.next_poll = at(5'000);
  state.next_reason = "retry-after";
  state.last_status = 503;
  state.last_error = "busy";
  state.failures = 1.75;
  state.seen_share = 0.1;
  state.server_asks = std::chrono::seconds(3600);
  state.skip_hours = 0xffffff;
  state.skip_days = 1;
  state.cut_off = 0xfedcba9876543210;
  state.identity = 3;
  state.wishes = {.ttl = 3600, .update_every = 7200, .max_age = 300, .retry_after = 60};
  state.habits = {.watched_days = 13.9F,
                  .new_items = 0.1F,
                  .usual_log_length = 8.123456F,
                  .short_share = 0.2F,
                  .missing_share = 0.3F,
                  .wall_share = 1.0F / 3,
                  .gap_s = 4'000'000'000,
                  .longest_s = 5,
                  .arrivals = 65'535,
                  .stories = 7,
                  .pages = 8,
                  .usual_items = 9,
                  .empty_polls = 10,
                  .longest_empty = 11,
                  .good_polls = 255,
                  .wall = Wall::kConsent};
  state.polls = 5'000'000'000;
  state.not_modified = 17;
  state.items = 18;
  state.paused = true;
  state.health = FeedHealth::kMoved;
  state.health_since = at(6'000);
  state.health_reason = "redirect";
  state.configured_url = "https://example.org/rss";
  state.moved_to = "https://example.net/rss";
  state.moved_seen = 2;
  state.moved_since = at(7'000);
  return state;
}

FeedItem full_item() {
  FeedItem item;
  item.guid = "g";
  item.link = "https://example.org/1";
  item.title = "T";
  item.authors = {"A"};
  item.published = at(1'000);
  item.updated = at(2'001);
  item.categories = {"c", "d"};
  item.summary = "<p>s</p>";
  item.text = "<p>t</p>";
  item.language = "en";
  item.image = "https://example.org/i.png";
  item.source_name = "Agency";
  item.source_url = "https://agency.org/";
  return item;
}

EventStep full_step() {
  EventStep step;
  step.how = EventStep::How::kJoined;
  step.event_id = "e1";
  step.similarity = 0.2134;
  step.threshold = 0.135;
  step.nearest = "e2";
  step.from = "e3";
  step.because_of = "s4";
  step.absorbed = {"e5", "e6"};
  return step;
}

TEST(Json, EveryFieldSurvivesARoundTrip) {
  EXPECT_EQ(event_step_from_json(to_json(full_step())).value(), full_step());
  EXPECT_EQ(story_from_json(to_json(full_story(), WithText::kYes)).value(), full_story());
  EXPECT_EQ(event_from_json(to_json(full_event())).value(), full_event());
  EXPECT_EQ(item_from_json(to_json(full_item())).value(), full_item());
  EXPECT_EQ(feed_state_from_json(to_json(full_state())).value(), full_state());
}

TEST(Json, DefaultsSurviveARoundTrip) {
  EXPECT_EQ(item_from_json(to_json(FeedItem{})).value(), FeedItem{});
  Story story;
  story.id = "1";
  EXPECT_EQ(story_from_json(to_json(story, WithText::kYes)).value(), story);
  Event event;
  event.id = "1";
  EXPECT_EQ(event_from_json(to_json(event)).value(), event);
  FeedState state;
  state.feed_id = "1";
  EXPECT_EQ(feed_state_from_json(to_json(state)).value(), state);
}

TEST(Json, AnEventStepSaysOnlyWhatItsKindHas) {
  EventStep moved;
  moved.how = EventStep::How::kMoved;
  moved.event_id = "e1";
  moved.from = "e2";
  moved.because_of = "s3";
  EXPECT_EQ(to_json(moved), R"({"how":"moved","id":"e1","from":"e2","because_of":"s3"})");
  EXPECT_EQ(event_step_from_json(to_json(moved)).value(), moved);
  for (const char* const none : {"", "joined e1", "{}", R"({"how":"flew","id":"e1"})"}) {
    EXPECT_FALSE(event_step_from_json(none).has_value()) << none;
  }
}

TEST(EventStep, IsToldInWords) {
  EventStep step;
  step.event_id = "E";
  step.threshold = 0.135;
  EXPECT_EQ(in_words(step), "opened E: no other is like it");
  step.similarity = 0.1349;
  step.nearest = "N";
  EXPECT_EQ(in_words(step), "opened E: 0.1349 like N, 0.135 joins");
  step.how = EventStep::How::kJoined;
  step.similarity = 0.5;
  EXPECT_EQ(in_words(step), "joined E: 0.5 like it, 0.135 joins");
  step.absorbed = {"A", "B"};
  EXPECT_EQ(in_words(step),
            "joined E: 0.5 like it, 0.135 joins; A became part of it; B became part of it");
  step.how = EventStep::How::kMoved;
  step.from = "F";
  step.because_of = "S";
  EXPECT_EQ(in_words(step), "moved to E: with all of F, S is like both");
}

TEST(Json, StoryHasTheWiresNames) {
  const Json story = Json::parse(to_json(full_story(), WithText::kYes));
  EXPECT_EQ(story["source"],
            Json::parse(R"({"feed_id":"feed-1","feed_url":"https://example.org/rss",
      "name":"Example","publisher":"Example Media","host":"example.org"})"));
  EXPECT_EQ(story["origin"], Json::parse(R"({"agency":"Reuters","copy_of":"77aa"})"));
  EXPECT_EQ(story["event"], Json::parse(R"({"id":"e1","size":4})"));
  EXPECT_EQ(story["duplicates"], Json::parse(R"({"count":2,"sources":["A","B"]})"));
  EXPECT_EQ(story["summary"], Json::parse(R"({"text":"One. Two.","method":"nutgraf","sentences":[
      {"text":"One.","position":0},{"text":"Two.","position":7}]})"));
  EXPECT_EQ(story["changes"][1], Json::parse(R"({"now":"added"})"));
  EXPECT_EQ(story["kind"], "opinion");
  EXPECT_EQ(story["text_from"], "teaser");
  EXPECT_EQ(story["published_at"], "2025-11-21T10:00:00.123Z");
}

TEST(Json, EventHasTheWiresNames) {
  const Json event = Json::parse(to_json(full_event()));
  EXPECT_EQ(event["summary"]["text"], "It rained. It still rains.");
  EXPECT_EQ(event["summary"]["sentences"][0],
            Json::parse(R"({"text":"It rained.","story":"s1","publisher":"Example",
                "url":"https://example.org/1","support":3})"));
  EXPECT_EQ(event["new"].size(), 1u);
  EXPECT_EQ(event["conflicts"][0]["claims"][1],
            Json::parse(R"({"value":"4","publishers":["Other","X"],"text":"4 hurt."})"));
}

TEST(Json, FeedPayloadSaysHowTheFeedFares) {
  EXPECT_EQ(Json::parse(feed_payload(full_state())),
            Json::parse(R"({"id":"feed-1","url":"https://example.org/rss","state":"moved",
                "since":"1970-01-01T00:00:06Z","reason":"redirect"})"));
}

TEST(Json, AbsentIsAbsent) {
  Story story;
  story.id = "1";
  const std::string json = to_json(story, WithText::kYes);
  EXPECT_EQ(json.find("null"), std::string::npos);
  EXPECT_EQ(json.find("\"\""), std::string::npos);
  EXPECT_EQ(json.find("[]"), std::string::npos);
  EXPECT_EQ(json.find("{}"), std::string::npos);
  const Json document = Json::parse(json);
  for (const char* name : {"source", "origin", "event", "duplicates", "summary", "tags", "title",
                           "published_at", "text"}) {
    EXPECT_FALSE(document.contains(name)) << name;
  }
  EXPECT_EQ(to_json(FeedItem{}), "{}");
}

TEST(Json, TextStaysBehindUnlessAskedFor) {
  EXPECT_FALSE(Json::parse(to_json(full_story(), WithText::kNo)).contains("text"));
}

TEST(Json, UnknownFieldsAreIgnored) {
  const auto story = story_from_json(R"({"id":"1","new_in_2031":{"a":[1]}})");
  EXPECT_EQ(story.value().id, "1");
}

TEST(Json, WhatComesOutIsValidUtf8WhateverGoesIn) {
  Story story;
  story.id = "1";
  story.title = "caf\xe9 \xff\xfe \xed\xa0\x80 ok";
  story.tags = {"\xc3"};
  const std::string json = to_json(story, WithText::kYes);
  EXPECT_TRUE(is_utf8(json));
  const Story back = story_from_json(json).value();
  EXPECT_EQ(back.title, scrub_utf8(story.title));
  EXPECT_EQ(back.tags, std::vector<std::string>{"\xEF\xBF\xBD"});
}

TEST(Json, EveryByteIsEscapedAsAParserReadsIt) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  std::string json;
  append_json_string(json, all);
  EXPECT_EQ(Json::parse(json).get<std::string>(), all);
}

TEST(Json, MalformedNamesTheField) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"id":1})", "id"},
      {R"({"title":"no id"})", "id"},
      {R"({"id":"1","revision":"two"})", "revision"},
      {R"({"id":"1","revision":99999999999})", "revision"},
      {R"({"id":"1","revision":18446744073709551615})", "revision"},
      {R"({"id":"1","revision":1.5})", "revision"},
      {R"({"id":"1","kind":"poem"})", "kind"},
      {R"({"id":"1","tags":"europe"})", "tags"},
      {R"({"id":"1","tags":[1]})", "tags"},
      {R"({"id":"1","published_at":"yesterday"})", "published_at"},
      {R"({"id":"1","source":[]})", "source"},
      {R"({"id":"1","source":{"host":7}})", "host"},
      {R"({"id":"1","changes":[7]})", "changes"},
      {R"({"id":"1","backfill":1})", "backfill"},
      {R"({"id":"1","title":null})", "title"},
  };
  for (const auto& [json, field] : cases) {
    const auto story = story_from_json(json);
    ASSERT_FALSE(story.has_value()) << json;
    EXPECT_EQ(story.error().code, ErrorCode::kMalformed);
    EXPECT_NE(story.error().message.find("'" + std::string(field) + "'"), std::string::npos)
        << story.error().message;
  }
}

TEST(Json, WhatIsNoObjectIsMalformed) {
  for (const char* json :
       {"", "{", "[]", "null", "\"id\"", "{\"id\":\"1\"} x", "{\"id\":\"\xff\"}"}) {
    EXPECT_EQ(story_from_json(json).error().code, ErrorCode::kMalformed) << json;
  }
  // Depth is not paid for in stack.
  const std::string deep = R"({"id":"1","x":)" + std::string(1'000'000, '[');
  EXPECT_FALSE(story_from_json(deep).has_value());
  const std::string closed = deep + std::string(1'000'000, ']') + "}";
  EXPECT_TRUE(story_from_json(closed).has_value());
}

}  // namespace
}  // namespace nutgraf
