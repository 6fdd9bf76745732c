#include <nlohmann/json.hpp>

#include "daemon/wire/sync.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

void check_prefixes(const std::vector<std::string>& prefixes) {
  require(prefixes.size() <= 64, "too many prefixes");
  for (const std::string& prefix : prefixes) {
    require(prefix.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == prefix.npos,
            "no prefix of a topic");
  }
}

void check(const FetchRequest& fetch) {
  require(fetch.after.has_value() != fetch.since.has_value(), "not one of after and since");
  require(!fetch.after || *fetch.after >= 0, "a negative cursor");
  require(fetch.limit >= 1 && fetch.limit <= kMaxPageMessages, "a limit out of bounds");
  check_prefixes(fetch.prefixes);
}

void check(const SnapshotRequest& snapshot) {
  require(snapshot.page >= 0, "a negative page");
  check_prefixes(snapshot.prefixes);
}

void check(const GetRequest& get) { require(!get.key.empty(), "an empty key"); }

}  // namespace

void sync(std::string_view bytes) {
  if (bytes.size() > kMaxRequestBytes) return;
  SyncClient client;
  const auto call = parse_sync_call(bytes, &client.id);
  require(client.id.size() <= 64, "a long mark");
  if (call) return std::visit([](const auto& request) { check(request); }, *call);
  require_malformed(call.error());
  const SyncReply reply = bad_request(client, call.error().message);
  require(reply.messages.empty() && reply.verb == "ERR", "a bad request is answered");
  require(nlohmann::json::accept(reply.body), "an answer that is no JSON");
}

}  // namespace nutgraf::fuzz
