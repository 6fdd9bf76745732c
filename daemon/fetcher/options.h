#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "daemon/fetch/http_client.h"
#include "daemon/poll/options.h"

namespace nutgraf {

/// How one feed is asked, where that differs from the others: FeedAccess with its files read.
struct FeedAsking {
  std::string user_agent;            ///< Empty: that of all.
  std::optional<std::string> proxy;  ///< Empty: none.
  bool http1_only = false;
  OriginOptions own;  ///< For requests to the origin of the configured URL only.
};

/// What the fetcher asks for.
struct FetchOptions {
  PollOptions poll;
  std::string user_agent = "nutgraf";
  std::size_t max_body = 8u << 20;
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds connect_timeout{10'000};
  int max_redirects = 6;
  bool robots = true;
  std::size_t transfers = 64;      ///< At once.
  std::size_t memory = 64u << 20;  ///< Bytes of bodies and texts between socket and commit.
  int page_attempts = 3;           ///< Then the story is made from what the feed gave.
  /// So long after an item was first seen, its page is not tried again: likewise.
  std::chrono::seconds publish_teaser_after{6 * 3600};
  bool recheck = false;  ///< Pages that are due are looked at again.
  /// Deaths of the process with the item in hand, from which on it goes without its page. The first
  /// kSuspectFrom may be another's doing.
  int page_crashes = 4;
  int story_crashes = 6;   ///< Then the item is quarantined.
  int story_attempts = 5;  ///< Then the item is quarantined.
  std::string proxy;       ///< Of feeds that say nothing else; empty: none.
  long most_of_host = 0;   ///< The most transfers that [poll] and [[host]] permit one host.
  std::unordered_map<std::string, FeedAsking> of_feeds;  ///< By id; only feeds that differ.
};

}  // namespace nutgraf
