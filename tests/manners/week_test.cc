// Seven days as a guest of servers of every kind, with restarts, and not one mark on the sheet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "daemon/base/hash.h"
#include "daemon/base/url.h"
#include "tests/manners/guest.h"
#include "tests/manners/judge.h"
#include "tests/manners/scripted_host.h"
#include "tests/support/story_maker.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using Kind = Exchange::Kind;

constexpr auto kDay = 24h;
/// A new item every so often, and a document of the newest kItems: no poll a day apart misses one.
constexpr auto kNewItem = 6h;
constexpr int kItems = 8;

std::int64_t unix_seconds(Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

/// What a server has under one ETag and Last-Modified.
struct Version {
  std::string etag;
  std::string last_modified;
  std::string body;
};

/// An honest server [RFC 9110, section 13.2.2]: validators are compared byte for byte.
Answer conditional(const Asked& asked, const Version& version, Headers more = {}, Asks asks = {}) {
  Answer answer{.headers = std::move(more), .asks = asks};
  if (!version.etag.empty()) answer.headers.emplace_back("ETag", version.etag);
  if (!version.last_modified.empty()) {
    answer.headers.emplace_back("Last-Modified", version.last_modified);
  }
  const bool by_etag = !version.etag.empty() && !asked.if_none_match.empty();
  const bool fresh =
      by_etag ? asked.if_none_match == version.etag
              : !version.last_modified.empty() && asked.if_modified_since == version.last_modified;
  if (fresh) {
    answer.status = 304;
  } else {
    answer.body = version.body;
  }
  return answer;
}

class Week : public testing::Test {
 protected:
  Week() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nutgraf-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    spdlog::set_level(spdlog::level::err);
    config_.poll.first_poll.kind = FirstPoll::Kind::kAll;
  }
  ~Week() override { std::filesystem::remove_all(folder_); }

  /// A host that nobody else has.
  ScriptedHost& host() {
    const std::string address = "127.0.1." + std::to_string(hosts_.size() + 1);
    return *hosts_.emplace_back(std::make_unique<ScriptedHost>(address, clock_, log_));
  }

  void subscribe(const std::string& name, const std::string& url) {
    FeedSource source;
    source.id = source.name = source.publisher = name;
    source.url = url;
    source.allow_private = true;
    config_.feeds.push_back(std::move(source));
  }

  /// A feed on a host of its own.
  void feed(const std::string& name, Behaviour behaviour) {
    ScriptedHost& where = host();
    where.put("/feed", Kind::kFeed, name, std::move(behaviour));
    subscribe(name, where.url("/feed"));
  }

  int version_at(Time at) const { return 10 + static_cast<int>((at - start_) / kNewItem); }

  static std::uint64_t story_number(const std::string& name, int version) {
    return hash64(name) % 100'000 * 100 + static_cast<std::uint64_t>(version);
  }

  /// The items of `version` and before; with `pages` teasers only, and links to them.
  std::string document(const std::string& name, int version, const std::string& channel = "",
                       const std::string& pages = "") const {
    WrittenFeed feed;
    feed.title = name;
    feed.link = "http://" + name + ".example/";
    for (int i = version; i > version - kItems; --i) {
      const std::uint64_t number = story_number(name, i);
      WrittenItem item = pages.empty() ? full_item(name, number) : teaser_item(name, number);
      if (!pages.empty()) item.link = item.guid = pages + std::to_string(i);
      item.published = unix_seconds(start_ + (i - 10) * kNewItem);
      feed.items.push_back(std::move(item));
    }
    std::string text = write_feed(feed);
    return text.insert(text.find("<channel>") + 9, channel);
  }

  /// ETag and Last-Modified as most servers make them.
  Version version_of(const std::string& name, Time at, const std::string& channel = "") const {
    const int version = version_at(at);
    return {.etag = "\"" + name + "-" + std::to_string(version) + "\"",
            .last_modified = http_date(unix_seconds(start_ + (version - 10) * kNewItem)),
            .body = document(name, version, channel)};
  }

  Behaviour plain(const std::string& name, Headers more = {}) {
    return [=, this](const Asked& asked) {
      return conditional(asked, version_of(name, asked.at), more);
    };
  }
  Behaviour asking(const std::string& name, const std::string& channel, Asks asks) {
    return [=, this](const Asked& asked) {
      return conditional(asked, version_of(name, asked.at, channel), {}, asks);
    };
  }
  /// `trouble` from `begin` to `end` after the start, else like plain().
  Behaviour troubled(const std::string& name, Time::duration begin, Time::duration end,
                     Answer trouble) {
    return [=, this, well = plain(name)](const Asked& asked) {
      const bool in_trouble = asked.at >= start_ + begin && asked.at < start_ + end;
      return in_trouble ? trouble : well(asked);
    };
  }

  void odd_validators();
  void odd_caches();
  void errors();
  void redirects();
  void crossroads();
  void pages();

  std::vector<Mark> live(const std::vector<Time::duration>& restarts, Time::duration end) {
    Guest guest(config_, folder_ / "store.db", clock_);
    for (const Time::duration restart : restarts) guest.live_until(start_ + restart);
    guest.live_until(start_ + end);
    states_ = guest.feed_states();
    sent_ = guest.sent();
    const std::vector<Exchange> log = log_.all();
    const std::vector<Mark> marks = judge(log, manners_, start_ + end);
    std::cout << score_sheet(log, marks);
    return marks;
  }

  FeedState state_of(const std::string& name) const {
    for (const FeedState& state : states_) {
      if (state.feed_id == name) return state;
    }
    return {};
  }

  std::filesystem::path folder_;
  ManualClock clock_;
  const Time start_ = clock_.utc();
  ServerLog log_;
  std::vector<std::unique_ptr<ScriptedHost>> hosts_;
  Config config_;
  Manners manners_;
  std::vector<FeedState> states_;
  std::vector<std::string> sent_;
};

void Week::odd_validators() {
  feed("weak-etag", [this](const Asked& asked) {
    Version version = version_of("weak-etag", asked.at);
    version.etag = "W/" + version.etag;
    version.last_modified.clear();
    return conditional(asked, version);
  });
  feed("odd-etag", [this](const Asked& asked) {
    Version version = version_of("odd-etag", asked.at);
    version.etag = "a, b\\\"c\" -- " + version.etag + "-gzip;=";
    return conditional(asked, version);
  });
  feed("odd-date", [this](const Asked& asked) {
    Version version = version_of("odd-date", asked.at);
    version.etag.clear();
    version.last_modified = "some time in  version " + std::to_string(version_at(asked.at));
    return conditional(asked, version);
  });
  feed("restless", [this](const Asked& asked) {
    Version version = version_of("restless", asked.at);
    version.etag = "\"" + std::to_string(asked.nth) + "\"";
    version.last_modified.clear();
    return conditional(asked, version);
  });
  feed("bare", [this](const Asked& asked) {
    return conditional(asked, {.body = document("bare", version_at(asked.at))});
  });
  feed("loses-etag", [this](const Asked& asked) {
    Version version = version_of("loses-etag", asked.at);
    if (asked.at > start_ + kDay) version.etag.clear();
    if (asked.at > start_ + 2 * kDay) version.last_modified.clear();
    return conditional(asked, version);
  });
  feed("renews-in-304", [this, given = std::string()](const Asked& asked) mutable {
    Version version = version_of("renews-in-304", asked.at);
    version.last_modified.clear();
    const bool fresh = !given.empty() && asked.if_none_match == given && asked.nth % 20 != 0;
    given = "\"" + std::to_string(asked.nth) + "\"";
    Answer answer{.status = fresh ? 304 : 200, .headers = {{"ETag", given}}};
    if (!fresh) answer.body = version.body;
    return answer;
  });
  feed("always-304", [this](const Asked& asked) {
    Version version = version_of("always-304", asked.at);
    version.etag = "\"for ever\"";
    version.last_modified.clear();
    return conditional(asked, version);
  });
  feed("torn", [this](const Asked& asked) {
    Answer answer = conditional(asked, version_of("torn", asked.at));
    const bool new_version = asked.at > start_ + 3 * kDay && answer.status == 200;
    if (!new_version || asked.nth % 2 == 0) return answer;
    answer.body.resize(answer.body.size() / 2);
    answer.torn = true;
    return answer;
  });
}

void Week::odd_caches() {
  feed("max-age", plain("max-age", {{"Cache-Control", "public, max-age=7200"}, {"Age", "600"}}));
  feed("no-cache", plain("no-cache", {{"Cache-Control", "no-cache, max-age=7200"}}));
  feed("expires", [this](const Asked& asked) {
    return conditional(asked, version_of("expires", asked.at),
                       {{"Expires", http_date(unix_seconds(asked.at + 3h))}});
  });
  feed("expires-2099", plain("expires-2099", {{"Expires", "Thu, 31 Dec 2099 23:59:59 GMT"}}));
  feed("expired", plain("expired", {{"Expires", "0"}}));
  feed("ttl", asking("ttl", "<ttl>180</ttl>", {.interval = 3h}));
  feed("sy", asking("sy",
                    "<sy:updatePeriod xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">"
                    "daily</sy:updatePeriod>"
                    "<sy:updateFrequency xmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\">"
                    "4</sy:updateFrequency>",
                    {.interval = 6h}));
  feed("skip-hours",
       asking("skip-hours", "<skipHours><hour>1</hour><hour>2</hour><hour>13</hour></skipHours>",
              {.skip_hours = 1u << 1 | 1u << 2 | 1u << 13}));
  feed("skip-days", asking("skip-days", "<skipDays><day>Sunday</day><day>Monday</day></skipDays>",
                           {.skip_days = 1u << 0 | 1u << 1}));
}

void Week::errors() {
  feed("gone", troubled("gone", kDay, 7 * kDay, {.status = 410}));
  feed("missing", troubled("missing", kDay, 3 * kDay, {.status = 404}));
  feed("forbidden", troubled("forbidden", kDay, 3 * kDay, {.status = 403}));
  feed("broken", troubled("broken", 2 * kDay, 3 * kDay, {.status = 500}));
  feed("busy", troubled("busy", 2 * kDay, 2 * kDay + 9h,
                        {.status = 503, .headers = {{"Retry-After", "7200"}}}));
  feed("limited", [this, well = plain("limited")](const Asked& asked) {
    if (asked.at < start_ + 4 * kDay || asked.at > start_ + 5 * kDay) return well(asked);
    const Time later = asked.at + 5h;
    return Answer{.status = 429, .headers = {{"Retry-After", http_date(unix_seconds(later))}}};
  });
}

void Week::redirects() {
  for (const int status : {301, 302, 307, 308}) {
    const std::string name = "moved-" + std::to_string(status);
    ScriptedHost& there = host();
    there.put("/new", Kind::kFeed, name, plain(name));
    const std::string target = there.url("/new");
    feed(name, [=](const Asked&) {
      return Answer{.status = status, .headers = {{"Location", target}}};
    });
  }
  ScriptedHost& where = host();
  where.put("/new", Kind::kFeed, "moved-near", plain("moved-near"));
  where.put("/feed", Kind::kFeed, "moved-near", [](const Asked&) {
    return Answer{.status = 301, .headers = {{"Location", "new"}}};
  });
  subscribe("moved-near", where.url("/feed"));
}

/// A host with two feeds of its own, where three more from elsewhere end each time: they often come
/// within seconds of one another, and the host counts all of them.
void Week::crossroads() {
  ScriptedHost& inn = host();
  for (const std::string name : {"resident-1", "resident-2"}) {
    inn.put("/" + name, Kind::kFeed, name, plain(name));
    subscribe(name, inn.url("/" + name));
  }
  for (const std::string name : {"sent-1", "sent-2", "sent-3"}) {
    inn.put("/" + name, Kind::kFeed, name, plain(name));
    feed(name, [target = inn.url("/" + name)](const Asked&) {
      return Answer{.status = 302, .headers = {{"Location", target}}};
    });
  }
}

/// Two feeds on one host, with the pages of their items, some of which are not for robots.
void Week::pages() {
  ScriptedHost& where = host();
  manners_.disallowed[parse_url(where.url("/"))->origin().substr(7)] = {"/second/1"};
  where.put("/robots.txt", Kind::kRobots, "pages", [](const Asked&) {
    return Answer{.headers = {{"Content-Type", "text/plain"}},
                  .body = "User-agent: *\nDisallow: /second/1\n"};
  });
  for (const std::string name : {"first", "second"}) {
    const std::string base = where.url("/" + name + "/");
    where.put("/" + name, Kind::kFeed, name, [=, this](const Asked& asked) {
      Version version = version_of(name, asked.at);
      version.body = document(name, version_at(asked.at), "", base);
      return conditional(asked, version);
    });
    for (int i = 0; i < 60; ++i) {
      const std::string path = "/" + name + "/" + std::to_string(i);
      where.put(path, Kind::kPage, "pages", [=, this](const Asked& asked) {
        // One page is too much for the server, and all of the host is to be left alone.
        if (name == "first" && i == 24 && asked.nth == 1) {
          return Answer{.status = 429, .headers = {{"Retry-After", "14400"}}};
        }
        return Answer{
            .headers = {{"Content-Type", "text/html"}},
            .body = story_page(make_story(story_number(name, i)), base + std::to_string(i))};
      });
    }
    subscribe(name, where.url("/" + name));
  }
}

TEST_F(Week, PassesWithoutAMark) {
  feed("plain", plain("plain"));
  odd_validators();
  odd_caches();
  errors();
  redirects();
  crossroads();
  pages();
  // Soon after the start; three within minutes; within Retry-After of a feed and of a page; when
  // feeds are overdue after a long stop.
  const std::vector<Mark> marks = live({1h, 26h, 26h + 60s, 26h + 90s, 2 * kDay + 40min,
                                        3 * kDay + 13h, 4 * kDay + 30min, 5 * kDay + 17h},
                                       7 * kDay);
  EXPECT_TRUE(marks.empty());  // The sheet above names them.
  for (const FeedState& state : states_) {
    if (state.feed_id == "gone") {
      EXPECT_EQ(state.health, FeedHealth::kGone);
      continue;
    }
    if (state.feed_id == "always-304") {
      // No honest answer but to the polls without validators.
      EXPECT_GT(state.items, kItems);
      continue;
    }
    // All but what came since the last poll of the slowest.
    EXPECT_GE(state.items, kItems + 7 * kDay / kNewItem - 6) << state.feed_id;
    EXPECT_NE(state.health, FeedHealth::kFailing) << state.feed_id;
  }
  EXPECT_THAT(state_of("moved-301").url, testing::EndsWith("/new"));
  EXPECT_THAT(state_of("moved-308").url, testing::EndsWith("/new"));
  EXPECT_THAT(state_of("moved-302").url, testing::EndsWith("/feed"));
}

}  // namespace
}  // namespace nutgraf
