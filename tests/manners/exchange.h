#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/date.h"

namespace nutgraf {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Value of the first header of that name, case-blind; nullopt if there is none.
std::optional<std::string> header_of(const Headers& headers, std::string_view name);

/// What a document asks for in its own text.
struct Asks {
  std::chrono::seconds interval{0};  ///< ttl, sy:updatePeriod.
  std::uint32_t skip_hours = 0;      ///< As in FeedState.
  std::uint32_t skip_days = 0;
};

/// One line of a server's log: what came, and what was answered.
struct Exchange {
  enum class Kind { kFeed, kPage, kRobots, kUnknown };

  Time at{};
  std::string host;
  std::string method = "GET";
  std::string target;
  Headers headers;
  Kind kind = Kind::kUnknown;  ///< kUnknown: nobody ever named this path to the client.
  std::string feed;            ///< Whose it is; also of the pages, and of a redirect's target.
  int status = 200;
  Headers answer;
  Asks asks;
  bool torn = false;  ///< The document was cut off.
};

}  // namespace nutgraf
