#include <algorithm>

#include "daemon/dedup/fingerprint.h"
#include "daemon/event/centroid.h"
#include "daemon/event/event_index.h"
#include "daemon/model/json.h"
#include "daemon/model/packed_feed.h"
#include "daemon/model/withdrawal.h"
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
  check_json<EventStep>(event_step_from_json(json), event_step_from_json,
                        [](const EventStep& step) { return to_json(step); });
}

/// What is left of a row after a withdrawal can be stored, too.
void check_withdrawal(std::string_view json) {
  if (const auto story = story_from_json(json)) {
    const Story words = without_words(*story);
    require(words.id == story->id && words.title.empty() && words.text.empty(), "words are left");
    require(without_words(without_text(*story)) == words, "the text had a say");
  }
  if (const auto event = event_from_json(json)) {
    for (const EventStory& gone : event->stories) {
      const Event left = without_story(*event, gone.id, {});
      const auto tells = [&](const EventSentence& each) { return each.story_id == gone.id; };
      require(std::ranges::none_of(left.stories, [&](auto& each) { return each.id == gone.id; }) &&
                  std::ranges::none_of(left.summary, tells) &&
                  std::ranges::none_of(left.fresh, tells),
              "a withdrawn story is told of");
      require(event_from_json(to_json(left)) == left, "what is left cannot be stored");
    }
  }
}

/// In memory a feed's state is kept in another form.
void check_packing(std::string_view json) {
  const auto state = feed_state_from_json(json);
  if (state) require(unpack_state(pack(*state)) == *state, "a packed state is another");
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
  IndexedReports known;
  require(known.add("e", Time{}, Time{}, bytes) == story.has_value(), "what is restored");
  index.restore(std::move(known));
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
  check_withdrawal(bytes);
  check_packing(bytes);
  check_fingerprint(bytes);
  check_vector(bytes);
}

}  // namespace nutgraf::fuzz
