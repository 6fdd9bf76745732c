#include "daemon/base/date.h"
#include "daemon/fetch/conditional_get.h"
#include "daemon/fetch/content_decoder.h"
#include "daemon/fetch/robots.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

constexpr Time kNow{std::chrono::seconds(1'795'000'000)};
constexpr std::size_t kLimit = 1 << 16;

void check_robots(std::string_view target, std::string_view text) {
  const RobotsRules rules = parse_robots(text, "nutgraf");
  require(robots_allow(rules, "/robots.txt"), "robots.txt itself is forbidden");
  require(robots_allow({}, target), "forbidden without a rule");
  robots_allow(rules, target);
  for (const RobotsRules::Rule& rule : rules.rules) robots_allow(rules, rule.pattern);
  if (rules.crawl_delay) {
    require(rules.crawl_delay->count() >= 0 && rules.crawl_delay <= std::chrono::hours(1),
            "no crawl delay");
  }
}

void check_seconds(const std::optional<std::chrono::seconds>& value) {
  require(!value || value->count() >= 0, "a negative time to wait");
}

void check_head(std::string_view lines) {
  ResponseHead head("https://news.example/feed");
  while (!lines.empty()) {
    const auto [line, rest] = first_line(lines);
    head.read_line(line);
    lines = rest;
  }
  check_seconds(head.retry_after(kNow));
  check_seconds(head.max_age(kNow));
  require(head.permanent_url().starts_with("http"), "a redirect to no page");
}

struct Decoded {
  std::string body;
  bool sound = true;
  bool finished = false;
};

Decoded decode(std::string_view coding, std::string_view bytes, std::size_t step) {
  Decoded out;
  const auto decoder = ContentDecoder::create(coding);
  if (!decoder) {
    require_malformed(decoder.error());
    return {.body = {}, .sound = false};
  }
  for (std::size_t at = 0; at < bytes.size() && out.sound; at += step) {
    out.sound = (*decoder)->decode(bytes.substr(at, step), out.body, kLimit).has_value();
    require(out.body.size() <= kLimit, "a body above the limit");
  }
  out.finished = (*decoder)->finished();
  return out;
}

/// How the bytes arrive makes no difference.
void check_decoder(std::string_view coding, std::string_view bytes) {
  const Decoded whole = decode(coding, bytes, bytes.size() + 1);
  const Decoded parts = decode(coding, bytes, 7);
  require(whole.sound == parts.sound, "decoding in parts fails otherwise");
  if (!whole.sound) return;
  require(whole.body == parts.body && whole.finished == parts.finished, "parts decode otherwise");
}

}  // namespace

void fetch(std::string_view bytes) {
  const auto [line, rest] = first_line(bytes);
  check_robots(line, rest);
  check_head(bytes);
  check_seconds(parse_retry_after(line, kNow));
  check_seconds(parse_max_age(line));
  for (const std::string_view coding : {line, std::string_view("gzip"), std::string_view("br")}) {
    check_decoder(coding, rest);
  }
}

}  // namespace nutgraf::fuzz
