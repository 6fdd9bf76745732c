#include "daemon/fetch/conditional_get.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/url.h"

namespace nutgraf {

using std::chrono::seconds;

namespace {

/// Larger numbers mean "for ever"; a bound keeps the arithmetic on times sound.
constexpr std::int64_t kMostSeconds = 100LL * 365 * 24 * 3600;

/// A whole non-negative number; digits beyond the bound saturate.
std::optional<seconds> parse_seconds(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) number = kMostSeconds;
  return seconds(std::min(number, kMostSeconds));
}

seconds not_negative(Time::duration duration) {
  return std::max(seconds(0), std::chrono::floor<seconds>(duration));
}

}  // namespace

std::optional<seconds> parse_retry_after(std::string_view value, Time now) {
  value = trim(value);
  if (const auto number = parse_seconds(value)) return number;
  const std::optional<Time> date = parse_http_date(value);
  if (!date) return std::nullopt;
  return not_negative(*date - now);
}

std::optional<seconds> parse_max_age(std::string_view cache_control) {
  std::optional<seconds> age;
  while (!cache_control.empty()) {
    const std::size_t comma = std::min(cache_control.find(','), cache_control.size());
    const std::string_view directive = trim(cache_control.substr(0, comma));
    cache_control.remove_prefix(std::min(comma + 1, cache_control.size()));
    if (equals_ignoring_case(directive, "no-cache") || equals_ignoring_case(directive, "no-store"))
      return seconds(0);
    const std::size_t equals = directive.find('=');
    if (equals == std::string_view::npos) continue;
    if (!equals_ignoring_case(trim(directive.substr(0, equals)), "max-age")) continue;
    std::string_view number = trim(directive.substr(equals + 1));
    if (number.size() >= 2 && number.front() == '"' && number.back() == '"') {
      number = number.substr(1, number.size() - 2);
    }
    if (!age) age = parse_seconds(number);
  }
  return age;
}

void ResponseHead::read_line(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    begin_hop(trim(line));
    return;
  }
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  if (line.empty()) {
    end_hop();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  read_field(trim(line.substr(0, colon)), trim(line.substr(colon + 1)));
}

void ResponseHead::begin_hop(std::string_view status_line) {
  for (std::string* field :
       {&location_, &content_type_, &content_encoding_, &etag_, &last_modified_, &retry_after_,
        &cache_control_, &expires_, &date_, &age_}) {
    field->clear();
  }
  status_ = 0;
  complete_ = false;
  redirects_ = false;
  const std::size_t blank = status_line.find(' ');
  if (blank == std::string_view::npos) return;
  const std::string_view code = status_line.substr(blank + 1, 3);
  std::from_chars(code.data(), code.data() + code.size(), status_);
}

void ResponseHead::end_hop() {
  if (std::exchange(complete_, true)) return;  // The blank line after trailers.
  constexpr int kFollowed[] = {301, 302, 303, 307, 308};
  redirects_ = !location_.empty() && std::find(std::begin(kFollowed), std::end(kFollowed),
                                               status_) != std::end(kFollowed);
  if (!redirects_) return;
  url_ = resolve_url(url_, location_);
  const auto target = parse_url(url_);
  const bool web = target && (target->scheme == "http" || target->scheme == "https");
  only_permanent_ = only_permanent_ && web && (status_ == 301 || status_ == 308);
  if (only_permanent_) permanent_url_ = url_;
}

void ResponseHead::read_field(std::string_view name, std::string_view value) {
  const std::pair<std::string_view, std::string*> fields[] = {
      {"location", &location_},
      {"content-type", &content_type_},
      {"etag", &etag_},
      {"last-modified", &last_modified_},
      {"retry-after", &retry_after_},
      {"expires", &expires_},
      {"date", &date_},
      {"age", &age_},
  };
  for (const auto& [known, field] : fields) {
    if (equals_ignoring_case(name, known)) field->assign(value);
  }
  // Lists: several lines are one [RFC 9110, section 5.3].
  const std::pair<std::string_view, std::string*> lists[] = {
      {"cache-control", &cache_control_},
      {"content-encoding", &content_encoding_},
  };
  for (const auto& [known, list] : lists) {
    if (!equals_ignoring_case(name, known)) continue;
    if (!list->empty()) *list += ',';
    list->append(value);
  }
}

std::optional<seconds> ResponseHead::retry_after(Time now) const {
  if (retry_after_.empty()) return std::nullopt;
  return parse_retry_after(retry_after_, now);
}

std::optional<seconds> ResponseHead::max_age(Time now) const {
  if (const auto age = parse_max_age(cache_control_)) {
    const seconds left = *age - parse_seconds(age_).value_or(seconds(0));
    return left > seconds(0) ? std::optional(left) : std::nullopt;
  }
  const std::optional<Time> expires = parse_http_date(expires_);
  if (!expires) return std::nullopt;
  const seconds age = not_negative(*expires - parse_http_date(date_).value_or(now));
  return age > seconds(0) ? std::optional(age) : std::nullopt;
}

}  // namespace nutgraf
