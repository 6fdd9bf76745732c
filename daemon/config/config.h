#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/dedup/options.h"
#include "daemon/event/options.h"
#include "daemon/model/feed.h"
#include "daemon/poll/options.h"
#include "daemon/wire/options.h"

namespace nutgraf {

/// [store]: where the state is kept, and for how long.
struct StoreConfig {
  std::string path = "/var/lib/nutgraf/nutgraf.db";  ///< Loading: in $STATE_DIRECTORY if set.
  /// File of the high-water mark. Empty: beside the store; loading: in $CACHE_DIRECTORY if set.
  std::string high_water;
  std::chrono::seconds log_age = std::chrono::days(7);  ///< Messages that can be fetched again.
  std::int64_t log_count = 2'000'000;
  std::uint64_t log_bytes = std::uint64_t{4} << 30;
  std::chrono::seconds stories_age = std::chrono::days(14);     ///< Stories and their fingerprints.
  std::chrono::seconds items_age = std::chrono::days(60);       ///< Tombstones, since last seen.
  std::chrono::seconds prune_every = std::chrono::minutes(10);  ///< Of what is past the limits.
  /// With less room than that on its disk nothing new is taken; what is there is served.
  std::uint64_t min_free = std::uint64_t{64} << 20;
};

/// Whether the status port shows what is published. kAuto: where only this machine can reach it.
enum class Mirror { kAuto, kOn, kOff };

/// [status]: the HTTP port for monitoring, its page, and the log over HTTP.
struct StatusConfig {
  std::string listen = "127.0.0.1:9556";  ///< host:port; empty: off.
  std::vector<std::string> hosts;         ///< Names in Host that are answered, besides our own.
  Mirror mirror = Mirror::kAuto;
  int streams = 32;  ///< Of the log over HTTP, at a time.

  friend bool operator==(const StatusConfig&, const StatusConfig&) = default;
};

/// [control]: the socket of `nutgraf status`, `feeds`, ….
struct ControlConfig {
  std::string path;  ///< Empty: see control_path().
};

/// [log]
struct LogConfig {
  std::string level = "info";  ///< trace, debug, info, warn, error.
};

/// [fetch]: limits of every transfer.
struct FetchConfig {
  FullText full_text = FullText::kAuto;
  std::uint64_t max_body = std::uint64_t{8} << 20;  ///< Bytes after decompression.
  std::string user_agent = "nutgraf/0.1 (news reader; unattended)";
  std::string proxy;  ///< Of feeds that name none; empty: none. As FeedAccess::proxy.
  bool robots = true;
  std::chrono::milliseconds timeout = std::chrono::seconds(30);
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);
  int max_redirects = 6;
  int concurrency = 64;
  std::uint64_t memory = std::uint64_t{64} << 20;  ///< Bytes of all bodies in flight.
  /// A story whose page cannot be had for so long is published from the feed's teaser.
  std::chrono::seconds publish_teaser_after = std::chrono::hours(6);
  /// So long after a story was published its page is looked at again, while its event is open.
  std::vector<std::chrono::seconds> recheck;
};

/// [pipeline]
struct PipelineConfig {
  int workers = 0;  ///< 0: one fewer than there are cores, at least one.
  bool learn_furniture = true;
};

/// [summary]: of a story.
struct SummaryConfig {
  std::string method = "nutgraf";  ///< nutgraf, textrank, lexrank.
  int sentences = 3;
  int words = 0;  ///< If not 0, the budget instead of `sentences`.
};

/// Everything that an operator can say. The defaults here are the defaults: config/nutgraf.toml
/// documents them, and a test holds the two equal.
struct Config {
  StoreConfig store;
  WireOptions wire;
  StatusConfig status;
  ControlConfig control;
  LogConfig log;
  PollOptions poll;  ///< [poll], [[host]] as poll.hosts, and [health] as poll.health.
  FetchConfig fetch;
  PipelineConfig pipeline;
  SummaryConfig summary;
  DedupOptions dedup;
  EventOptions event;
  EventSummaryOptions event_summary;  ///< Its sentences are [event] sentences.
  std::vector<FeedSource> feeds;  ///< Complete: ids, names and publishers filled in, rules checked.

  /// Where each value that is not a default was read: "poll.interval" -> "nutgraf.toml:12",
  /// "$STATE_DIRECTORY". Feeds and hosts by number: "feed.0", "feed.0.url".
  std::map<std::string, std::string> origins;
};

/// One thing wrong with a configuration, where, and what would be right.
struct ConfigProblem {
  std::string file;
  int line = 0;  ///< From 1; 0 if the file as a whole is meant.
  int column = 0;
  std::string message;

  std::string str() const;  ///< "file:12:3: message"
  friend bool operator==(const ConfigProblem&, const ConfigProblem&) = default;
};

/// Reads `path`, then nutgraf.d/*.toml beside it in the order of their names; a later value
/// replaces an earlier one, feeds and hosts are appended. Strict: unknown keys, wrong types and
/// values out of range are problems, and all of them are found, not the first. *config is complete
/// only if there is no problem. Reads files only; checks no network and no permission.
std::vector<ConfigProblem> check_config(const std::string& path, Config* config);

/// Whether a header may have this value: no control characters, line breaks among them, but tabs.
bool is_field_value(std::string_view value);

/// What is permitted and yet to be said aloud, one line each with its place: feeds whose server's
/// certificate is not verified, a status port that others can reach, intervals that the bounds of
/// [poll] leave without effect.
std::vector<std::string> config_warnings(const Config& config);

/// check_config() for a program: kBadConfig with one problem a line.
Result<Config> load_config(const std::string& path);

/// What is in force, as TOML that load_config() reads back to the same, with the origin of every
/// value as a comment.
std::string print_config(const Config& config);

/// The control socket: as configured, else control.sock in $RUNTIME_DIRECTORY, else beside the
/// store.
std::string control_path(const Config& config);

}  // namespace nutgraf
