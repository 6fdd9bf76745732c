// What we send is what docs/schema says.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>

#include "daemon/model/json.h"
#include "daemon/wire/envelope.h"
#include "daemon/wire/sync.h"
#include "tests/wire/hostile_requests.h"

namespace nutgraf {
namespace {

const Time kTime = *parse_rfc3339("2026-11-21T10:00:00.123Z");
const Stamp kStamp{.epoch = "5f0c", .seq = 1042, .prev = 0, .decided_at = kTime};

Story full_story() {
  Story story{.id = "a", .revision = 2, .kind = StoryKind::kLive, .language = "en"};
  story.category = "world";
  story.tags = story.authors = story.keywords = story.entities = {"x", "y"};
  story.title = "Title";
  story.url = "https://example.org/a";
  story.published_at = story.modified_at = story.first_seen_at = kTime;
  story.published_from = "feed";
  story.backfill = story.paywall = true;
  story.source = {"f", "https://example.org/f", "F", "P", "example.org"};
  story.origin_agency = "Reuters";
  story.origin_copy_of = "b";
  story.guid = "g";
  story.image = "https://example.org/i";
  story.word_count = 7;
  story.summary = {"One. Two.", {{"One.", 0}, {"Two.", 1}}, "nutgraf"};
  story.event_id = "e";
  story.event_size = 2;
  story.duplicate_count = 1;
  story.duplicate_sources = {"P"};
  story.changes = {{"was", "now"}};
  story.text = "Text.";
  return story;
}

Event full_event() {
  const EventSentence sentence{"It rained.", "a", "P", "https://example.org/a", 2};
  Event event{.id = "e", .revision = 1, .language = "en", .category = "world", .title = "T"};
  event.size = event.sources = event.independent = 2;
  event.first_seen_at = event.updated_at = kTime;
  event.added = event.keywords = {"a"};
  event.stories = {{"a", "T", "https://example.org/a", "P", kTime}};
  event.summary = event.fresh = {sentence};
  event.summary_text = "It rained.";
  event.conflicts = {{"killed", {{"3", {"P"}, "Three."}, {"5", {"Q"}, "Five."}}}};
  event.changed_because = "more reports";
  return event;
}

class Samples {
 public:
  void add(const std::string& schema, const std::string& json) {
    lines_ += schema + "\t" + json + "\n";
  }
  void message(const Draft& draft) {
    add(draft.type.substr(0, draft.type.find('/')) + "-1", envelope(draft, kStamp));
  }
  int check() const {
    const std::string command = "/usr/bin/env python3 " NUTGRAF_TEST_DIR
                                "/wire/check_schemas.py " NUTGRAF_TEST_DIR "/../docs/schema";
    FILE* pipe = ::popen(command.c_str(), "w");
    if (pipe == nullptr) return -1;
    std::fwrite(lines_.data(), 1, lines_.size(), pipe);
    return WEXITSTATUS(::pclose(pipe));
  }

 private:
  std::string lines_;
};

void add_messages(Samples& samples) {
  for (const Story& story : {Story{.id = "a"}, full_story()}) {
    for (const char* op : {"create", "update", "retract"}) {
      samples.message({.type = "story/1",
                       .topic = "story.en.world.",
                       .op = op,
                       .name = "story",
                       .payload = to_json(story, WithText::kYes),
                       .reason = std::string(op) == "retract" ? "wrong" : ""});
    }
  }
  for (const Event& event : {Event{.id = "e"}, full_event()}) {
    for (const char* op : {"open", "grow", "merge", "close"}) {
      samples.message({.type = "event/1",
                       .topic = "event.en.world.",
                       .op = op,
                       .name = "event",
                       .payload = to_json(event),
                       .into = std::string(op) == "merge" ? "e2" : ""});
    }
  }
  FeedState state{.feed_id = "f"};
  for (const FeedHealth health : {FeedHealth::kOk, FeedHealth::kSilent, FeedHealth::kFailing}) {
    state.health = health;
    state.health_since = kTime;
    state.health_reason = "why";
    samples.message({.type = "feed/1",
                     .topic = feed_topic("f"),
                     .name = "feed",
                     .payload = feed_payload(state)});
  }
}

void add_sync(Samples& samples) {
  const SyncClient client{.identity = "i", .id = "q"};
  samples.add("sync-end-1", end_reply(client, {}, {.next = 3, .head = 4, .floor = 1}).body);
  samples.add("sync-end-1", end_reply({}, {}, {}).body);
  for (const SyncReply& reply :
       {bad_request(client, "why"), epoch_changed(client, "e"), cursor_too_old(client, 7),
        future_cursor(client), busy(client, std::chrono::milliseconds(5))}) {
    samples.add("sync-error-1", reply.body);
  }
  samples.add("sync-request-1", R"({"op":"fetch","after":0,"id":"q","prefixes":["story.en."]})");
  samples.add("sync-request-1", R"({"op":"fetch","since":"2026-11-21T10:00:00Z","limit":5})");
  samples.add("sync-request-1", R"({"op":"snapshot","page":1})");
  samples.add("sync-request-1", R"({"op":"get","url":"https://example.org/a"})");
  samples.add("!sync-request-1", R"({"op":"fetch"})");
  samples.add("!sync-request-1", R"({"op":"get","story":"a","event":"b"})");
  samples.add("!sync-request-1", R"({"op":"fetch","after":-1})");
}

TEST(Schema, HoldsForAllThatWeSend) {
  Samples samples;
  add_messages(samples);
  add_sync(samples);
  samples.add("hello-1", hello_body({.epoch = "e",
                                     .version = "1",
                                     .sync = "tcp://127.0.0.1:5557",
                                     .heartbeat = std::chrono::seconds(1)}));
  const std::vector<std::pair<std::string, Sequence>> topics{{"feed.a.", 5}};
  samples.add("hb-1", beat_body({.epoch = "e", .number = 1, .head = 5, .topics = topics}));
  samples.add("!hb-1", "{}");
  samples.add("!story-1", R"({"type":"story/2"})");
  const int code = samples.check();
  if (code == 77 || code == 127) GTEST_SKIP() << "no python3-jsonschema";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace nutgraf
