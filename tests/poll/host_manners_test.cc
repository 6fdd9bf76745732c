#include "daemon/poll/host_manners.h"

#include <gmock/gmock.h>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using ::testing::UnorderedElementsAre;

const Monotonic kStart{1000h};

TEST(HostManners, AnUnknownHostMayBeAskedAtOnce) {
  const HostManners manners{PollOptions{}};
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart), kStart);
  EXPECT_EQ(manners.known_hosts(), 0u);
}

TEST(HostManners, SpacesTheStartsAndLimitsWhatIsInFlight) {
  HostManners manners{PollOptions{}};
  manners.begin("a.example", kStart);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart), kStart + 5s);
  EXPECT_EQ(manners.may_ask("b.example", Ask::kFeed, kStart), kStart);
  manners.begin("a.example", kStart + 5s);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart + 20s), std::nullopt);
  manners.end("a.example", kStart + 20s);
  EXPECT_LE(manners.may_ask("a.example", Ask::kFeed, kStart + 20s), kStart + 20s);
}

TEST(HostManners, WhatARedirectLedToIsSpacedButNotHeldBack) {
  HostManners manners{PollOptions{}};
  manners.begin("a.example", kStart);
  manners.note_hop("b.example", kStart + 1s);
  EXPECT_EQ(manners.may_ask("b.example", Ask::kFeed, kStart + 1s), kStart + 6s);
  manners.begin("b.example", kStart + 6s);
  manners.note_hop("b.example", kStart + 2s);  // Of a clock that was read before.
  EXPECT_EQ(manners.may_ask("b.example", Ask::kFeed, kStart + 6s), kStart + 11s);
  PollOptions close{};
  close.per_host_spacing = 0s;
  HostManners unspaced{close};
  unspaced.note_hop("c.example", kStart);
  EXPECT_EQ(unspaced.known_hosts(), 0u);
}

TEST(HostManners, WhatAnotherProcessAskedBeforeIsKeptClearOf) {
  PollOptions options;
  options.hosts = {{.match = "slow.example", .spacing = 30s},
                   {.match = "free.example", .spacing = 0s}};
  HostManners manners(options);
  manners.follow_on(kStart);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart + 1s), kStart + 5s);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kPage, kStart + 9s), kStart + 9s);
  EXPECT_EQ(manners.may_ask("slow.example", Ask::kPage, kStart), kStart + 30s);
  EXPECT_EQ(manners.may_ask("free.example", Ask::kFeed, kStart), kStart);
  manners.pause("a.example", kStart + 2s);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart), kStart + 5s);
  EXPECT_EQ(manners.known_hosts(), 1u);
}

TEST(HostManners, RulesMatchWholeLabelsAndTheLongestWins) {
  PollOptions options;
  options.hosts = {{.match = "example.org", .spacing = 1s},
                   {.match = "news.example.org", .spacing = 30s, .concurrency = 1}};
  HostManners manners(options);
  struct Case {
    const char* host;
    std::chrono::seconds spacing;
  };
  for (const Case& c : {Case{"example.org", 1s}, Case{"www.example.org", 1s},
                        Case{"badexample.org", 5s}, Case{"x.news.example.org", 30s}}) {
    manners.begin(c.host, kStart);
    manners.end(c.host, kStart);
    EXPECT_EQ(manners.may_ask(c.host, Ask::kFeed, kStart), kStart + c.spacing) << c.host;
  }
  manners.begin("news.example.org", kStart);
  EXPECT_EQ(manners.may_ask("news.example.org", Ask::kFeed, kStart), std::nullopt);
}

TEST(HostManners, RetryAfterSilencesTheHostAndIsNeverShortened) {
  HostManners manners{PollOptions{}};
  manners.pause("a.example", kStart + 1h);
  manners.pause("a.example", kStart + 1min);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart), kStart + 1h);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kPage, kStart), kStart + 1h);
}

TEST(HostManners, PagesStandBackForAWaitingFeed) {
  HostManners manners{PollOptions{}};
  manners.begin("a.example", kStart);
  manners.wait("a.example");
  EXPECT_EQ(manners.may_ask("a.example", Ask::kPage, kStart + 5s), std::nullopt);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart + 5s), kStart + 5s);
  manners.stop_waiting("a.example", kStart + 5s);
  manners.begin("a.example", kStart + 5s);
  manners.end("a.example", kStart + 6s);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kPage, kStart + 6s), kStart + 10s);

  manners.wait("b.example");
  manners.stop_waiting("b.example", kStart);
  EXPECT_EQ(manners.may_ask("b.example", Ask::kPage, kStart), kStart);
}

TEST(HostManners, HeldPagesHoldUpNoFeed) {
  HostManners manners{PollOptions{}};
  manners.begin("a.example", kStart);
  manners.hold_pages("a.example", kStart + 60s);
  manners.hold_pages("a.example", kStart + 30s);
  manners.end("a.example", kStart + 1s);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kFeed, kStart + 1s), kStart + 5s);
  EXPECT_EQ(manners.may_ask("a.example", Ask::kPage, kStart + 1s), kStart + 60s);
  EXPECT_THAT(manners.busy_hosts(kStart + 59s), UnorderedElementsAre("a.example"));
  manners.begin("a.example", kStart + 6s);
  manners.end("a.example", kStart + 20s);  // Idle but for the pages: not forgotten.
  EXPECT_EQ(manners.may_ask("a.example", Ask::kPage, kStart + 20s), kStart + 60s);
}

TEST(HostManners, NamesBusyHosts) {
  HostManners manners{PollOptions{}};
  manners.begin("a.example", kStart);
  manners.pause("b.example", kStart + 1h);
  EXPECT_THAT(manners.busy_hosts(kStart + 1s), UnorderedElementsAre("a.example", "b.example"));
  EXPECT_THAT(manners.busy_hosts(kStart + 6s), UnorderedElementsAre("b.example"));
}

TEST(HostManners, ForgetsIdleHosts) {
  HostManners manners{PollOptions{}};
  for (int i = 0; i < 100'000; ++i) {
    const std::string host = std::to_string(i) + ".example";
    const Monotonic now = kStart + i * 10ms;
    manners.begin(host, now);
    manners.end(host, now);
  }
  EXPECT_LT(manners.known_hosts(), 2'100u);  // Five seconds' worth, and as much not yet swept.
}

TEST(HostManners, EndlessPausesStayBounded) {
  HostManners manners{PollOptions{}};
  manners.pause("longest.example", kStart + 24h);
  for (std::size_t i = 0; i < 2 * HostManners::kMaxHosts; ++i) {
    const std::string host = std::to_string(i) + ".example";
    manners.begin(host, kStart);
    manners.pause(host, kStart + 1h);
    manners.end(host, kStart);
  }
  EXPECT_LE(manners.known_hosts(), HostManners::kMaxHosts);
  EXPECT_EQ(manners.may_ask("longest.example", Ask::kPage, kStart), kStart + 24h);
}

TEST(HostManners, EndsWithoutABeginAreHarmless) {
  HostManners manners{PollOptions{}};
  manners.end("a.example", kStart);
  manners.stop_waiting("a.example", kStart);
  EXPECT_EQ(manners.known_hosts(), 0u);
}

}  // namespace
}  // namespace nutgraf
