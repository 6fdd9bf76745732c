#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/service/event_stream.h"
#include "daemon/service/web_server.h"

namespace nutgraf {

/// What GET /feed.json asks for.
struct StoryListQuery {
  std::vector<std::string> topics;  ///< Prefixes; empty: all stories and events.
  std::optional<Sequence> before;   ///< Exclusive; nullopt: the newest.
  std::size_t limit = 50;           ///< 1 to 200.
  std::string base_url;             ///< "http://host:port", as the client knows us.
};

/// What the status port answers with. All are called on the server's thread, one at a time, and
/// should be quick.
struct StatusPages {
  struct Health {
    bool ok = true;
    std::string text;  ///< One line: "ok", or what is wrong.
  };
  std::function<Health()> health;        ///< GET /healthz: 200 or 503.
  std::function<std::string()> metrics;  ///< GET /metrics, Prometheus' text format.
  std::function<std::string()> status;   ///< GET /status.json, which the page at / shows.

  /// Once a second, if not empty; with how many read the log.
  std::function<void(std::size_t streams)> tick = {};

  // The mirror of the wire; both or neither. Without it there are no stories on this port.
  std::function<Result<std::string>(const StoryListQuery&)> story_list;  ///< GET /feed.json.
  std::optional<LogSource> log;                                          ///< GET /stream.
};

struct StatusOptions {
  std::string listen = "127.0.0.1:9556";
  std::vector<std::string> hosts;  ///< Names under which a proxy hands requests on to us.
  std::size_t streams = 32;        ///< At a time; more are told 503.
};

/// Whether a request for this Host (with or without port) may be answered: an address, localhost,
/// the name that is listened on, or one of `hosts`. Any other name may be one that its owner has
/// pointed at this machine, so that his page in somebody's browser reads from it as if from itself
/// ("DNS rebinding").
bool is_own_host(std::string_view host, const StatusOptions& options);

/// The status port: monitoring, the page for people, and the log over HTTP. GET and HEAD only,
/// bounded in connections and memory [web_server.h]; no authentication, hence for loopback or
/// behind a proxy that has it. No other origin may read it: there is no CORS.
class StatusServer {
 public:
  /// Serves until destroyed; `committed` must outlive it. kTransient if the port is in use.
  static Result<std::unique_ptr<StatusServer>> open(StatusOptions options, StatusPages pages,
                                                    const Bell& committed);

  StatusServer(const StatusServer&) = delete;
  StatusServer& operator=(const StatusServer&) = delete;
  ~StatusServer();

  int port() const;  ///< That it serves: useful after listening on port 0.

 private:
  struct Parts;
  explicit StatusServer(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace nutgraf
