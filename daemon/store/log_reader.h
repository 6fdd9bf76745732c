#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/base/result.h"
#include "daemon/model/furniture.h"
#include "daemon/model/publication.h"

namespace nutgraf {

/// A page of the log that a client asks for. [docs/protocol.md, fetch]
struct LogQuery {
  std::string epoch;              ///< The client's; empty: any.
  std::optional<Sequence> after;  ///< Exclusive; 0: from the floor. Exactly one of after and since.
  std::optional<Time> since;
  std::optional<Time> until;
  std::optional<Time>
      after_time;  ///< decided_at of the message `after`: tells a store that went back in time.
  std::vector<std::string> prefixes;  ///< Of topics; empty: all.
  int limit = 500;
  std::int64_t bytes = 4 << 20;  ///< Of topics and bodies; a message that is larger comes alone.
};

struct LogPage {
  std::vector<Publication> messages;
  Sequence next = 0;  ///< Cursor to go on from, also when nothing matched.
  Sequence head = 0;
  Sequence floor = 1;
  bool more = false;
};

/// Why a page was not given.
struct LogRefusal {
  enum class Code { kEpochChanged, kCursorTooOld, kFutureCursor };
  Code code = Code::kEpochChanged;
  std::string epoch;  ///< Of the store.
  Sequence floor = 1;
};

/// One entry of an item's trail, for `nutgraf why`.
struct TrailEntry {
  Time at{};
  std::string feed_id;
  std::string item_key;
  std::string what;    ///< "seen", "pending", "retried", "published", "duplicate", "dropped",
                       ///< "quarantined", "event", …
  std::string reason;  ///< Of "event": an EventStep as JSON.
  std::string story_id;
};

/// Items whose pages are still to be had, by the host that is to be asked.
struct WaitingHost {
  std::string host;
  std::int64_t pages = 0;
};

/// A pending item that has been given up on, for `nutgraf feeds`.
struct QuarantinedItem {
  std::string feed_id;
  std::string title;
  std::string link;
  std::string error;
  int attempts = 0;
};

/// The store as readers see it: short read-only transactions that never block the desk. One of the
/// three roles.
///
/// Reader thread only (every thread that reads has one of its own).
class LogReader {
 public:
  virtual ~LogReader() = default;

  virtual Result<LogPosition> position() = 0;
  virtual Result<std::variant<LogPage, LogRefusal>> page(const LogQuery& query) = 0;

  /// The latest message of every live event, 100 a page from `page` 0, in the order in which the
  /// events opened; `more` as in page(), `next` is the head: the cursor to go on from in the log.
  /// Pages are read at different moments: an event that closes in between may hide another from the
  /// next page.
  virtual Result<LogPage> snapshot(const std::vector<std::string>& prefixes, int page) = 0;

  /// Of every story, event and feed its latest message, newest first: those below `before`
  /// (nullopt: all) whose topic matches, `limit` at most, and about 2 MiB. `next` is the `before`
  /// to go on with, also when nothing matched; `more` as in page().
  virtual Result<LogPage> newest(const std::vector<std::string>& prefixes,
                                 std::optional<Sequence> before, std::size_t limit) = 0;

  /// The latest message of a story or event by its id, or of the story at a URL (by URL key).
  virtual Result<std::optional<Publication>> latest_of(std::string_view subject) = 0;
  virtual Result<std::optional<Publication>> latest_at(std::string_view url_key) = 0;

  virtual Result<std::vector<QuarantinedItem>> quarantined() = 0;

  /// What was learned of a feed, with the texts.
  virtual Result<Furniture> furniture(std::string_view feed_id) = 0;

  /// The 20 hosts with the most pages that are wanted of them, the most first; those being fetched
  /// too.
  virtual Result<std::vector<WaitingHost>> waiting_pages() = 0;

  /// Everything known of the items with this URL key, GUID, or story id, oldest first.
  virtual Result<std::vector<TrailEntry>> trail(std::string_view url_key, std::string_view guid,
                                                std::string_view story_id) = 0;
};

}  // namespace nutgraf
