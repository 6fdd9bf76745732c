#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// What one site's robots.txt says to us [RFC 9309]. A value: parse once, ask often.
struct RobotsRules {
  struct Rule {
    std::string pattern;  ///< Percent-encoding normalized; '*' and a final '$' are special.
    bool allow = false;
  };
  std::vector<Rule> rules;
  std::optional<std::chrono::seconds> crawl_delay;  ///< Not in the RFC, but widely written.
};

/// More of the file is ignored, as the RFC permits.
inline constexpr std::size_t kMaxRobotsBytes = 500 << 10;

/// The rules for `product` (our token, e.g. "nutgraf"; compared without case): of all groups that
/// name it, else of the groups for '*'. Never fails: lines that are no rules are skipped. Linear.
RobotsRules parse_robots(std::string_view text, std::string_view product);

/// Whether the page may be fetched: the longest matching pattern decides, allow wins a tie, no
/// match allows. `target`: path and query of the URL ("/a?b=c"); /robots.txt is always allowed.
bool robots_allow(const RobotsRules& rules, std::string_view target);

/// What to do without a readable robots.txt [RFC 9309, section 2.3.1]: a 4xx allows everything, a
/// 5xx or an unreachable site (status 0) nothing for now.
bool robots_allow_by_status(int status);

}  // namespace nutgraf
