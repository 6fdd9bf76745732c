#include "daemon/fetch/conditional_get.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "daemon/base/url.h"

namespace nutgraf {

using std::chrono::seconds;

namespace {

/// Larger numbers mean "for ever"; a bound keeps the arithmetic on times sound.
constexpr std::int64_t kMostSeconds = 100LL * 365 * 24 * 3600;

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equal_fold(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

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
  value = trimmed(value);
  if (const auto number = parse_seconds(value)) return number;
  const std::optional<Time> date = parse_http_date(value);
  if (!date) return std::nullopt;
  return not_negative(*date - now);
}

std::optional<seconds> parse_max_age(std::string_view cache_control) {
  std::optional<seconds> age;
  while (!cache_control.empty()) {
    const std::size_t comma = std::min(cache_control.find(','), cache_control.size());
    const std::string_view directive = trimmed(cache_control.substr(0, comma));
    cache_control.remove_prefix(std::min(comma + 1, cache_control.size()));
    if (equal_fold(directive, "no-cache") || equal_fold(directive, "no-store")) return seconds(0);
    const std::size_t equals = directive.find('=');
    if (equals == std::string_view::npos) continue;
    if (!equal_fold(trimmed(directive.substr(0, equals)), "max-age")) continue;
    std::string_view number = trimmed(directive.substr(equals + 1));
    if (number.size() >= 2 && number.front() == '"' && number.back() == '"') {
      number = number.substr(1, number.size() - 2);
    }
    if (!age) age = parse_seconds(number);
  }
  return age;
}

void ResponseHead::read_line(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    begin_hop(trimmed(line));
    return;
  }
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  if (line.empty()) {
    end_hop();
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  read_field(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
}

void ResponseHead::begin_hop(std::string_view status_line) {
  for (std::string* field : {&location_, &content_type_, &content_encoding_, &etag_,
                             &last_modified_, &retry_after_, &cache_control_, &expires_, &date_}) {
    field->clear();
  }
  status_ = 0;
  complete_ = false;
  const std::size_t blank = status_line.find(' ');
  if (blank == std::string_view::npos) return;
  const std::string_view code = status_line.substr(blank + 1, 3);
  std::from_chars(code.data(), code.data() + code.size(), status_);
}

void ResponseHead::end_hop() {
  complete_ = true;
  if (location_.empty() || status_ < 300 || status_ >= 400 || status_ == 304) return;
  url_ = resolve_url(url_, location_);
  const auto target = parse_url(url_);
  const bool web = target && (target->scheme == "http" || target->scheme == "https");
  only_permanent_ = only_permanent_ && web && (status_ == 301 || status_ == 308);
  if (only_permanent_) permanent_url_ = url_;
  location_.clear();
}

void ResponseHead::read_field(std::string_view name, std::string_view value) {
  const std::pair<std::string_view, std::string*> fields[] = {
      {"location", &location_},
      {"content-type", &content_type_},
      {"content-encoding", &content_encoding_},
      {"etag", &etag_},
      {"last-modified", &last_modified_},
      {"retry-after", &retry_after_},
      {"expires", &expires_},
      {"date", &date_},
  };
  for (const auto& [known, field] : fields) {
    if (equal_fold(name, known)) field->assign(value);
  }
  if (equal_fold(name, "cache-control")) {
    if (!cache_control_.empty()) cache_control_ += ',';
    cache_control_.append(value);
  }
}

std::optional<seconds> ResponseHead::retry_after(Time now) const {
  if (retry_after_.empty()) return std::nullopt;
  return parse_retry_after(retry_after_, now);
}

std::optional<seconds> ResponseHead::max_age(Time now) const {
  if (const auto age = parse_max_age(cache_control_)) {
    return *age > seconds(0) ? age : std::nullopt;
  }
  const std::optional<Time> expires = parse_http_date(expires_);
  if (!expires) return std::nullopt;
  const seconds age = not_negative(*expires - parse_http_date(date_).value_or(now));
  return age > seconds(0) ? std::optional(age) : std::nullopt;
}

}  // namespace nutgraf
