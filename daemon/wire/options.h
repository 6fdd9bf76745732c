#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace nutgraf {

/// Section [wire] of the configuration.
struct WireOptions {
  std::vector<std::string> live = {"tcp://127.0.0.1:5556"};  ///< Where stories are published.
  std::vector<std::string> sync = {"tcp://127.0.0.1:5557"};  ///< Where the log is served.

  /// The sync endpoint that `$hello` tells clients. Empty: the first of `sync` as bound, which is
  /// wrong only where that is a wildcard or a translated address.
  std::string advertise;

  /// File with the server's secret key, or name of a systemd credential: both sockets are encrypted
  /// with CURVE then, and only `clients` may connect. Empty: neither.
  std::string curve_key;

  /// Folder with a file for each client, NAME.toml: its public key and its topics.
  std::string clients;

  /// Permits endpoints that other machines can reach, although nothing is encrypted and everyone
  /// may read.
  bool insecure = false;

  /// Put a story's full text into its message (for whoever drafts messages; the wire sends what it
  /// is given).
  bool publish_text = false;

  /// Messages kept for a subscriber that does not read; more are dropped for it and it learns so
  /// from `prev` and `$hb`. 4,000 of 4 KB cost about 13 MiB, of 8 KB about 25 MiB.
  int send_hwm = 4000;

  std::chrono::milliseconds heartbeat{1000};

  friend bool operator==(const WireOptions&, const WireOptions&) = default;
};

}  // namespace nutgraf
