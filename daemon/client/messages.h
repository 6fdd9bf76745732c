#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/base/result.h"
#include "daemon/model/publication.h"

namespace nutgraf {

// What a subscriber reads and writes, in the words of docs/protocol.md. Unknown members are
// ignored; kMalformed where one that is needed is missing or of another type.

/// The place of a message in the log; its payload stays in the body.
struct Envelope {
  std::string epoch;
  Sequence seq = 0;
  Sequence prev = 0;
  std::optional<Time> decided_at;
};
/// Reads no more than it needs: with members in the order in which nutgrafd writes them, the
/// payload is not looked at.
Result<Envelope> read_envelope(std::string_view body);

struct ServerHello {
  int protocol = 0;
  std::string epoch;
  Sequence head = 0;
  std::string version;
  std::string sync;
  std::chrono::milliseconds heartbeat{1000};
};
Result<ServerHello> read_hello(std::string_view body);

struct ServerBeat {
  std::string epoch;
  Sequence head = 0;
  Sequence after = 0;  ///< Every topic whose newest seq is above this one is listed.
  std::optional<Time> time;
  std::vector<std::pair<std::string, Sequence>> topics;
};
Result<ServerBeat> read_beat(std::string_view body);

/// Where a client stands: it has applied every message that it subscribed to, up to `seq`.
struct Cursor {
  std::string epoch;
  Sequence seq = 0;
  std::optional<Time> message_time;  ///< decided_at of message `seq`, if the client got that one.
  std::optional<Time> server_time;   ///< Nothing decided before it is missing, roughly.

  friend bool operator==(const Cursor&, const Cursor&) = default;
};
std::string to_json(const Cursor& cursor);
Result<Cursor> read_cursor(std::string_view json);

struct FetchCall {
  std::string epoch;
  std::optional<Sequence> after;
  std::optional<Time> since;
  std::optional<Time> after_time;
  std::vector<std::string> prefixes;
  int limit = 500;
  std::string id;
};
std::string to_json(const FetchCall& call);

struct SnapshotCall {
  std::vector<std::string> prefixes;
  int page = 0;
  std::string id;
};
std::string to_json(const SnapshotCall& call);

/// The body of END or ERR.
struct SyncAnswer {
  std::string id;
  std::optional<Sequence> next;
  std::optional<Sequence> head;
  bool more = false;
  std::string code;  ///< Empty: not an error.
  std::string message;
  std::string epoch;
  Sequence floor = 1;
  std::chrono::milliseconds retry{250};
};
Result<SyncAnswer> read_answer(std::string_view body);

}  // namespace nutgraf
