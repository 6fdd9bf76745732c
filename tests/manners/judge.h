#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/manners/exchange.h"

namespace nutgraf {

/// What a guest did wrong, and when.
struct Mark {
  std::string feed;
  std::string what;
  Time at{};
};

struct Manners {
  std::chrono::seconds min_interval{300};   ///< Between two polls of a feed, whoever asks for less.
  std::chrono::seconds spacing{5};          ///< Between two requests to a host.
  std::chrono::seconds longest{26 * 3600};  ///< A feed that waits longer is forgotten.
  std::chrono::hours refresh{48};           ///< Between two polls without validators.
  std::chrono::hours trust{24};             ///< Before a permanent redirect is believed,
  int trust_after = 3;                      ///< and so many equal answers.
  std::chrono::hours learn{5 * 24};  ///< After so long a permanent redirect should be believed.
  std::map<std::string, std::vector<std::string>> disallowed;  ///< Path prefixes, by host.
};

/// The score sheet of a guest, from the servers' logs alone, in the order of time: the model is
/// Rachel Kroll's feed reader score project. Pure. What counts as a mark:
///
///   form      another method than GET; a path or a query nobody named; Cookie, Referer,
///             Authorization; no User-Agent, or another one; gzip not accepted
///   sequence  If-None-Match or If-Modified-Since made up, changed, or outdated; validators at hand
///             and not sent, more often than now and then
///   pace      a poll sooner than max-age less Age, Expires, Retry-After, ttl, sy, skipHours,
///             skipDays or the least interval allow, or without backing off from errors; a host
///             asked twice at once; a feed forgotten
///   redirects a temporary one taken for permanent, a permanent one believed at once or never
///   end       a 410 asked again within a month
///   pages     fetched twice, before robots.txt or against it; robots.txt more than once a day
std::vector<Mark> judge(const std::vector<Exchange>& log, const Manners& manners, Time end);

/// The sheet as a table: a line a feed, then the marks.
std::string score_sheet(const std::vector<Exchange>& log, const std::vector<Mark>& marks);

}  // namespace nutgraf
