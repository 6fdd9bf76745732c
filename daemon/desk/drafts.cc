#include "daemon/desk/drafts.h"

#include "daemon/model/json.h"
#include "daemon/model/withdrawal.h"

namespace nutgraf {

Draft story_draft(const Story& story, std::string_view op, bool publish_text) {
  Draft draft;
  draft.type = "story/1";
  draft.topic = story_topic(story.language, story.category);
  draft.op = std::string(op);
  draft.name = "story";
  draft.payload = to_json(story, publish_text ? WithText::kYes : WithText::kNo);
  draft.subject = story.id;
  draft.url = story.url;
  return draft;
}

Draft retract_draft(const Story& story) {
  Draft draft = story_draft(without_text(story), "retract", /*publish_text=*/false);
  draft.reason = story.retracted;
  return draft;
}

Draft event_draft(const Event& event, std::string_view op) {
  Draft draft;
  draft.type = "event/1";
  draft.topic = event_topic(event.language, event.category);
  draft.op = std::string(op);
  draft.name = "event";
  draft.payload = to_json(event);
  draft.subject = event.id;
  return draft;
}

Draft feed_draft(const FeedState& state) {
  Draft draft;
  draft.type = "feed/1";
  draft.topic = feed_topic(state.feed_id);
  draft.name = "feed";
  draft.payload = feed_payload(state);
  draft.subject = "feed:" + state.feed_id;
  return draft;
}

}  // namespace nutgraf
