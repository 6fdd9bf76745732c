#include "daemon/model/json.h"

#include <chrono>
#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "daemon/model/json_writer.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

/// The inverse of JsonWriter, with the same verbs: fills what is there, leaves alone what is
/// absent, remembers the first field that is not what it should be.
class JsonReader {
 public:
  JsonReader(const Json& object, std::string& fault) : object_(object), fault_(fault) {}

  void text(const char* name, std::string& value) {
    const Json* found = find(name);
    if (found == nullptr) return;
    if (!found->is_string()) return blame(name);
    const auto& text = found->get_ref<const std::string&>();
    if (!text.empty()) value = text;  // Empty is absent: so it is written.
  }

  void texts(const char* name, std::vector<std::string>& values) {
    each(name, [&](const Json& element) {
      if (!element.is_string()) return blame(name);
      values.push_back(element.get_ref<const std::string&>());
    });
  }

  void flag(const char* name, bool& value) {
    const Json* found = find(name);
    if (found == nullptr) return;
    if (!found->is_boolean()) return blame(name);
    value = found->get<bool>();
  }

  template <std::floating_point Real>
  void real(const char* name, Real& value) {
    const Json* found = find(name);
    if (found == nullptr) return;
    // A float could not be written back from infinity.
    constexpr double kMost = std::numeric_limits<Real>::max();
    if (!found->is_number() || std::abs(found->get<double>()) > kMost) return blame(name);
    value = found->get<Real>();
  }

  template <typename Int>
  void number(const char* name, Int& value) {
    const Json* found = find(name);
    if (found == nullptr) return;
    if (found->is_number_unsigned() && std::in_range<Int>(found->get<std::uint64_t>())) {
      value = static_cast<Int>(found->get<std::uint64_t>());
    } else if (found->is_number_integer() && !found->is_number_unsigned() &&
               std::in_range<Int>(found->get<std::int64_t>())) {
      value = static_cast<Int>(found->get<std::int64_t>());
    } else {
      blame(name);
    }
  }

  template <typename Int>
  void count(const char* name, Int& value) {
    number(name, value);
  }

  void time(const char* name, Time& value) {
    const Json* found = find(name);
    if (found == nullptr) return;
    const std::optional<Time> parsed =
        found->is_string() ? parse_rfc3339(found->get_ref<const std::string&>()) : std::nullopt;
    if (!parsed) return blame(name);
    value = *parsed;
  }

  void time(const char* name, std::optional<Time>& value) {
    if (find(name) == nullptr) return;
    time(name, value.emplace());
  }

  template <typename T, typename Fields>
  void object(const char* name, T& value, Fields fields) {
    const Json* found = find(name);
    if (found == nullptr) return;
    if (!found->is_object()) return blame(name);
    JsonReader inner(*found, fault_);
    fields(inner, value);
  }

  template <typename T, typename Fields>
  void objects(const char* name, std::vector<T>& values, Fields fields) {
    each(name, [&](const Json& element) {
      if (!element.is_object()) return blame(name);
      JsonReader inner(element, fault_);
      fields(inner, values.emplace_back());
    });
  }

  void blame(const char* name) {
    if (fault_.empty()) fault_ = name;
  }

 private:
  const Json* find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }

  template <typename Element>
  void each(const char* name, Element element) {
    const Json* found = find(name);
    if (found == nullptr) return;
    if (!found->is_array()) return blame(name);
    for (const Json& value : *found) element(value);
  }

  const Json& object_;
  std::string& fault_;
};

// Enumerations travel by name.

template <typename Enum>
void name_of(JsonWriter& json, const char* name, const Enum& value,
             std::optional<Enum> (*)(std::string_view)) {
  json.text(name, to_string(value));
}

template <typename Enum>
void name_of(JsonReader& json, const char* name, Enum& value,
             std::optional<Enum> (*from)(std::string_view)) {
  std::string text;
  json.text(name, text);
  if (text.empty()) return;
  const std::optional<Enum> known = from(text);
  if (!known) return json.blame(name);
  value = *known;
}

// Durations travel as seconds.

void seconds(JsonWriter& json, const char* name, std::chrono::seconds value) {
  json.count(name, value.count());
}

void seconds(JsonReader& json, const char* name, std::chrono::seconds& value) {
  std::int64_t count = value.count();
  json.count(name, count);
  value = std::chrono::seconds(count);
}

// One list of fields for each value serves both directions, so that reading is the inverse of
// writing by construction. `json` is a JsonWriter or a JsonReader.

constexpr auto kSource = [](auto& json, auto& source) {
  json.text("feed_id", source.feed_id);
  json.text("feed_url", source.feed_url);
  json.text("name", source.name);
  json.text("publisher", source.publisher);
  json.text("host", source.host);
};

constexpr auto kSummarySentence = [](auto& json, auto& sentence) {
  json.text("text", sentence.text);
  json.number("position", sentence.position);
};

constexpr auto kStorySummary = [](auto& json, auto& summary) {
  json.text("text", summary.text);
  json.objects("sentences", summary.sentences, kSummarySentence);
  json.text("method", summary.method);
};

constexpr auto kChange = [](auto& json, auto& change) {
  json.text("was", change.was);
  json.text("now", change.now);
};

constexpr auto kOrigin = [](auto& json, auto& story) {
  json.text("agency", story.origin_agency);
  json.text("copy_of", story.origin_copy_of);
};

constexpr auto kEventOfStory = [](auto& json, auto& story) {
  json.text("id", story.event_id);
  json.count("size", story.event_size);
};

constexpr auto kDuplicates = [](auto& json, auto& story) {
  json.count("count", story.duplicate_count);
  json.texts("sources", story.duplicate_sources);
};

constexpr auto kStory = [](auto& json, auto& story) {
  json.text("id", story.id);
  json.number("revision", story.revision);
  name_of(json, "kind", story.kind, story_kind_from);
  json.text("language", story.language);
  json.text("category", story.category);
  json.texts("tags", story.tags);
  json.text("title", story.title);
  json.text("url", story.url);
  json.time("published_at", story.published_at);
  json.text("published_from", story.published_from);
  json.time("modified_at", story.modified_at);
  json.time("first_seen_at", story.first_seen_at);
  json.flag("backfill", story.backfill);
  json.texts("authors", story.authors);
  json.object("source", story.source, kSource);
  json.object("origin", story, kOrigin);
  json.text("guid", story.guid);
  json.text("image", story.image);
  json.flag("paywall", story.paywall);
  json.number("word_count", story.word_count);
  name_of(json, "text_from", story.text_from, text_from_from);
  json.object("summary", story.summary, kStorySummary);
  json.texts("keywords", story.keywords);
  json.texts("entities", story.entities);
  json.object("event", story, kEventOfStory);
  json.object("duplicates", story, kDuplicates);
  json.objects("changes", story.changes, kChange);
};

constexpr auto kEventSentence = [](auto& json, auto& sentence) {
  json.text("text", sentence.text);
  json.text("story", sentence.story_id);
  json.text("publisher", sentence.publisher);
  json.text("url", sentence.url);
  json.number("support", sentence.support);
};

constexpr auto kEventSummary = [](auto& json, auto& event) {
  json.text("text", event.summary_text);
  json.objects("sentences", event.summary, kEventSentence);
};

constexpr auto kEventStory = [](auto& json, auto& story) {
  json.text("id", story.id);
  json.text("title", story.title);
  json.text("url", story.url);
  json.text("publisher", story.publisher);
  json.time("published_at", story.published_at);
};

constexpr auto kClaim = [](auto& json, auto& claim) {
  json.text("value", claim.value);
  json.texts("publishers", claim.publishers);
  json.text("text", claim.text);
};

constexpr auto kConflict = [](auto& json, auto& conflict) {
  json.text("what", conflict.what);
  json.objects("claims", conflict.claims, kClaim);
};

constexpr auto kEvent = [](auto& json, auto& event) {
  json.text("id", event.id);
  json.number("revision", event.revision);
  json.text("language", event.language);
  json.text("category", event.category);
  json.text("title", event.title);
  json.number("size", event.size);
  json.number("sources", event.sources);
  json.number("independent", event.independent);
  json.time("first_seen_at", event.first_seen_at);
  json.time("updated_at", event.updated_at);
  json.texts("added", event.added);
  json.texts("absorbed", event.absorbed);
  json.objects("stories", event.stories, kEventStory);
  json.object("summary", event, kEventSummary);
  json.objects("new", event.fresh, kEventSentence);
  json.objects("conflicts", event.conflicts, kConflict);
  json.texts("keywords", event.keywords);
  json.text("changed_because", event.changed_because);
};

constexpr auto kEventStep = [](auto& json, auto& step) {
  name_of(json, "how", step.how, event_step_from);
  json.text("id", step.event_id);
  if (step.how != EventStep::How::kMoved) {
    json.real("similarity", step.similarity);
    json.real("threshold", step.threshold);
  }
  json.text("nearest", step.nearest);
  json.text("from", step.from);
  json.text("because_of", step.because_of);
  json.texts("absorbed", step.absorbed);
};

constexpr auto kItem = [](auto& json, auto& item) {
  json.text("guid", item.guid);
  json.text("link", item.link);
  json.text("title", item.title);
  json.texts("authors", item.authors);
  json.time("published", item.published);
  json.time("updated", item.updated);
  json.texts("categories", item.categories);
  json.text("summary", item.summary);
  json.text("text", item.text);
  json.text("language", item.language);
  json.text("image", item.image);
  json.text("source_name", item.source_name);
  json.text("source_url", item.source_url);
};

constexpr auto kWishes = [](auto& json, auto& wishes) {
  json.count("ttl", wishes.ttl);
  json.count("update_every", wishes.update_every);
  json.count("max_age", wishes.max_age);
  json.count("retry_after", wishes.retry_after);
};

constexpr auto kHabits = [](auto& json, auto& habits) {
  json.real("watched_days", habits.watched_days);
  json.real("new_items", habits.new_items);
  json.real("usual_log_length", habits.usual_log_length);
  json.real("short_share", habits.short_share);
  json.real("missing_share", habits.missing_share);
  json.real("wall_share", habits.wall_share);
  json.count("gap_s", habits.gap_s);
  json.count("longest_s", habits.longest_s);
  json.count("arrivals", habits.arrivals);
  json.count("stories", habits.stories);
  json.count("pages", habits.pages);
  json.count("usual_items", habits.usual_items);
  json.count("empty_polls", habits.empty_polls);
  json.count("longest_empty", habits.longest_empty);
  json.count("good_polls", habits.good_polls);
  name_of(json, "wall", habits.wall, wall_from);
};

constexpr auto kFeedState = [](auto& json, auto& state) {
  json.text("feed_id", state.feed_id);
  json.text("configured_url", state.configured_url);
  json.text("url", state.url);
  json.text("etag", state.etag);
  json.text("last_modified", state.last_modified);
  json.text("title", state.title);
  json.time("first_poll", state.first_poll);
  json.time("last_poll", state.last_poll);
  json.time("last_success", state.last_success);
  json.time("last_new_item", state.last_new_item);
  json.time("next_poll", state.next_poll);
  json.text("next_reason", state.next_reason);
  json.count("last_status", state.last_status);
  json.text("last_error", state.last_error);
  json.real("failures", state.failures);
  json.real("seen_share", state.seen_share);
  seconds(json, "server_asks", state.server_asks);
  json.count("skip_hours", state.skip_hours);
  json.count("skip_days", state.skip_days);
  json.count("cut_off", state.cut_off);
  json.count("identity", state.identity);
  json.object("wishes", state.wishes, kWishes);
  json.object("habits", state.habits, kHabits);
  json.count("polls", state.polls);
  json.count("not_modified", state.not_modified);
  json.count("items", state.items);
  json.flag("paused", state.paused);
  name_of(json, "health", state.health, feed_health_from);
  json.time("health_since", state.health_since);
  json.text("health_reason", state.health_reason);
  json.text("moved_to", state.moved_to);
  json.count("moved_seen", state.moved_seen);
  json.time("moved_since", state.moved_since);
};

template <typename T, typename Fields>
std::string write(const T& value, Fields fields) {
  std::string out;
  out.reserve(1024);
  JsonWriter json(out);
  fields(json, value);
  json.close();
  return out;
}

/// `required` names a text without which the value is none; nullptr: nothing is.
template <typename T, typename Fields>
Result<T> read(std::string_view text, const char* what, const char* required, Fields fields) {
  const Json document = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) {
    return fail(ErrorCode::kMalformed, std::string(what) + ": not a JSON object");
  }
  T value;
  std::string fault;
  JsonReader json(document, fault);
  fields(json, value);
  if (fault.empty() && required != nullptr && document.value(required, "").empty()) {
    fault = required;
  }
  if (!fault.empty()) {
    return fail(ErrorCode::kMalformed, std::string(what) + ": field '" + fault + "' is not valid");
  }
  return value;
}

/// What stays behind when a story goes over the wire; the wire tells why it was withdrawn beside
/// it.
constexpr auto kStoryWithText = [](auto& json, auto& story) {
  kStory(json, story);
  json.text("text", story.text);
  json.text("retracted", story.retracted);
};

constexpr auto kFeedPayload = [](JsonWriter& json, const FeedState& state) {
  json.text("id", state.feed_id);
  json.text("url", state.url);
  json.text("state", to_string(state.health));
  json.time("since", state.health_since);
  json.text("reason", state.health_reason);
};

}  // namespace

std::string to_json(const Story& story, WithText with_text) {
  return with_text == WithText::kYes ? write(story, kStoryWithText) : write(story, kStory);
}

Result<Story> story_from_json(std::string_view json) {
  return read<Story>(json, "story", "id", kStoryWithText);
}

std::string to_json(const Event& event) { return write(event, kEvent); }

Result<Event> event_from_json(std::string_view json) {
  return read<Event>(json, "event", "id", kEvent);
}

std::string to_json(const EventStep& step) { return write(step, kEventStep); }

Result<EventStep> event_step_from_json(std::string_view json) {
  return read<EventStep>(json, "event step", "id", kEventStep);
}

std::string to_json(const FeedItem& item) { return write(item, kItem); }

Result<FeedItem> item_from_json(std::string_view json) {
  return read<FeedItem>(json, "item", nullptr, kItem);
}

std::string feed_payload(const FeedState& state) { return write(state, kFeedPayload); }

std::string to_json(const FeedState& state) { return write(state, kFeedState); }

Result<FeedState> feed_state_from_json(std::string_view json) {
  return read<FeedState>(json, "feed state", "feed_id", kFeedState);
}

}  // namespace nutgraf
