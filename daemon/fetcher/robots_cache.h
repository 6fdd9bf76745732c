#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>

#include "daemon/base/clock.h"
#include "daemon/fetch/http_client.h"
#include "daemon/fetch/robots.h"

namespace nutgraf {

enum class RobotsAnswer {
  kUnknown,  ///< robots.txt has to be fetched first.
  kAllowed,
  kDisallowed,
  kUnreachable,  ///< It could not be read just now, which means "no" for the time being.
};

/// The robots.txt of the sites whose pages are fetched, each kept for a day [RFC 9309,
/// section 2.4].
///
/// Fetcher thread only. At most kMaxSites sites; the oldest answers go first.
class RobotsCache {
 public:
  static constexpr std::size_t kMaxSites = 10'000;
  static constexpr std::chrono::hours kKeep{24};
  /// A site whose robots.txt could not be read is asked again soon: until then it says "no".
  static constexpr std::chrono::minutes kKeepFailure{10};

  /// A longer Crawl-delay means "go away", for which there is Disallow: a feed of thirty items
  /// would take half an hour as it is.
  static constexpr std::chrono::seconds kMostDelay{60};

  explicit RobotsCache(std::string product) : product_(std::move(product)) {}

  RobotsAnswer ask(const std::string& page_url, Monotonic now) const;

  /// How far apart the site wants its pages to be asked for, at most kMostDelay; 0 if it does not
  /// say.
  std::chrono::seconds crawl_delay(const std::string& page_url, Monotonic now) const;

  /// What a site answered when asked for its robots.txt.
  void store(const std::string& origin, const HttpResponse& response, Monotonic now);

  /// An answer that a process before this one had: known until `expires`.
  void restore(const std::string& origin, int status, std::string_view body, Monotonic expires);

 private:
  struct Site {
    RobotsRules rules;
    int status = 0;
    Monotonic expires{};
  };

  /// Null: not known, or no longer.
  const Site* find(const std::string& origin, Monotonic now) const;

  const std::string product_;
  std::unordered_map<std::string, Site> sites_;
  std::deque<std::string> order_;  // By when they were stored.
};

}  // namespace nutgraf
