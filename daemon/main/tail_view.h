#pragma once

#include <cstddef>
#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nutgraf::tool {

struct TailLook {
  std::size_t width = 80;  ///< Columns of the terminal; 0: lines are not wrapped.
  bool colour = false;
};

/// Messages of the wire as people read them: time, publisher, title, summary and link of a story;
/// an event with how far it has grown, what is new and where outlets disagree. A blank line between
/// messages, a line with the date when the day changes. Times are local.
///
/// What has just been shown is not shown again: an update has its changes and the summary only if
/// that has become another, an event the sentences that no story above it has had.
///
/// Everything shown came from the network, so it goes through printable().
class TailView {
 public:
  /// Text of one message, ending with a newline; empty if the body is no message.
  std::string message(std::string_view body, const TailLook& look);

  /// A line about the stream itself; wrapped, what follows is indented.
  static std::string notice(std::string_view text, const TailLook& look);

  /// One line, without its end: which pages of stories to come are waiting for which host, as the
  /// control socket answers {"cmd":"waiting"}. Empty if none is.
  static std::string waiting(const nlohmann::json& answer, const TailLook& look);

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
  std::vector<std::string> news(const nlohmann::json& fresh) const;
  bool was_shown(const std::string& text) const;
  void remember(const std::string& text);

  bool begun_ = false;
  std::string day_;
  std::unordered_map<std::string, Growth> events_;  // As last shown; the newest kEvents.
  std::deque<std::string> order_;
  std::deque<std::string> shown_;  // Summaries, the newest kShown.
};

}  // namespace nutgraf::tool
