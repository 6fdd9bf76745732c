#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/base/result.h"

namespace nutgraf {

/// What the status page answers with. All are called on the server's threads, up to three at once,
/// and should be quick.
struct StatusPages {
  struct Health {
    bool ok = true;
    std::string text;  ///< One line: "ok", or what is wrong.
  };
  std::function<Health()> health;        ///< GET /healthz: 200 or 503.
  std::function<std::string()> metrics;  ///< GET /metrics, Prometheus' text format.
  std::function<std::string()> status;   ///< GET /, plain text for people.
};

/// A small HTTP server for monitoring, with threads of its own. GET only; a request of more than 8
/// KiB or a pause of 5 s ends the connection, and only a handful is served at once. Meant for
/// loopback: it has no authentication.
class StatusServer {
 public:
  /// Serves `listen` ("127.0.0.1:9556") until destroyed. kTransient if the port is in use.
  static Result<std::unique_ptr<StatusServer>> open(const std::string& listen, StatusPages pages);

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
