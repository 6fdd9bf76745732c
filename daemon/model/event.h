#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/date.h"

namespace nutgraf {

/// A sentence of a cross-document summary, and who stands behind it.
struct EventSentence {
  std::string text;
  std::string story_id;
  std::string publisher;
  std::string url;
  int support = 1;  ///< Independent publishers whose reports say much the same.
  friend bool operator==(const EventSentence&, const EventSentence&) = default;
};

struct Claim {
  std::string value;
  std::vector<std::string> publishers;
  std::string text;  ///< The sentence that makes it.
  friend bool operator==(const Claim&, const Claim&) = default;
};

/// Where outlets disagree on a figure.
struct Conflict {
  std::string what;
  std::vector<Claim> claims;
  friend bool operator==(const Conflict&, const Conflict&) = default;
};

struct EventStory {
  std::string id;
  std::string title;
  std::string url;
  std::string publisher;
  std::optional<Time> published_at;
  friend bool operator==(const EventStory&, const EventStory&) = default;
};

/// What several stories report. [docs/protocol.md, event/1]
struct Event {
  std::string id;  ///< hash_id of "event:" and the id of the story that opened it.
  int revision = 0;
  std::string language = "und";
  std::string category = "other";
  std::string title;
  int size = 0;         ///< Stories, duplicates not counted.
  int sources = 0;      ///< Distinct publishers.
  int independent = 0;  ///< Publishers left after duplicates and agency copies collapse.
  Time first_seen_at{};
  Time updated_at{};
  std::vector<std::string> added;  ///< Ids of the stories that joined since the last message.
  /// Ids of the events that became part of this one since the last message, with all their stories.
  std::vector<std::string> absorbed;
  std::vector<EventStory> stories;  ///< At most 20.
  std::vector<EventSentence> summary;
  std::string summary_text;
  std::vector<EventSentence>
      fresh;  ///< Wire name: new. Sentences that say what earlier messages did not.
  std::vector<Conflict> conflicts;
  std::vector<std::string> keywords;
  std::string changed_because;

  friend bool operator==(const Event&, const Event&) = default;
};

/// How a story came into an event, and why there: what `nutgraf why` tells of it.
struct EventStep {
  enum class How {
    kOpened,  ///< No event was like it.
    kJoined,
    kMoved,  ///< With its event, which became part of another.
  };
  How how = How::kOpened;
  std::string event_id;    ///< That it belongs to from then on.
  double similarity = 0;   ///< To the event joined, or to the nearest one; cut to four digits.
  double threshold = 0;    ///< Similarity from which on a story joined, at the time.
  std::string nearest;     ///< kOpened: the event that came nearest; empty: none was near.
  std::string from;        ///< kMoved: the event that it belonged to before.
  std::string because_of;  ///< kMoved: the story that showed both to be one.
  std::vector<std::string> absorbed;  ///< kJoined: events that it showed to be one with this.

  friend bool operator==(const EventStep&, const EventStep&) = default;
};
std::string_view to_string(EventStep::How how);
std::optional<EventStep::How> event_step_from(std::string_view name);

/// For the operator: "joined 9f…: 0.214 like it, 0.135 joins".
std::string in_words(const EventStep& step);

}  // namespace nutgraf
