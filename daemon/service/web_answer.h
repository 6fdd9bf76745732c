#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"

namespace nutgraf {

/// A body without an end: what has happened since it was last asked.
class WebStream {
 public:
  struct Part {
    std::string bytes;
    bool more = false;  ///< Ask again at once: there is more to look at.
    bool end = false;   ///< Nothing will follow: send the bytes, close.
  };
  virtual ~WebStream() = default;

  /// The next bytes; none if nothing is due. Called only when the client has taken all before, once
  /// a second, and (`news`) after the server's bell has rung. Should be quick: all clients wait.
  virtual Part next(bool news, Monotonic now) = 0;
};

struct WebAnswer {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< Besides those of all answers.
  std::unique_ptr<WebStream> stream;                         ///< Follows the body, if not null.
};

/// One line of text.
WebAnswer text_answer(int status, const std::string& line);

/// Status line and headers as they are sent, with the empty line. An answer with a stream has no
/// length: its body lasts until the connection closes.
std::string head_of(const WebAnswer& answer, bool close);

}  // namespace nutgraf
