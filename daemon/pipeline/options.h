#pragma once

#include <cstddef>

#include "daemon/event/options.h"
#include "daemon/model/feed.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// What the workers do to a job.
struct WorkOptions {
  FullText full_text = FullText::kAuto;  ///< For feeds that say "auto".
  summarizer::Options summary;
  EventSummaryOptions event;
  std::size_t max_items = 2000;  ///< Of one document; the rest is not looked at.
  bool learn_furniture = true;   ///< Lines that were learned to be furniture are left out.
};

}  // namespace nutgraf
