#include "daemon/wire/sync.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "daemon/model/topic.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxKeyBytes = 4096;
constexpr std::size_t kMaxIdBytes = 64;
constexpr int kMaxSnapshotPage = 1'000'000;

/// JSON numbers are doubles to many clients, so sequence numbers stay below this.
constexpr std::int64_t kSequenceLimit = std::int64_t{1} << 53;

tl::unexpected<Error> malformed(std::string why) {
  return fail(ErrorCode::kMalformed, std::move(why));
}

/// An absent member is nullptr; null counts as absent nowhere, so that a client's mistake is seen.
const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

Result<std::string> text(const Json& value, const char* key, std::size_t limit) {
  if (!value.is_string()) return malformed(std::string(key) + " must be a string");
  const auto& content = value.get_ref<const std::string&>();
  if (content.empty() || content.size() > limit) {
    return malformed(std::string(key) + " must have 1 to " + std::to_string(limit) + " bytes");
  }
  return content;
}

Result<std::int64_t> integer(const Json& value, const char* key, std::int64_t least,
                             std::int64_t most) {
  const auto out_of_range = [&] {
    return malformed(std::string(key) + " must be an integer from " + std::to_string(least) +
                     " to " + std::to_string(most));
  };
  if (!value.is_number_integer()) return out_of_range();
  // nlohmann keeps what exceeds int64 as unsigned.
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(most)) {
    return out_of_range();
  }
  const auto number = value.get<std::int64_t>();
  if (number < least || number > most) return out_of_range();
  return number;
}

Result<std::optional<Time>> time_member(const Json& object, const char* key) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) {
    if (const auto time = parse_rfc3339(value->get_ref<const std::string&>())) return time;
  }
  return malformed(std::string(key) + " must be an RFC 3339 time");
}

Result<std::vector<std::string>> prefixes(const Json& object) {
  std::vector<std::string> list;
  const Json* value = member(object, "prefixes");
  if (value == nullptr) return list;
  if (!value->is_array() || value->size() > kMaxTopicPrefixes) {
    return malformed("prefixes must be a list of at most " + std::to_string(kMaxTopicPrefixes));
  }
  for (const Json& prefix : *value) {
    if (!prefix.is_string() || !is_topic_prefix(prefix.get_ref<const std::string&>())) {
      return malformed("a prefix has at most 256 of a-z 0-9 . - _");
    }
    list.push_back(prefix.get<std::string>());
  }
  return list;
}

Result<SyncCall> fetch_call(const Json& object) {
  FetchRequest fetch;
  if (const Json* epoch = member(object, "epoch")) {
    auto value = text(*epoch, "epoch", kMaxIdBytes);
    if (!value) return tl::unexpected(value.error());
    fetch.epoch = std::move(*value);
  }
  if (const Json* after = member(object, "after")) {
    const auto value = integer(*after, "after", 0, kSequenceLimit - 1);
    if (!value) return tl::unexpected(value.error());
    fetch.after = *value;
  }
  if (const Json* limit = member(object, "limit")) {
    const auto value = integer(*limit, "limit", 1, kSequenceLimit - 1);
    if (!value) {
      return malformed("limit must be an integer, 1 or more; a page has " +
                       std::to_string(kMaxPageMessages) + " messages at most");
    }
    fetch.limit = static_cast<int>(std::min<std::int64_t>(*value, kMaxPageMessages));
  }
  for (auto [key, target] : {std::pair{"since", &fetch.since}, std::pair{"until", &fetch.until},
                             std::pair{"after_time", &fetch.after_time}}) {
    const auto value = time_member(object, key);
    if (!value) return tl::unexpected(value.error());
    *target = *value;
  }
  auto list = prefixes(object);
  if (!list) return tl::unexpected(list.error());
  fetch.prefixes = std::move(*list);
  if (fetch.after.has_value() == fetch.since.has_value()) {
    return malformed("fetch needs either after or since");
  }
  if (fetch.after_time && !fetch.after) return malformed("after_time goes with after");
  return fetch;
}

Result<SyncCall> snapshot_call(const Json& object) {
  SnapshotRequest snapshot;
  auto list = prefixes(object);
  if (!list) return tl::unexpected(list.error());
  snapshot.prefixes = std::move(*list);
  if (const Json* page = member(object, "page")) {
    const auto value = integer(*page, "page", 0, kMaxSnapshotPage);
    if (!value) return tl::unexpected(value.error());
    snapshot.page = static_cast<int>(*value);
  }
  return snapshot;
}

Result<SyncCall> get_call(const Json& object) {
  std::optional<GetRequest> get;
  for (const auto& [key, by] :
       {std::pair{"story", GetRequest::By::kStory}, std::pair{"event", GetRequest::By::kEvent},
        std::pair{"url", GetRequest::By::kUrl}}) {
    const Json* value = member(object, key);
    if (value == nullptr) continue;
    if (get) return malformed("get takes one of story, event and url");
    auto name = text(*value, key, kMaxKeyBytes);
    if (!name) return tl::unexpected(name.error());
    get = GetRequest{by, std::move(*name)};
  }
  if (!get) return malformed("get needs story, event or url");
  return *std::move(get);
}

Result<std::string> client_mark(const Json& object) {
  const Json* id = member(object, "id");
  if (id == nullptr) return std::string();
  return text(*id, "id", kMaxIdBytes);
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

SyncReply closing(SyncClient client, const char* verb, Json body) {
  if (!client.id.empty()) body["id"] = client.id;
  return {std::move(client), {}, verb, dump(body), SyncOutcome::kServed};
}

SyncReply refusal(SyncClient client, const char* code, Json body = Json::object(),
                  SyncOutcome outcome = SyncOutcome::kRefused) {
  body["code"] = code;
  SyncReply reply = closing(std::move(client), "ERR", std::move(body));
  reply.outcome = outcome;
  return reply;
}

}  // namespace

Result<SyncCall> parse_sync_call(std::string_view json, std::string* id) {
  if (json.size() > kMaxRequestBytes) return malformed("longer than 64 KiB");
  const Json object = Json::parse(json, nullptr, false);
  if (!object.is_object()) return malformed("not a JSON object");
  auto mark = client_mark(object);
  if (!mark) return tl::unexpected(mark.error());
  if (id != nullptr) *id = std::move(*mark);
  const Json* op = member(object, "op");
  if (op == nullptr || !op->is_string()) return malformed("op must be fetch, snapshot or get");
  if (*op == "fetch") return fetch_call(object);
  if (*op == "snapshot") return snapshot_call(object);
  if (*op == "get") return get_call(object);
  return malformed("op must be fetch, snapshot or get");
}

SyncReply end_reply(SyncClient client, std::vector<Publication> messages, const PageEnd& end) {
  Json body{{"more", end.more}};
  if (end.next) body["next"] = *end.next;
  if (end.head) body["head"] = *end.head;
  if (end.floor) body["floor"] = *end.floor;
  SyncReply reply = closing(std::move(client), "END", std::move(body));
  reply.messages = std::move(messages);
  return reply;
}

SyncReply bad_request(SyncClient client, std::string_view why) {
  return refusal(std::move(client), "bad_request", {{"message", why}}, SyncOutcome::kMalformed);
}

SyncReply epoch_changed(SyncClient client, std::string_view epoch) {
  return refusal(std::move(client), "epoch_changed", {{"epoch", epoch}});
}

SyncReply cursor_too_old(SyncClient client, Sequence floor) {
  return refusal(std::move(client), "cursor_too_old", {{"floor", floor}});
}

SyncReply future_cursor(SyncClient client) { return refusal(std::move(client), "future_cursor"); }

SyncReply forbidden(SyncClient client, const std::vector<std::string>& allowed) {
  std::string message = allowed.empty() ? "this key may have nothing" : "this key may have";
  for (const std::string& prefix : allowed) message += " \"" + prefix + "\"";
  return refusal(std::move(client), "forbidden", {{"message", message}}, SyncOutcome::kForbidden);
}

SyncReply busy(SyncClient client, std::chrono::milliseconds retry) {
  return refusal(std::move(client), "busy", {{"retry_ms", retry.count()}}, SyncOutcome::kBusy);
}

}  // namespace nutgraf
