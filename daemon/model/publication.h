#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "daemon/base/date.h"

namespace nutgraf {

/// Position in the log: dense over all topics, assigned inside the commit, never reused, below
/// 2^53. 0: before the first.
using Sequence = std::int64_t;

/// A message before the commit gives it its place.
struct Draft {
  std::string type;     ///< "story/1", "event/1", "feed/1"
  std::string topic;    ///< "story.en.world."
  std::string op;       ///< "create", "grow", …; empty for feed/1.
  std::string name;     ///< Key of the payload in the envelope: "story", "event", "feed".
  std::string payload;  ///< A JSON object, serialized once.
  std::string reason;   ///< Of a retract; otherwise empty.
  std::string into;     ///< Of a merge: the surviving event; otherwise empty.
  std::string subject;  ///< Story or event id, for look-up by id. Not on the wire.
  std::string url;      ///< Of the story, for look-up by URL. Not on the wire.
};

/// What only the commit knows.
struct Stamp {
  std::string epoch;
  Sequence seq = 0;
  Sequence prev = 0;  ///< seq of the previous message with the identical topic, 0 if none.
  Time decided_at{};
};

/// A committed message: exactly the bytes that every subscriber gets, live or fetched.
struct Publication {
  Sequence seq = 0;
  std::string topic;
  std::string body;
};

/// Where the log stands.
struct LogPosition {
  std::string epoch;
  Sequence head = 0;                       ///< Newest seq; 0 for an empty log.
  Sequence floor = 1;                      ///< Oldest seq still kept; head + 1 for an empty log.
  std::map<std::string, Sequence> topics;  ///< Newest seq of every topic.
};

}  // namespace nutgraf
