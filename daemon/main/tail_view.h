#pragma once

#include <cstddef>
#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nutgraf::tool {

struct TailLook {
  std::size_t width = 80;  ///< Columns of the terminal; 0: lines are not wrapped.
  bool colour = false;
};

/// Messages of the wire as people read them: time, publisher, title, summary and link of a story;
/// an event with how far it has grown, what is new and where outlets disagree. A line with the date
/// when the day changes. Times are local.
///
/// Everything shown came from the network, so it goes through printable().
class TailView {
 public:
  /// Text of one message, ending with a newline; empty if the body is no message.
  std::string message(std::string_view body, const TailLook& look);

  /// A line about the stream itself.
  static std::string notice(std::string_view text, const TailLook& look);

 private:
  struct Growth {
    int size = 0;
    int independent = 0;
  };
  std::string story(const nlohmann::json& message, const TailLook& look);
  std::string event(const nlohmann::json& message, const TailLook& look);
  std::string feed(const nlohmann::json& message, const TailLook& look);
  std::string day_line(const nlohmann::json& message, const TailLook& look);
  std::string growth(const nlohmann::json& event);

  std::string day_;
  std::unordered_map<std::string, Growth> events_;  // As last shown; the newest kEvents.
  std::deque<std::string> order_;
};

}  // namespace nutgraf::tool
