#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/base/date.h"

namespace nutgraf {

/// A line that was learned to be a feed's furniture.
struct FurnitureLine {
  std::uint64_t line = 0;    ///< Hash of the line as daemon/article/edge_lines.h folds it.
  Time since{};              ///< When it was learned.
  Time until = Time::max();  ///< When it was no longer believed; max: it still is.
  std::string text;          ///< As last seen when it was learned, cut; empty in a Job.

  /// An item is judged by what was known before it was first seen, so that it does not matter when
  /// it is worked on, how often, and by which process.
  bool concerns(Time first_seen) const { return since < first_seen && first_seen <= until; }

  friend bool operator==(const FurnitureLine&, const FurnitureLine&) = default;
};

/// What was learned of one feed. Never changed: the next one has a higher version.
struct Furniture {
  std::int64_t version = 0;  ///< 0: nothing was ever learned.
  std::vector<FurnitureLine> lines;

  friend bool operator==(const Furniture&, const Furniture&) = default;
};

}  // namespace nutgraf
