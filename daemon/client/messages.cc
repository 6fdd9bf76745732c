#include "daemon/client/messages.h"

#include <nlohmann/json.hpp>

namespace nutgraf {
namespace {

using Json = nlohmann::json;

/// Collects the scalar members of the outermost object and stops at the first that is none, once it
/// has what is needed.
class HeadReader : public nlohmann::json_sax<Json> {
 public:
  Envelope envelope;
  bool complete() const { return has_seq_ && has_prev_ && !envelope.epoch.empty(); }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t value) override { return number(value); }
  bool number_unsigned(number_unsigned_t value) override {
    return number(static_cast<number_integer_t>(value));
  }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool string(string_t& value) override {
    if (depth_ != 1) return true;
    if (key_ == "decided_at") envelope.decided_at = parse_rfc3339(value);
    if (key_ == "epoch") envelope.epoch = std::move(value);
    return true;
  }
  bool key(string_t& value) override {
    if (depth_ == 1) key_ = std::move(value);
    return true;
  }
  bool start_object(std::size_t) override { return go_deeper(); }
  bool start_array(std::size_t) override { return go_deeper(); }
  bool end_object() override { return --depth_ >= 0; }
  bool end_array() override { return --depth_ >= 0; }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  bool go_deeper() {
    if (depth_ > 0 && complete()) return false;
    ++depth_;
    return true;
  }
  bool number(std::int64_t value) {
    if (depth_ != 1) return true;
    if (key_ == "seq") {
      envelope.seq = value;
      has_seq_ = value > 0;
    } else if (key_ == "prev") {
      envelope.prev = value;
      has_prev_ = value >= 0;
    }
    return true;
  }

  int depth_ = 0;
  std::string key_;
  bool has_seq_ = false;
  bool has_prev_ = false;
};

std::string text(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> number(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

tl::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorCode::kMalformed, std::string(what) + " is not as the protocol says");
}

std::optional<std::pair<std::string, Sequence>> topic_head(const Json& entry) {
  if (!entry.is_array() || entry.size() < 2 || !entry[0].is_string() ||
      !entry[1].is_number_integer()) {
    return std::nullopt;
  }
  return std::pair(entry[0].get<std::string>(), entry[1].get<Sequence>());
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<Envelope> read_envelope(std::string_view body) {
  HeadReader head;
  Json::sax_parse(body, &head);
  if (!head.complete()) return malformed("message");
  return std::move(head.envelope);
}

Result<ServerHello> read_hello(std::string_view body) {
  const Json object = Json::parse(body, nullptr, false);
  if (!object.is_object()) return malformed("$hello");
  const auto protocol = number(object, "protocol");
  const auto head = number(object, "head");
  ServerHello hello{.protocol = static_cast<int>(protocol.value_or(0)),
                    .epoch = text(object, "epoch"),
                    .head = head.value_or(0),
                    .version = text(object, "version"),
                    .sync = text(object, "sync")};
  if (!protocol || !head || hello.epoch.empty()) return malformed("$hello");
  if (const auto heartbeat = number(object, "heartbeat_ms"); heartbeat && *heartbeat > 0) {
    hello.heartbeat = std::chrono::milliseconds(*heartbeat);
  }
  return hello;
}

Result<ServerBeat> read_beat(std::string_view body) {
  const Json object = Json::parse(body, nullptr, false);
  if (!object.is_object()) return malformed("$hb");
  const auto head = number(object, "head");
  const auto after = number(object, "after");
  const auto topics = object.find("topics");
  if (!head || !after || topics == object.end() || !topics->is_array()) return malformed("$hb");
  ServerBeat beat{.epoch = text(object, "epoch"),
                  .head = *head,
                  .after = *after,
                  .time = parse_rfc3339(text(object, "time")),
                  .topics = {}};
  if (beat.epoch.empty()) return malformed("$hb");
  for (const Json& entry : *topics) {
    auto topic = topic_head(entry);
    if (!topic) return malformed("$hb");
    beat.topics.push_back(std::move(*topic));
  }
  return beat;
}

std::string to_json(const Cursor& cursor) {
  nlohmann::ordered_json object{{"epoch", cursor.epoch}, {"seq", cursor.seq}};
  if (cursor.message_time) object["message_time"] = format_rfc3339(*cursor.message_time);
  if (cursor.server_time) object["server_time"] = format_rfc3339(*cursor.server_time);
  return object.dump();
}

Result<Cursor> read_cursor(std::string_view json) {
  const Json object = Json::parse(json, nullptr, false);
  if (!object.is_object()) return malformed("cursor");
  const auto seq = number(object, "seq");
  Cursor cursor{.epoch = text(object, "epoch"),
                .seq = seq.value_or(0),
                .message_time = parse_rfc3339(text(object, "message_time")),
                .server_time = parse_rfc3339(text(object, "server_time"))};
  if (!seq || *seq < 0 || cursor.epoch.empty()) return malformed("cursor");
  return cursor;
}

std::string to_json(const FetchCall& call) {
  Json object{{"op", "fetch"}, {"limit", call.limit}, {"id", call.id}};
  if (!call.epoch.empty()) object["epoch"] = call.epoch;
  if (call.after) object["after"] = *call.after;
  if (call.since) object["since"] = format_rfc3339(*call.since);
  if (call.after_time) object["after_time"] = format_rfc3339(*call.after_time);
  if (!call.prefixes.empty()) object["prefixes"] = call.prefixes;
  return dump(object);
}

std::string to_json(const SnapshotCall& call) {
  Json object{{"op", "snapshot"}, {"page", call.page}, {"id", call.id}};
  if (!call.prefixes.empty()) object["prefixes"] = call.prefixes;
  return dump(object);
}

Result<SyncAnswer> read_answer(std::string_view body) {
  const Json object = Json::parse(body, nullptr, false);
  if (!object.is_object()) return malformed("answer");
  SyncAnswer answer{.id = text(object, "id"),
                    .next = number(object, "next"),
                    .head = number(object, "head"),
                    .more = object.contains("more") && object["more"] == true,
                    .code = text(object, "code"),
                    .message = text(object, "message"),
                    .epoch = text(object, "epoch"),
                    .floor = number(object, "floor").value_or(1)};
  if (const auto retry = number(object, "retry_ms"); retry && *retry >= 0) {
    answer.retry = std::chrono::milliseconds(*retry);
  }
  return answer;
}

}  // namespace nutgraf
