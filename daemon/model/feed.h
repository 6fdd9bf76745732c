#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/base/rare.h"
#include "daemon/model/item.h"

namespace nutgraf {

/// Where a story's text comes from. kAuto: the page, if the feed gives only a teaser.
enum class FullText { kAuto, kFeed, kPage };

/// How a feed's server wants to be asked, where the defaults do not fit. Secrets are not in it: a
/// file is an absolute path, or the name of a systemd credential.
struct FeedAccess {
  std::string user_agent;                                    ///< Empty: that of all.
  std::vector<std::pair<std::string, std::string>> headers;  ///< A value "@x" is what file x holds.
  std::string auth_file;                                     ///< Holds user:password.
  std::string proxy;    ///< "http://…" or "socks5h://…"; "off": none; empty: that of all.
  std::string ca_file;  ///< These four are for servers with TLS.
  std::string client_cert;
  std::string client_key;  ///< Empty: in client_cert.
  bool tls_verify = true;
  bool http1_only = false;

  friend bool operator==(const FeedAccess&, const FeedAccess&) = default;
};

/// Where on a feed's pages the article is, as the operator says where the rules for all pages fail:
/// selectors as daemon/article/page_selector.h reads them.
struct PageSelectors {
  std::vector<std::string> select;  ///< The article is what these select; empty: found by rules.
  std::vector<std::string> drop;    ///< Removed before anything else.

  friend bool operator==(const PageSelectors&, const PageSelectors&) = default;
};

/// What a feed's page_select came to on a page. kNothing: the article was found the usual way.
enum class PageSelection : std::uint8_t { kNotAsked, kSelected, kNothing };

/// A feed as the operator configured it. Does not change while a configuration is in force.
struct FeedSource {
  std::string id;  ///< [a-z0-9_-]+; survives a change of URL.
  std::string url;
  std::string name;
  std::string publisher;  ///< Feeds of one publisher count as one independent source. Default: the
                          ///< URL's host.
  std::string category = "other";
  std::vector<std::string> tags;
  std::string language;  ///< Empty: detected story by story.
  std::optional<std::chrono::seconds> interval;
  FullText full_text = FullText::kAuto;
  std::vector<std::string> keep;  ///< Rules; empty keeps all.
  std::vector<std::string> drop;
  Rare<FeedAccess> access;
  Rare<PageSelectors> page;
  bool allow_private =
      false;  ///< Loopback and private addresses are permitted for this feed and its pages.

  friend bool operator==(const FeedSource&, const FeedSource&) = default;
};

/// How a feed fares, as subscribers and operators see it.
enum class FeedHealth { kOk, kSilent, kThin, kBlocked, kMoved, kGone, kFailing };
inline constexpr std::array kFeedHealths{
    FeedHealth::kOk,    FeedHealth::kSilent, FeedHealth::kThin,   FeedHealth::kBlocked,
    FeedHealth::kMoved, FeedHealth::kGone,   FeedHealth::kFailing};
std::string_view to_string(FeedHealth health);
std::optional<FeedHealth> feed_health_from(std::string_view name);

/// What stood where an article was expected. kOther: a page that shares nothing with the feed's
/// teaser; kSame: a text that other URLs of the host gave too, under other titles.
enum class Wall : std::uint8_t { kNone, kChallenge, kConsent, kLogin, kEmpty, kOther, kSame };
std::string_view to_string(Wall wall);
std::optional<Wall> wall_from(std::string_view name);

/// What was learned of a feed's ways: from it "silent", "thin" and "blocked" are told, and by rules
/// that daemon/poll/feed_health.h states. Numbers only and 48 bytes: there may be 100,000 of them.
/// Counts stop at their largest value.
struct FeedHabits {
  float watched_days = 0;         ///< Days between good polls, fading.
  float new_items = 0;            ///< Items new in them, fading likewise: the ratio is the rate.
  float usual_log_length = 0;     ///< Natural logarithm of the median of a text's characters.
  float short_share = 0;          ///< Of recent stories: text collapsed against that median.
  float missing_share = 0;        ///< Of recent stories that wanted a page: none, and no full text.
  float wall_share = 0;           ///< Of recent stories that wanted a page: a wall stood there.
  std::uint32_t gap_s = 0;        ///< Mean time between polls that brought something new.
  std::uint32_t longest_s = 0;    ///< The longest such time of late; fades slowly.
  std::uint16_t arrivals = 0;     ///< Such times seen.
  std::uint16_t stories = 0;      ///< Stories whose length was learned.
  std::uint16_t pages = 0;        ///< Stories that wanted a page.
  std::uint16_t usual_items = 0;  ///< In the last document that had any.
  std::uint16_t empty_polls = 0;  ///< In a row: 200 (or a 304 for it) without any item.
  std::uint16_t longest_empty = 0;  ///< The longest such row that ended.
  std::uint8_t good_polls = 0;      ///< In a row.
  Wall wall = Wall::kNone;          ///< The last one met.

  friend bool operator==(const FeedHabits&, const FeedHabits&) = default;
};

/// What the server asked for at the last poll that said anything; seconds, 0: nothing.
struct ServerWishes {
  std::int32_t ttl = 0;           ///< RSS ttl.
  std::int32_t update_every = 0;  ///< sy:updatePeriod / updateFrequency.
  std::int32_t max_age = 0;       ///< Cache-Control or Expires, of the last answer.
  std::int32_t retry_after = 0;   ///< Of the last answer.

  friend bool operator==(const ServerWishes&, const ServerWishes&) = default;
};

/// What nutgraf remembers of a feed between polls. Committed in one transaction with the items that
/// `etag` and `last_modified` vouch for, so that a 304 never hides a loss.
struct FeedState {
  std::string feed_id;
  std::string configured_url;  ///< As the operator had it at the last poll: another one voids `url`
                               ///< and the validators.
  std::string url;             ///< In force: the configured one, or where permanent redirects led.
  std::string etag;            ///< Byte-exact, as the server sent it.
  std::string last_modified;   ///< Byte-exact.
  std::string title;           ///< Of the feed itself.
  std::optional<Time> first_poll;
  std::optional<Time> last_poll;
  std::optional<Time> last_success;
  std::optional<Time> last_new_item;
  Time next_poll{};         ///< Persisted, so that a restart is no burst.
  std::string next_reason;  ///< Why then: "interval", "ttl", "max-age", "retry-after", "backoff", …
  int last_status = 0;      ///< HTTP status of the last poll; 0 if there was none.
  std::string last_error;   ///< Empty after a success.
  double failures = 0;      ///< Weighted and consecutive: hard 1, soft 0.5, temporary 0.25.
  double seen_share = 0.5;  ///< Moving share of items of a poll that were known already: steers the
                            ///< adaptive interval.
  std::chrono::seconds server_asks{
      0};                        ///< The larger of ttl, max-age, sy:update* at the last success.
  std::uint32_t skip_hours = 0;  ///< Bit n: not in hour n, GMT. As the last document asked.
  std::uint32_t skip_days = 0;   ///< Bit n: not on day n, 0 = Sunday.
  std::uint64_t cut_off = 0;     ///< Hash of the last document if it broke off; 0: it was whole.
  int identity = 0;  ///< What tells the feed's items apart (GuidTrust): only ever grows.
  ServerWishes wishes;
  FeedHabits habits;
  std::int64_t polls = 0;
  std::int64_t not_modified = 0;
  std::int64_t items = 0;  ///< Distinct items ever seen.
  bool paused = false;     ///< By the operator.
  FeedHealth health = FeedHealth::kOk;
  std::optional<Time> health_since;
  std::string health_reason;
  std::string
      moved_to;  ///< Target of a permanent redirect that is not yet trusted, and since when.
  int moved_seen = 0;
  std::optional<Time> moved_since;

  friend bool operator==(const FeedState&, const FeedState&) = default;
};

enum class FeedFormat { kUnknown, kRss, kRdf, kAtom, kJson, kSitemap };
std::string_view to_string(FeedFormat format);

/// What one document said.
struct ParsedFeed {
  FeedFormat format = FeedFormat::kUnknown;
  std::string title;                                    ///< Plain text, one line.
  std::string link;                                     ///< Of the site.
  std::string language;                                 ///< BCP-47 as given.
  std::optional<std::chrono::minutes> ttl;              ///< RSS ttl.
  std::optional<std::chrono::seconds> update_interval;  ///< sy:updatePeriod / updateFrequency.
  std::vector<int> skip_hours;                          ///< 0–23, GMT.
  std::vector<int> skip_days;                           ///< 0 = Sunday.
  bool cut_off = false;  ///< It ends before its root element does; in XML the last item may, too.
  std::vector<FeedItem> items;  ///< In document order.
  std::vector<std::string>
      repairs;  ///< What had to be mended to read it, for the log; empty for a sound feed.
};

}  // namespace nutgraf
