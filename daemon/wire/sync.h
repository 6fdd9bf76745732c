#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/date.h"
#include "daemon/base/result.h"
#include "daemon/model/publication.h"

namespace nutgraf {

// The pull side of the wire: what clients ask and how they are answered. Each request is answered
// by itself, so the server keeps no state for a client. [docs/protocol.md, "Sync"]

/// Messages in one answer, and the bytes of their bodies (at least one message is given, however
/// large). They bound what a client that asks and does not read can cost.
inline constexpr int kMaxPageMessages = 1000;
inline constexpr std::size_t kMaxPageBytes = 4 << 20;
inline constexpr int kDefaultPageMessages = 500;

/// Bytes of one frame that a client may send; longer ones end its connection.
inline constexpr std::size_t kMaxRequestBytes = 64 << 10;

struct FetchRequest {
  std::string epoch;              ///< That the cursor belongs to; empty: not checked.
  std::optional<Sequence> after;  ///< Exactly one of `after` and `since` is set.
  std::optional<Time> since;
  std::optional<Time> until;
  std::optional<Time> after_time;     ///< decided_at of the message `after`.
  std::vector<std::string> prefixes;  ///< Of topics; empty: all.
  int limit = kDefaultPageMessages;   ///< 1 to kMaxPageMessages.
};

struct SnapshotRequest {
  std::vector<std::string> prefixes;
  int page = 0;
};

struct GetRequest {
  enum class By { kStory, kEvent, kUrl };
  By by = By::kStory;
  std::string key;
};

using SyncCall = std::variant<FetchRequest, SnapshotRequest, GetRequest>;

/// Who asked: the connection, and the mark that the client put on its request so that it can tell
/// answers apart.
struct SyncClient {
  std::string identity;    ///< Routing id of the connection; bytes.
  std::string id;          ///< Echoed in END and ERR; empty: the client gave none.
  std::size_t op = kNoOp;  ///< What it asked: index of SyncCall's alternatives, for the figures.

  static constexpr std::size_t kNoOp = std::variant_size_v<SyncCall>;
};

struct SyncRequest {
  SyncClient client;
  SyncCall call;
  std::optional<std::vector<std::string>> allowed;  ///< Prefixes it may have; nullopt: all.
};

/// How a request ended, for the figures.
enum class SyncOutcome { kServed, kRefused, kForbidden, kBusy, kMalformed, kUnread };
inline constexpr std::size_t kSyncOutcomes = 6;

/// MSG frames for each of `messages`, then one END or ERR.
struct SyncReply {
  SyncClient client;
  std::vector<Publication> messages;
  std::string verb;  ///< "END" or "ERR".
  std::string body;  ///< JSON.
  SyncOutcome outcome = SyncOutcome::kServed;
};

/// Reads one request. Unknown members are ignored; anything else that is not exactly as the
/// protocol says is kMalformed with a message for the client's author. A `limit` above the most is
/// cut to it. `id`, if not null, receives the client's mark even where the rest is malformed.
Result<SyncCall> parse_sync_call(std::string_view json, std::string* id = nullptr);

/// How a fetch or snapshot ended.
struct PageEnd {
  std::optional<Sequence> next;  ///< Cursor to go on from; none for get.
  std::optional<Sequence> head;
  std::optional<Sequence> floor;
  bool more = false;
};
SyncReply end_reply(SyncClient client, std::vector<Publication> messages, const PageEnd& end);

SyncReply bad_request(SyncClient client, std::string_view why);
SyncReply epoch_changed(SyncClient client, std::string_view epoch);
SyncReply cursor_too_old(SyncClient client, Sequence floor);
SyncReply future_cursor(SyncClient client);
/// `allowed`: what the client may have instead.
SyncReply forbidden(SyncClient client, const std::vector<std::string>& allowed);
SyncReply busy(SyncClient client, std::chrono::milliseconds retry);

/// Between the sync thread, which owns its socket, and the reader thread, which owns a view of the
/// store. Thread-safe.
class SyncPort {
 public:
  virtual ~SyncPort() = default;

  /// Requests to answer. While it is full, clients are told `busy`.
  virtual BoundedQueue<SyncRequest>& requests() = 0;

  /// Sends an answer. Waits while too many wait to be sent; drops it if the port is closed.
  virtual void reply(SyncReply reply) = 0;
};

}  // namespace nutgraf
