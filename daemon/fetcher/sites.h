#pragma once

#include <chrono>
#include <string>

#include "daemon/base/clock.h"
#include "daemon/base/result.h"
#include "daemon/fetch/http_client.h"
#include "daemon/fetcher/options.h"
#include "daemon/fetcher/robots_cache.h"
#include "daemon/poll/host_manners.h"
#include "daemon/poll/poller.h"
#include "daemon/store/work_store.h"

namespace nutgraf {

/// What holds for longer than a request: robots.txt, hosts that want to be left alone, a network
/// that is down. What a site has asked for is noted in the store, and holds after a restart too.
///
/// Fetcher thread only.
class Sites {
 public:
  Sites(WorkStore& store, const Clock& clock, const FetchOptions& options)
      : store_(store), clock_(clock), manners_(options.poll), robots_("nutgraf") {}

  HostManners& manners() { return manners_; }
  const RobotsCache& robots() const { return robots_; }

  /// Reads the notes.
  Result<void> restore();

  /// What an answer, or that there was none, tells of the host and of the network. True: the
  /// network was down, and is back.
  bool learn(const std::string& host, const HttpResponse& response);

  /// What an origin answered when asked for its robots.txt.
  void put_robots(const std::string& origin, const HttpResponse& response);

  /// Whether whoever does not answer now is not to blame.
  bool network_down() const { return network_.down(clock_.monotonic()); }

 private:
  void note_silence(const std::string& host, const HttpResponse& response);
  void note(std::string name, std::string text, std::chrono::seconds length);

  WorkStore& store_;
  const Clock& clock_;
  NetworkWatch network_;
  HostManners manners_;
  RobotsCache robots_;
};

}  // namespace nutgraf
