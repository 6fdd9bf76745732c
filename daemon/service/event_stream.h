#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/model/publication.h"
#include "daemon/service/web_server.h"

namespace nutgraf {

/// Where a reader of the log stands.
struct LogCursor {
  std::string epoch;  ///< That `seq` counts in; empty: whichever is in force.
  Sequence seq = 0;   ///< Exclusive; 0: from the floor.
};

/// "EPOCH:SEQ" or "SEQ", as the ids of our events are; nullopt for anything else.
std::optional<LogCursor> parse_cursor(std::string_view text);

/// Whether they are prefixes that a client may ask for [model/topic.h].
bool are_prefixes(const std::vector<std::string>& topics);

/// A piece of the log, or why it is not given.
struct LogPiece {
  std::vector<Publication> messages;
  Sequence next = 0;    ///< To go on from, also when nothing matched.
  bool more = false;    ///< There is more already.
  std::string refusal;  ///< "epoch_changed", "cursor_too_old" or "future_cursor"; empty: none.
  Sequence floor = 1;   ///< Oldest that is kept.
};

/// The log as a stream sees it, on the server's thread: short reads, of bounded size.
struct LogSource {
  std::string epoch;  ///< Of the store; it does not change while the process lives.
  std::function<Result<LogPiece>(const LogCursor&, const std::vector<std::string>& topics)> read;
  std::function<Result<Sequence>()> head;
  std::function<std::string(Sequence head)> hello;  ///< The greeting: one JSON object.
};

/// The log as server-sent events [https://html.spec.whatwg.org/#server-sent-events]:
///
///   event: hello        once, first: hello/1, and where this stream begins as `id`
///   id: EPOCH:SEQ       a message, its body byte for byte as on the wire; no `event`, so that
///   data: {…}           EventSource hands it to onmessage
///   event: gap          the cursor leads to nothing that is kept: {"code","epoch","floor"};
///                       what is kept follows, from the floor
///   : keep-alive        each kKeepAlive, with an `id`, because a cursor moves on also where
///                       nothing matches
///
/// Nothing is queued for a client: it is given the next piece of the log when it has taken the
/// last.
class EventStream final : public WebStream {
 public:
  static constexpr std::chrono::seconds kKeepAlive{15};

  /// `after`: nullopt begins with what is committed from now on. `log` must outlive the stream.
  /// An error if the store cannot be read.
  static Result<std::unique_ptr<WebStream>> open(const LogSource& log,
                                                 std::vector<std::string> topics,
                                                 std::optional<LogCursor> after);

  Part next(bool news, Monotonic now) override;

 private:
  EventStream(const LogSource& log, std::vector<std::string> topics, LogCursor cursor,
              std::string greeting);
  Part read();

  const LogSource& log_;
  const std::vector<std::string> topics_;
  LogCursor cursor_;
  std::string greeting_;  // Until it is sent.
  Monotonic last_ = Monotonic::min();
};

}  // namespace nutgraf
