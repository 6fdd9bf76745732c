#include "daemon/fetch/robots.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "daemon/base/ascii.h"

namespace nutgraf {

namespace {

/// Bounds on what a hostile file makes every look-up cost.
constexpr std::size_t kMaxRules = 5'000;
constexpr std::size_t kMaxPattern = 1'024;
constexpr std::size_t kMaxTarget = 2'048;
constexpr std::chrono::seconds kMostDelay{3'600};

void append_encoded(std::string& out, unsigned char c) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += '%';
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

/// One spelling for equal octets: unreserved ones plain, others that were encoded or are not ASCII
/// as %XX. [RFC 9309, section 2.2.2]
std::string normalized(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    const bool encoded = c == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                         hex_value(text[i + 2]) >= 0;
    if (encoded) {
      c = static_cast<unsigned char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    }
    if ((encoded && !is_unreserved(static_cast<char>(c))) || c >= 0x80) {
      append_encoded(out, c);
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

/// Greedy from star to star: each piece at its first place after the one before; the last piece of
/// a pattern with '$' at the very end.
bool matches(std::string_view pattern, std::string_view target) {
  const bool anchored = !pattern.empty() && pattern.back() == '$';
  if (anchored) pattern.remove_suffix(1);
  std::size_t star = std::min(pattern.find('*'), pattern.size());
  if (!target.starts_with(pattern.substr(0, star))) return false;
  target.remove_prefix(star);
  if (star == pattern.size()) return !anchored || target.empty();
  for (;;) {
    pattern.remove_prefix(star + 1);
    star = std::min(pattern.find('*'), pattern.size());
    const std::string_view piece = pattern.substr(0, star);
    if (star == pattern.size() && anchored) return target.ends_with(piece);
    const std::size_t at = target.find(piece);
    if (at == std::string_view::npos) return false;
    if (star == pattern.size()) return true;
    target.remove_prefix(at + piece.size());
  }
}

/// The product token of a user-agent line ("Foo-Bar/1.0" names "foo-bar"). [RFC 9309, 2.2.1]
std::string token_of(std::string_view value) {
  if (value.starts_with('*')) return "*";
  const auto end = std::find_if(value.begin(), value.end(),
                                [](char c) { return !(is_alpha(c) || c == '-' || c == '_'); });
  return to_lower(value.substr(0, static_cast<std::size_t>(end - value.begin())));
}

/// Reads the lines and keeps the groups that concern us, ours and everybody's apart.
class RobotsReader {
 public:
  explicit RobotsReader(std::string_view product) : product_(to_lower(product)) {}

  void read_line(std::string_view line) {
    line = trim(line.substr(0, line.find('#')));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string key = to_lower(trim(line.substr(0, colon)));
    const std::string_view value = trim(line.substr(colon + 1));
    if (key == "user-agent") {
      read_agent(value);
    } else if (key == "allow" || key == "disallow") {
      in_rules_ = true;
      read_rule(value, key == "allow");
    } else if (key == "crawl-delay") {
      in_rules_ = true;
      read_delay(value);
    }
  }

  RobotsRules take() && { return named_ ? std::move(ours_) : std::move(all_); }

 private:
  void read_agent(std::string_view value) {
    if (std::exchange(in_rules_, false)) for_us_ = for_all_ = false;
    const std::string token = token_of(value);
    if (token == "*") for_all_ = true;
    if (!token.empty() && token == product_) for_us_ = named_ = true;
  }

  void read_rule(std::string_view value, bool allow) {
    if (value.empty() || value.size() > kMaxPattern) return;
    for (RobotsRules* group : groups()) {
      if (group != nullptr && group->rules.size() < kMaxRules) {
        group->rules.push_back({normalized(value), allow});
      }
    }
  }

  void read_delay(std::string_view value) {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || !(number >= 0)) return;
    const double most = static_cast<double>(kMostDelay.count());
    const std::chrono::seconds delay(static_cast<long>(std::min(number, most) + 0.999));
    for (RobotsRules* group : groups()) {
      if (group != nullptr)
        group->crawl_delay = std::max(group->crawl_delay.value_or(delay), delay);
    }
  }

  std::array<RobotsRules*, 2> groups() {
    return {for_us_ ? &ours_ : nullptr, for_all_ ? &all_ : nullptr};
  }

  const std::string product_;
  RobotsRules ours_;
  RobotsRules all_;
  bool for_us_ = false;
  bool for_all_ = false;
  bool named_ = false;
  bool in_rules_ = false;
};

}  // namespace

RobotsRules parse_robots(std::string_view text, std::string_view product) {
  text = text.substr(0, kMaxRobotsBytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  RobotsReader reader(product);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    reader.read_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return std::move(reader).take();
}

bool robots_allow(const RobotsRules& rules, std::string_view target) {
  const std::string path = normalized(target.substr(0, kMaxTarget));
  if (path == "/robots.txt") return true;
  std::size_t longest = 0;
  bool allow = true;
  for (const RobotsRules::Rule& rule : rules.rules) {
    const std::size_t length = rule.pattern.size();
    const bool decides = length > longest || (length == longest && rule.allow && !allow);
    if (!decides || !matches(rule.pattern, path)) continue;
    longest = length;
    allow = rule.allow;
  }
  return allow;
}

bool robots_allow_by_status(int status) { return status != 0 && status < 500; }

}  // namespace nutgraf
