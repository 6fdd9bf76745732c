#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/model/event.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// A report as conflicts are looked for in it.
struct Testimony {
  const summarizer::Analysis* analysis = nullptr;
  std::string_view publisher;
  std::size_t source = 0;  ///< Independent source (event/independence.h).
  Time time{};
};

/// Where independent sources disagree on how many were killed, injured, arrested, missing or
/// rescued. English only. One figure a report and matter: the first it gives. Figures agree if they
/// are equal, if one is hedged ("about") and within 10 %, if "at least N" meets up to 1.5 N, or if
/// they are equal when rounded as coarsely as the rounder. Reports over 12 hours apart disagree
/// because the count changed, and sentences that share little speak of different things: no
/// conflict. Precision before recall. At most `most`.
std::vector<Conflict> find_conflicts(const std::vector<Testimony>& reports, std::size_t most);

/// A count of people that a sentence gives.
struct RoleCount {
  std::string role;  ///< "killed", "injured", "arrested", "missing", "rescued".
  double value = 0;
  bool at_least = false;
  bool hedged = false;
};
std::vector<RoleCount> role_counts(std::string_view sentence);

/// Whether two counts can both be true as they are worded.
bool agree(const RoleCount& a, const RoleCount& b);

}  // namespace nutgraf
