#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "daemon/base/date.h"

namespace nutgraf::tool {

struct FeedsLook {
  std::size_t width = 0;  ///< Columns; 0: no limit.
  bool colour = false;
  Time now{};  ///< Times are shown relative to it.
};

// The daemon's answer to {"cmd":"feeds"} [service/control.h] for a person to read. Pure; throws
// what nlohmann::json throws if the answer is not of that form.

/// A line a feed, in the answer's order. Columns that are empty for all are left out, and, where
/// the terminal is too narrow, those that can best be done without.
std::string feeds_table(const nlohmann::json& answer, const FeedsLook& look);

/// Everything about each feed of the answer, with the items that were given up on.
std::string feeds_detail(const nlohmann::json& answer, const FeedsLook& look);

/// What came of {"cmd":verb}, "pause", "resume", "poll-now" or "reset": a line a feed.
std::string feeds_done(std::string_view verb, const nlohmann::json& answer);

}  // namespace nutgraf::tool
