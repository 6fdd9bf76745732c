#include "tests/manners/scripted_host.h"

#include <cstdlib>
#include <utility>

#include "daemon/base/url.h"

namespace nutgraf {

void ServerLog::add(Exchange exchange) {
  const std::lock_guard lock(mutex_);
  log_.push_back(std::move(exchange));
}

std::vector<Exchange> ServerLog::all() const {
  const std::lock_guard lock(mutex_);
  return log_;
}

ScriptedHost::ScriptedHost(const std::string& address, const Clock& clock, ServerLog& log)
    : clock_(clock), log_(log) {
  Newsroom::Options options;
  options.address = address;
  options.record = false;
  options.script = [this](const RecordedRequest& request) { return answer(request); };
  Result<std::unique_ptr<Newsroom>> server = Newsroom::start(std::move(options));
  if (!server) std::abort();
  server_ = *std::move(server);
}

void ScriptedHost::put(const std::string& path, Exchange::Kind kind, const std::string& feed,
                       Behaviour behaviour) {
  paths_[path] = {kind, feed, std::move(behaviour)};
}

std::optional<Resource> ScriptedHost::answer(const RecordedRequest& request) {
  Exchange exchange;
  exchange.at = clock_.utc();
  exchange.host = parse_url(server_->url("/"))->origin().substr(7);
  exchange.method = request.method;
  exchange.target = request.target;
  exchange.headers = request.headers;
  Answer given{.status = 404};
  const auto found = paths_.find(request.target.substr(0, request.target.find('?')));
  if (found != paths_.end()) {
    Path& path = found->second;
    exchange.kind = path.kind;
    exchange.feed = path.feed;
    given = path.behaviour({.at = exchange.at,
                            .nth = ++path.asked,
                            .if_none_match = request.header("If-None-Match").value_or(""),
                            .if_modified_since = request.header("If-Modified-Since").value_or("")});
  }
  exchange.status = given.status;
  exchange.answer = given.headers;
  exchange.asks = given.asks;
  exchange.torn = given.torn;
  log_.add(std::move(exchange));

  Resource resource{.body = std::move(given.body), .status = given.status};
  resource.validators = false;
  resource.date =
      std::chrono::duration_cast<std::chrono::seconds>(clock_.utc().time_since_epoch()).count();
  resource.headers = std::move(given.headers);
  resource.headers.emplace_back("Set-Cookie", "session=1; Path=/");
  if (given.torn) resource.framing = Framing::kUntilClose;
  return resource;
}

}  // namespace nutgraf
