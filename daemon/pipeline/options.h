#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/event/options.h"
#include "daemon/fetch/http_client.h"
#include "daemon/model/feed.h"
#include "daemon/poll/options.h"
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

/// How the desk decides.
struct DeskOptions {
  PollOptions poll;
  bool publish_text = false;
  bool learn_furniture = true;
  /// So long a poll that brought no document, and cannot only be noted, waits for others to be
  /// committed with, if nothing else is to be committed: a transaction with its fsync for each
  /// would cost more than all else about them. A crash meanwhile costs a conditional request again.
  std::chrono::milliseconds quiet_wait{500};
  std::chrono::milliseconds event_debounce{30'000};
  std::vector<std::chrono::seconds> recheck;  ///< Looks at a page again, after publication.
  std::chrono::seconds event_close_after{7 * 24 * 3600};  ///< Without a new report.
  std::chrono::seconds stories_age{14 * 24 * 3600};
  std::chrono::seconds items_age{60 * 24 * 3600};
  std::chrono::seconds prune_every{600};  ///< Silent events are closed then, too.
  std::chrono::seconds log_age{7 * 24 * 3600};
  std::int64_t log_count = 2'000'000;
  std::int64_t log_bytes = std::int64_t{4} << 30;
};

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
