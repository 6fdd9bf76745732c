#pragma once

#include "daemon/base/bounded_queue.h"
#include "daemon/base/clock.h"
#include "daemon/fetcher/in_flight.h"
#include "daemon/fetcher/options.h"
#include "daemon/fetcher/releases.h"
#include "daemon/fetcher/sites.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/job.h"
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
