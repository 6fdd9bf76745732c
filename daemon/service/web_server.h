#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "daemon/base/bell.h"
#include "daemon/base/result.h"
#include "daemon/service/web_answer.h"
#include "daemon/service/web_request.h"

namespace nutgraf {

/// Called on the server's thread. Must not throw.
struct WebHandler {
  std::function<WebAnswer(const WebRequest&)> answer;  ///< To GET and HEAD.
  std::function<void(std::size_t streams)> tick = {};  ///< Once a second, if not empty.
};

struct WebLimits {
  std::size_t connections = 64;          ///< Streams not counted.
  std::size_t streams = 32;              ///< More are answered 503.
  std::size_t waiting_bytes = 16 << 20;  ///< Of all answers that clients have not taken: beyond,
                                         ///< 503.
  std::chrono::milliseconds patience{10'000};  ///< For a whole request; for some of an answer.
  std::chrono::milliseconds idle{60'000};      ///< Between two requests.
  std::chrono::milliseconds stalled{60'000};   ///< A stream's client that takes nothing.
};

/// An HTTP/1.1 server for a few clients on a thread of its own, with no wait anywhere but in
/// poll(): a client that does not read costs what is in its buffer, and nobody's time. It only
/// gives: GET and HEAD, no body in a request. [docs/decisions/status-http.md]
class WebServer {
 public:
  /// Serves `listen` ("127.0.0.1:9556", "[::1]:0") until destroyed. `news` wakes the streams; it
  /// must outlive the server. kTransient if the port is in use; kBadConfig: no such address.
  static Result<std::unique_ptr<WebServer>> open(const std::string& listen, WebHandler handler,
                                                 const Bell& news, WebLimits limits = {});

  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;
  ~WebServer();

  int port() const;             ///< That it serves: useful after listening on port 0.
  std::size_t streams() const;  ///< Open now. Thread-safe.

 private:
  class Loop;
  explicit WebServer(std::unique_ptr<Loop> loop);
  const std::unique_ptr<Loop> loop_;
};

}  // namespace nutgraf
