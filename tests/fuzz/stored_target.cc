#include "daemon/dedup/fingerprint.h"
#include "daemon/event/centroid.h"
#include "daemon/event/event_index.h"
#include "daemon/model/json.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

/// What is read can be written and read again, and is the same.
template <typename T, typename Write>
void check_json(const Result<T>& value, Result<T> (*read)(std::string_view), Write write) {
  if (!value) return require_malformed(value.error());
  const std::string json = write(*value);
  require_utf8(json, "what is stored");
  const Result<T> again = read(json);
  require(again && *again == *value, "a value cannot be read back");
}

void check_values(std::string_view json) {
  check_json<Story>(story_from_json(json), story_from_json,
                    [](const Story& story) { return to_json(story, WithText::kYes); });
  check_json<Event>(event_from_json(json), event_from_json,
                    [](const Event& event) { return to_json(event); });
  check_json<FeedItem>(item_from_json(json), item_from_json,
                       [](const FeedItem& item) { return to_json(item); });
  check_json<FeedState>(feed_state_from_json(json), feed_state_from_json,
                        [](const FeedState& state) { return to_json(state); });
}

void check_fingerprint(std::string_view bytes) {
  if (const auto print = parse_fingerprint(bytes)) {
    require(print->title.size() <= kTitleWords, "too many words of a title");
    require(print->body.size() <= kFingerprintWords, "too many words");
    require(parse_fingerprint(serialize(*print)) == print, "a fingerprint cannot be read back");
    shingle_sample(print->body);
    skeletons(print->body);
  }
  const auto [title, text] = first_line(bytes);
  const Fingerprint print = fingerprint(title, text);
  require(parse_fingerprint(serialize(print)) == print, "a text's fingerprint is lost");
}

/// A member goes in, stands in an event with others, and leaves.
void check_vector(std::string_view bytes) {
  const std::optional<PackedStory> story = read_story(bytes);
  EventIndex index;
  require(index.restore("e", Time{}, Time{}, bytes) == story.has_value(), "what is restored");
  if (!story) return;
  Centroid centroid;
  for (int i = 0; i < 3; ++i) centroid.add(*story);
  const Products three = centroid.dot(StoryProbe(*story));
  const double alike = likeness(three, {.members = 3, .squares = squares(*story)});
  require(alike >= 0 && alike < 1e9, "no likeness");
  for (int i = 0; i < 3; ++i) centroid.remove(*story);
  const Products none = centroid.dot(StoryProbe(*story));
  require(none.body == 0 && none.names == 0 && none.head == 0, "a member leaves a trace");
  index.expire(Time{std::chrono::hours(1)});
  require(index.stories() == 0 && index.events() == 0, "an expired member stays");
}

}  // namespace

void stored(std::string_view bytes) {
  check_values(bytes);
  check_fingerprint(bytes);
  check_vector(bytes);
}

}  // namespace nutgraf::fuzz
