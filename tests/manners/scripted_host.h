#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "tests/manners/exchange.h"
#include "tests/support/newsroom.h"

namespace nutgraf {

/// A request as a script sees it.
struct Asked {
  Time at{};
  int nth = 1;  ///< Of this path.
  std::string if_none_match;
  std::string if_modified_since;
};

/// What a script answers.
struct Answer {
  int status = 200;
  Headers headers = {};
  std::string body = {};
  Asks asks = {};
  bool torn = false;  ///< The connection closes behind the body, unframed.
};

using Behaviour = std::function<Answer(const Asked&)>;

/// The servers' logs together, in the order of time. Thread-safe.
class ServerLog {
 public:
  void add(Exchange exchange);
  std::vector<Exchange> all() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Exchange> log_;
};

/// A host of its own on a loopback address, with a behaviour a path and a line in the log for each
/// request. It sets a cookie with every answer, and dates everything by `clock`.
///
/// put() before the first request only.
class ScriptedHost {
 public:
  ScriptedHost(const std::string& address, const Clock& clock, ServerLog& log);

  void put(const std::string& path, Exchange::Kind kind, const std::string& feed,
           Behaviour behaviour);
  std::string url(const std::string& path) const { return server_->url(path); }

 private:
  struct Path {
    Exchange::Kind kind = Exchange::Kind::kUnknown;
    std::string feed;
    Behaviour behaviour;
    int asked = 0;
  };

  std::optional<Resource> answer(const RecordedRequest& request);

  const Clock& clock_;
  ServerLog& log_;
  std::map<std::string, Path> paths_;  // Server thread only, once it is asked.
  std::unique_ptr<Newsroom> server_;
};

}  // namespace nutgraf
