#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/date.h"

namespace nutgraf {

/// What the header lines of an exchange say, redirects included: fed line by line as they arrive,
/// it holds at any time what is true of the newest hop.
///
/// Validators are byte-exact but for the white space around a field value, which is not part of it
/// [RFC 9110, section 5.5].
class ResponseHead {
 public:
  explicit ResponseHead(std::string url) : url_(url), permanent_url_(std::move(url)) {}

  /// One line as received, with or without its line end. A status line forgets the fields of the
  /// hop before; interim (1xx) responses leave nothing behind.
  void read_line(std::string_view line);

  int status() const { return status_; }
  /// Whether the blank line after the newest hop's fields has come. A connection that closes before
  /// it is no response, whatever the status line said.
  bool complete() const { return complete_; }
  /// Whether the newest hop says where to go on: 301, 302, 303, 307 or 308 with a Location.
  bool redirects() const { return redirects_; }
  /// Where following 301 and 308 alone has led: the request's URL until the first of them, and no
  /// further than the first 302, 303 or 307, or the first target that is no http(s) URL.
  const std::string& permanent_url() const { return permanent_url_; }
  /// Its Location as received; it has been followed then and redirects() no more.
  std::string take_location() {
    redirects_ = false;
    return std::exchange(location_, {});
  }
  const std::string& content_type() const { return content_type_; }
  const std::string& content_encoding() const { return content_encoding_; }
  const std::string& etag() const { return etag_; }
  const std::string& last_modified() const { return last_modified_; }

  /// Not negative, not clamped. `now` counts for the date form.
  std::optional<std::chrono::seconds> retry_after(Time now) const;
  /// For how long the answer stays fresh: Cache-Control max-age, less the Age it came with; without
  /// max-age Expires less Date (or less `now`). Nothing if the response is not to be stored or
  /// reused, or is stale already. [RFC 9111, section 4.2]
  std::optional<std::chrono::seconds> max_age(Time now) const;

 private:
  void begin_hop(std::string_view status_line);
  void end_hop();
  void read_field(std::string_view name, std::string_view value);

  std::string url_;  // Of the hop.
  std::string permanent_url_;
  bool only_permanent_ = true;
  int status_ = 0;
  bool complete_ = false;
  bool redirects_ = false;
  std::string location_;
  std::string content_type_;
  std::string content_encoding_;
  std::string etag_;
  std::string last_modified_;
  std::string retry_after_;
  std::string cache_control_;
  std::string expires_;
  std::string date_;
  std::string age_;
};

/// Retry-After: seconds or an HTTP-date [RFC 9110, section 10.2.3]; nullopt if it is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, Time now);

/// max-age of a Cache-Control header [RFC 9111, section 5.2]; 0 with no-cache or no-store.
std::optional<std::chrono::seconds> parse_max_age(std::string_view cache_control);

}  // namespace nutgraf
