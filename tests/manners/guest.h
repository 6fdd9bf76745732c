#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "tests/support/house.h"

namespace nutgraf {

/// The daemon from socket to store on a clock that is moved: real transfers by libcurl, the real
/// fetcher, worker, desk and SQLite file; only the ZeroMQ sockets are left out.
///
/// The clock stands still while anything is under way, and is moved on when all threads wait for
/// time to pass. So a week takes as long as its work takes, and every time in a server's log is the
/// time that the daemon thought it was.
class Guest {
 public:
  /// `store`: kept between the lives of the daemon.
  Guest(Config config, std::filesystem::path store, ManualClock& clock);

  /// One life of the process: starts, runs until `end`, stops in good order.
  void live_until(Time end);

  /// Bodies of all messages so far.
  std::vector<std::string> sent() const { return sent_.bodies(); }
  /// As the store has them, between two lives.
  std::vector<FeedState> feed_states() const;

  const Config& config() const { return config_; }

 private:
  const Config config_;
  const std::filesystem::path store_;
  ManualClock& clock_;
  Sent sent_;
};

}  // namespace nutgraf
