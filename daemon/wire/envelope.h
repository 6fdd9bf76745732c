#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/date.h"
#include "daemon/model/publication.h"

namespace nutgraf {

/// Topics of the wire's own messages. No message of the log has a topic that begins with '$'.
inline constexpr std::string_view kHelloTopic = "$hello";
inline constexpr std::string_view kBeatTopic = "$hb";

/// Version of what is written here and in docs/protocol.md. Grows when a client that knows the
/// older one would go wrong; a new field does not.
inline constexpr int kProtocol = 1;

/// The body of a message of the log: one JSON object, UTF-8,
///   {"type","epoch","seq","prev","topic","decided_at","op","reason"|"into",<name>: payload}
/// in that order; `op`, `reason` and `into` only if not empty. The payload is put in verbatim, so
/// it must be a JSON object already. Linear; the other strings are escaped, ill-formed UTF-8 in
/// them is replaced. [docs/protocol.md, "A message"]
std::string envelope(const Draft& draft, const Stamp& stamp);

/// The place that a body says it has; nullopt: it is no such object. Reads the whole of it: for
/// checking a log, not for every message.
std::optional<Stamp> read_stamp(std::string_view body);

/// What a client must know before it asks for anything. [docs/protocol.md, hello/1]
struct Hello {
  std::string epoch;
  Sequence head = 0;
  Sequence floor = 1;
  std::string version;  ///< Of the server program.
  std::string sync;     ///< Endpoint to ask for pages of the log.
  std::chrono::milliseconds heartbeat{};
};
std::string hello_body(const Hello& hello);

/// What a client must know to notice a loss that no later message reveals.
/// [docs/protocol.md, hb/1]
struct Beat {
  std::string epoch;
  std::int64_t number = 0;  ///< Counts from 1 since the server started.
  Sequence head = 0;
  Sequence floor = 1;
  Sequence after = 0;  ///< Every topic whose newest seq is above this one is listed.
  Time time{};
  std::span<const std::pair<std::string, Sequence>> topics;  ///< Topic and its newest seq.
};
std::string beat_body(const Beat& beat);

}  // namespace nutgraf
