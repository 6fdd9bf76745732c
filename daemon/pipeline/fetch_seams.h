#pragma once

#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/in_flight.h"
#include "daemon/pipeline/job.h"
#include "daemon/pipeline/options.h"
#include "daemon/pipeline/releases.h"
#include "daemon/pipeline/sites.h"
#include "daemon/service/metrics.h"
#include "daemon/store/work_store.h"

namespace nutgraf {

/// What the parts of the fetcher share. All of it outlives them.
struct FetchSeams {
  WorkStore& store;
  const Clock& clock;
  BoundedQueue<Outcome>& outcomes;
  Metrics& metrics;
  FeedBook& book;
  const FetchOptions& options;  ///< Changes between rounds.
  Sites& sites;
  InFlight& in_flight;
  Releases& releases;
};

}  // namespace nutgraf
