#include "daemon/wire/envelope.h"

#include <nlohmann/json.hpp>

namespace nutgraf {
namespace {

/// Writes one flat JSON object, members in the order of the calls.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::size_t expected_bytes) { text_.reserve(expected_bytes); }

  ObjectWriter& text(std::string_view key, std::string_view value) {
    return raw(
        key, nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  ObjectWriter& text_unless_empty(std::string_view key, std::string_view value) {
    return value.empty() ? *this : text(key, value);
  }
  ObjectWriter& number(std::string_view key, std::int64_t value) {
    return raw(key, std::to_string(value));
  }
  /// `json` is a JSON value already.
  ObjectWriter& raw(std::string_view key, std::string_view json) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += key;
    text_ += "\":";
    text_ += json;
    return *this;
  }
  std::string close() && {
    text_ += '}';
    return std::move(text_);
  }

 private:
  std::string text_;
};

std::string topic_list(const Beat& beat) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [topic, seq] : beat.topics) list.push_back({topic, seq});
  return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string envelope(const Draft& draft, const Stamp& stamp) {
  ObjectWriter body(draft.payload.size() + 256);
  body.text("type", draft.type)
      .text("epoch", stamp.epoch)
      .number("seq", stamp.seq)
      .number("prev", stamp.prev)
      .text("topic", draft.topic)
      .text("decided_at", format_rfc3339(stamp.decided_at))
      .text_unless_empty("op", draft.op)
      .text_unless_empty("reason", draft.reason)
      .text_unless_empty("into", draft.into)
      .raw(draft.name, draft.payload);
  return std::move(body).close();
}

std::optional<Stamp> read_stamp(std::string_view body) {
  const auto object = nlohmann::json::parse(body, nullptr, false);
  const auto of_kind = [&](const char* key, nlohmann::json::value_t kind) {
    const auto found = object.find(key);
    return found != object.end() && found->type() == kind ? &*found : nullptr;
  };
  if (!object.is_object()) return std::nullopt;
  using Kind = nlohmann::json::value_t;
  const auto* epoch = of_kind("epoch", Kind::string);
  const auto* seq = of_kind("seq", Kind::number_unsigned);
  const auto* prev = of_kind("prev", Kind::number_unsigned);
  const auto* decided = of_kind("decided_at", Kind::string);
  if (epoch == nullptr || seq == nullptr || prev == nullptr || decided == nullptr)
    return std::nullopt;
  const auto time = parse_rfc3339(decided->get_ref<const std::string&>());
  if (!time) return std::nullopt;
  return Stamp{epoch->get<std::string>(), seq->get<Sequence>(), prev->get<Sequence>(), *time};
}

std::string hello_body(const Hello& hello) {
  ObjectWriter body(256);
  body.text("type", "hello/1")
      .number("protocol", kProtocol)
      .text("epoch", hello.epoch)
      .number("head", hello.head)
      .number("floor", hello.floor)
      .text("server", "nutgrafd")
      .text("version", hello.version)
      .text("sync", hello.sync)
      .number("heartbeat_ms", hello.heartbeat.count());
  return std::move(body).close();
}

std::string beat_body(const Beat& beat) {
  ObjectWriter body(128 + 32 * beat.topics.size());
  body.text("type", "hb/1")
      .text("epoch", beat.epoch)
      .number("beat", beat.number)
      .number("head", beat.head)
      .number("floor", beat.floor)
      .number("after", beat.after)
      .text("time", format_rfc3339(beat.time))
      .raw("topics", topic_list(beat));
  return std::move(body).close();
}

}  // namespace nutgraf
