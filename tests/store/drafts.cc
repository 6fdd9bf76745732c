#include "tests/store/drafts.h"

#include <stdlib.h>

#include <stdexcept>
#include <utility>

namespace nutgraf {

Time at(std::int64_t ms) { return Time(std::chrono::milliseconds(1'795'255'200'000 + ms)); }

std::string test_envelope(const Draft& draft, const Stamp& stamp) {
  return draft.topic + "|" + stamp.epoch + "|" + std::to_string(stamp.seq) + "|" +
         std::to_string(stamp.prev) + "|" + draft.payload;
}

Draft draft(const std::string& topic, const std::string& payload, const std::string& subject) {
  Draft message;
  message.type = "story/1";
  message.topic = topic;
  message.op = "create";
  message.name = "story";
  message.payload = payload;
  message.subject = subject;
  return message;
}

ItemArrival arrival(const std::string& key, const std::string& host, Time first_seen) {
  ItemArrival arrival;
  arrival.pending.feed_id = "f";
  arrival.pending.item_key = key;
  arrival.pending.item.guid = "guid-" + key;
  arrival.pending.item.title = "title of " + key;
  arrival.pending.item.link = "https://" + (host.empty() ? "feed.example" : host) + "/" + key;
  arrival.pending.first_seen = first_seen;
  arrival.pending.page_host = host;
  arrival.content_hash = 0xfeedfacecafebeefULL;  // Beyond int64.
  arrival.reason = "new";
  return arrival;
}

Batch poll_of(std::vector<ItemArrival> arrivals) {
  Batch batch;
  PollCommit& poll = batch.polls.emplace_back();
  poll.state.feed_id = "f";
  poll.state.etag = "\"v1\"";
  poll.arrivals = std::move(arrivals);
  return batch;
}

Batch message_only(const std::string& topic, const std::string& payload) {
  Batch batch = poll_of({});
  batch.polls[0].message = draft(topic, payload);
  return batch;
}

StoryCommit published(const PendingItem& item) {
  StoryCommit commit;
  commit.pending_id = item.id;
  commit.pending_revision = item.revision;
  commit.feed_id = item.feed_id;
  commit.item_key = item.item_key;
  commit.story_id = "s-" + item.item_key;
  commit.url_key = "url-" + item.item_key;
  commit.story.emplace();
  commit.story->id = commit.story_id;
  commit.story->title = item.item.title;
  commit.story->text = "Text of " + item.item_key;
  commit.story->source.publisher = "Example";
  commit.message = draft("story.en.world.", item.item_key, commit.story_id);
  return commit;
}

EventCommit event_message(const std::string& id, std::int64_t dirty_revision) {
  EventCommit commit;
  commit.event.id = id;
  commit.event.title = "event " + id;
  commit.event.first_seen_at = at(0);
  commit.dirty_revision = dirty_revision;
  commit.message = draft("event.en.world.", id, id);
  return commit;
}

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "nutgraf-store-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace nutgraf
