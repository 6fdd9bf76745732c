#include "daemon/client/messages.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

void check_envelope(std::string_view body) {
  const auto envelope = read_envelope(body);
  if (!envelope) return require_malformed(envelope.error());
  require(envelope->seq > 0 && envelope->prev >= 0, "no place in the log");
  require(!envelope->epoch.empty(), "no epoch");
}

void check_cursor(std::string_view json) {
  const auto cursor = read_cursor(json);
  if (!cursor) return require_malformed(cursor.error());
  require(cursor->seq >= 0, "a negative cursor");
  const auto again = read_cursor(to_json(*cursor));
  require(again && *again == *cursor, "a cursor cannot be read back");
}

void check_beat(std::string_view body) {
  const auto beat = read_beat(body);
  if (!beat) return require_malformed(beat.error());
  require(!beat->epoch.empty(), "no epoch");
}

void check_answer(std::string_view body) {
  const auto answer = read_answer(body);
  if (!answer) return require_malformed(answer.error());
  require(answer->retry >= std::chrono::milliseconds(0), "a negative pause");
  require_utf8(to_json(FetchCall{.epoch = answer->epoch, .after = answer->next, .id = answer->id}),
               "a request");
}

}  // namespace

void client(std::string_view bytes) {
  check_envelope(bytes);
  check_cursor(bytes);
  check_beat(bytes);
  check_answer(bytes);
  const auto hello = read_hello(bytes);
  if (!hello) return require_malformed(hello.error());
  require(hello->heartbeat > std::chrono::milliseconds(0), "no heartbeat");
}

}  // namespace nutgraf::fuzz
