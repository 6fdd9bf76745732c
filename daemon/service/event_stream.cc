#include "daemon/service/event_stream.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/model/topic.h"

namespace nutgraf {
namespace {

constexpr std::size_t kLongestEpoch = 64;

/// Clients that lost their connection come back after so long.
constexpr std::string_view kRetry = "retry: 2000\n";

std::string id_line(const LogCursor& cursor) {
  return "id: " + cursor.epoch + ":" + std::to_string(cursor.seq) + "\n";
}

/// One line of data each line: the client puts them together again with the same line ends.
void put_data(std::string& out, std::string_view text) {
  while (true) {
    const auto end = text.find('\n');
    out += "data: ";
    out += text.substr(0, end);
    out += '\n';
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  out += '\n';
}

}  // namespace

std::optional<LogCursor> parse_cursor(std::string_view text) {
  LogCursor cursor;
  if (const auto colon = text.rfind(':'); colon != std::string_view::npos) {
    const std::string_view epoch = text.substr(0, colon);
    if (epoch.empty() || epoch.size() > kLongestEpoch || !std::ranges::all_of(epoch, is_alnum)) {
      return std::nullopt;
    }
    cursor.epoch = epoch;
    text.remove_prefix(colon + 1);
  }
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, cursor.seq);
  if (error != std::errc() || stop != end || cursor.seq < 0) return std::nullopt;
  return cursor;
}

bool are_prefixes(const std::vector<std::string>& topics) {
  return topics.size() <= kMaxTopicPrefixes && std::ranges::all_of(topics, is_topic_prefix);
}

Result<std::unique_ptr<WebStream>> EventStream::open(const LogSource& log,
                                                     std::vector<std::string> topics,
                                                     std::optional<LogCursor> after) {
  const Result<Sequence> head = log.head();
  if (!head) return tl::unexpected(head.error());
  LogCursor cursor = after.value_or(LogCursor{log.epoch, *head});
  if (cursor.epoch.empty()) cursor.epoch = log.epoch;
  std::string greeting(kRetry);
  // Who begins live and hears nothing before the connection breaks goes on from here.
  if (cursor.epoch == log.epoch) greeting += id_line(cursor);
  greeting += "event: hello\n";
  put_data(greeting, log.hello(*head));
  return std::unique_ptr<WebStream>(
      new EventStream(log, std::move(topics), std::move(cursor), std::move(greeting)));
}

EventStream::EventStream(const LogSource& log, std::vector<std::string> topics, LogCursor cursor,
                         std::string greeting)
    : log_(log),
      topics_(std::move(topics)),
      cursor_(std::move(cursor)),
      greeting_(std::move(greeting)) {}

WebStream::Part EventStream::next(bool news, Monotonic now) {
  if (!greeting_.empty()) {
    last_ = now;
    return {.bytes = std::exchange(greeting_, {}), .more = true};
  }
  Part part;
  if (news) part = read();
  if (part.bytes.empty() && now - last_ >= kKeepAlive) {
    part.bytes = ": keep-alive\n" + id_line(cursor_) + "\n";
  }
  if (!part.bytes.empty()) last_ = now;
  return part;
}

WebStream::Part EventStream::read() {
  const Result<LogPiece> piece = log_.read(cursor_, topics_);
  if (!piece) return {.bytes = ": the store cannot be read just now\n\n", .end = true};
  Part part{.more = piece->more};
  if (!piece->refusal.empty()) {
    cursor_ = {log_.epoch, piece->floor - 1};
    part.bytes = id_line(cursor_) + "event: gap\n";
    put_data(part.bytes, "{\"type\":\"gap/1\",\"code\":\"" + piece->refusal + "\",\"epoch\":\"" +
                             log_.epoch + "\",\"floor\":" + std::to_string(piece->floor) + "}");
    part.more = true;
    return part;
  }
  for (const Publication& message : piece->messages) {
    part.bytes += id_line({cursor_.epoch, message.seq});
    put_data(part.bytes, message.body);
  }
  cursor_.seq = piece->next;
  return part;
}

}  // namespace nutgraf
