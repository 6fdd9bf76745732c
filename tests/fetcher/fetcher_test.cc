// The fetcher round by round: a scripted network, a store in memory, a clock that stands still.
#include "daemon/fetcher/fetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>

#include "daemon/pipeline/pipeline.h"
#include "tests/support/fake_http_client.h"
#include "tests/support/house.h"

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Calls a step of the test each time the fetcher waits for the network, and stops it after the
/// last.
class Rounds final : public HttpClient {
 public:
  explicit Rounds(FakeHttpClient& network) : network_(network) {}
  std::deque<std::function<void()>> steps;
  std::stop_source stop;
  std::chrono::milliseconds waited{0};  ///< What the fetcher last asked to wait at most.

  void start(HttpRequest request) override { network_.start(std::move(request)); }
  std::vector<HttpResponse> wait(std::chrono::milliseconds timeout) override {
    waited = timeout;
    if (!steps.empty()) {
      steps.front()();
      steps.pop_front();
    }
    if (steps.empty()) stop.request_stop();
    return network_.wait(timeout);
  }
  std::size_t in_flight() const override { return network_.in_flight(); }
  void abandon() override { network_.abandon(); }
  void wake() override {}

 private:
  FakeHttpClient& network_;
};

class FetcherTest : public testing::Test {
 protected:
  FetcherTest() {
    options_.robots = false;
    options_.poll.start_spread = std::chrono::seconds(0);
    options_.poll.per_host_spacing = std::chrono::milliseconds(0);
  }

  /// Runs one round a step.
  void run(std::vector<std::function<void()>> steps) {
    Rounds rounds(network_);
    rounds.steps.assign(steps.begin(), steps.end());
    rounds_ = &rounds;
    jobs_ = std::make_unique<BoundedQueue<Job>>(InFlight::kSlots + 1000);
    outcomes_ = std::make_unique<BoundedQueue<Outcome>>(InFlight::kSlots + 1000);
    fetcher_ = std::make_unique<Fetcher>(Fetcher::Seams{rounds, store_, mailbox_, clock_, *jobs_,
                                                        *outcomes_, metrics_, pulse_, book_},
                                         options_, feeds_);
    ASSERT_TRUE(fetcher_->restore().has_value());
    fetcher_->run(rounds.stop.get_token());
    fetcher_.reset();
  }
  template <typename Kind>
  std::vector<Kind> take() {
    std::vector<Kind> taken;
    while (auto job = jobs_->try_pop()) {
      ids_.push_back(job->id);
      if (auto* kind = std::get_if<Kind>(&job->work)) taken.push_back(std::move(*kind));
    }
    return taken;
  }
  /// Polls that brought no document: they need no worker.
  std::vector<QuietPoll> take_quiet() {
    std::vector<QuietPoll> taken;
    while (auto outcome = outcomes_->try_pop()) {
      for (QuietPoll& poll : std::get<QuietPolls>(outcome->result).polls) {
        ids_.push_back(poll.job_id);
        taken.push_back(std::move(poll));
      }
    }
    return taken;
  }
  FeedState state_of(const std::string& feed_id) { return book_.state(*book_.source(feed_id)); }
  /// As the desk would after a commit.
  void finish_jobs(const std::vector<FeedState>& feeds = {}) {
    Mail mail;
    mail.finished = std::exchange(ids_, {});
    for (const FeedState& state : feeds) {
      book_.put(state);
      mail.feeds.push_back(time_of(state));
    }
    mailbox_.put(std::move(mail));
  }
  std::vector<std::string> asked() const {
    std::vector<std::string> urls;
    for (const HttpRequest& request : network_.requests()) urls.push_back(request.url);
    return urls;
  }
  void pend(const std::string& key, const std::string& host, const std::string& feed = "a",
            Time first_seen = ManualClock().utc()) {
    PollCommit poll;
    poll.state.feed_id = feed;
    poll.state.configured_url = poll.state.url = "http://" + feed + ".example/feed";
    poll.state.last_poll = clock_.utc();
    poll.state.next_poll = clock_.utc() + std::chrono::hours(1);
    ItemArrival arrival;
    arrival.pending.feed_id = feed;
    arrival.pending.item_key = key;
    arrival.pending.item.link = "http://" + host + "/" + key;
    arrival.pending.page_host = host;
    arrival.pending.first_seen = first_seen;
    poll.arrivals = {arrival};
    Batch batch;
    batch.polls = {poll};
    ASSERT_TRUE(store_.commit(batch, clock_.utc()).has_value());
  }
  HttpResponse broken(NetworkFault fault) {
    HttpResponse response;
    response.error = Error{ErrorCode::kTransient, "it broke"};
    response.fault = fault;
    return response;
  }
  HttpResponse status(int code) {
    HttpResponse response;
    response.status = code;
    return response;
  }
  std::int64_t waiting() { return store_.work().backlog(clock_.utc())->pending; }

  FakeHttpClient network_;
  MemoryStore store_{plain_envelope};
  ManualClock clock_;
  Mailbox mailbox_{[] {}};
  Metrics metrics_;
  Pulse pulse_;
  FeedBook book_;
  FetchOptions options_;
  std::vector<FeedSource> feeds_{feed_source("a")};
  std::unique_ptr<BoundedQueue<Job>> jobs_;
  std::unique_ptr<BoundedQueue<Outcome>> outcomes_;
  std::unique_ptr<Fetcher> fetcher_;
  Rounds* rounds_ = nullptr;
  std::vector<std::uint64_t> ids_;
};

TEST_F(FetcherTest, AsksADueFeedWithItsValidatorsAndOnlyOnceUntilTheDeskHasItsAnswer) {
  FeedState state;
  state.feed_id = "a";
  state.configured_url = state.url = "http://a.example/feed";
  state.etag = "\"v1\"";
  state.last_poll = clock_.utc();
  state.next_poll = clock_.utc();
  Batch batch;
  batch.polls = {PollCommit{.state = state}};
  ASSERT_TRUE(store_.commit(batch, clock_.utc()).has_value());
  network_.script("http://a.example/feed", status(304));
  run({[&] { clock_.advance(std::chrono::minutes(2)); },
       [&] {
         ASSERT_THAT(network_.requests(), SizeIs(1));
         EXPECT_EQ(network_.requests()[0].etag, "\"v1\"");
         network_.hold(true);
       },
       [&] {
         mailbox_.put(FeedRequest{FeedRequest::Kind::kPollNow, "a"});
       },
       // Its state is committed anew while it is in flight: it must not be asked a second time.
       [&] { mailbox_.put(Mail{.finished = {}, .feeds = {time_of(state)}, .events = {}}); },
       [&] { network_.hold(false); }, [&] { clock_.advance(FeedTrips::kCompanyWait); }, [&] {},
       [&] {
         const auto polls = take_quiet();
         ASSERT_THAT(polls, SizeIs(1));
         EXPECT_EQ(polls[0].outcome.kind, PollOutcome::Kind::kNotModified);
         state.next_poll = clock_.utc() + std::chrono::minutes(10);
         finish_jobs({state});
       },
       [&] { clock_.advance(std::chrono::minutes(9)); }, [&] { EXPECT_THAT(asked(), SizeIs(1)); },
       [&] { clock_.advance(std::chrono::minutes(1)); }, [&] { EXPECT_THAT(asked(), SizeIs(2)); }});
}

TEST_F(FetcherTest, CountsTheFeedsByTheirHealth) {
  feeds_.clear();
  Batch batch;
  for (const FeedHealth health : kFeedHealths) {
    for (int i = 0; i <= static_cast<int>(health); ++i) {  // Of each another number.
      feeds_.push_back(feed_source(std::string(to_string(health)) + std::to_string(i)));
      FeedState state;
      state.feed_id = feeds_.back().id;
      state.configured_url = state.url = feeds_.back().url;
      state.health = health;
      state.last_poll = clock_.utc();
      state.next_poll = clock_.utc() + std::chrono::hours(1);
      batch.polls.push_back(PollCommit{.state = state});
    }
  }
  ASSERT_TRUE(store_.commit(batch, clock_.utc()).has_value());
  run({[&] {}});
  const std::pair<const Figure*, FeedHealth> gauges[] = {
      {&metrics_.feeds_ok, FeedHealth::kOk},
      {&metrics_.feeds_silent, FeedHealth::kSilent},
      {&metrics_.feeds_thin, FeedHealth::kThin},
      {&metrics_.feeds_blocked, FeedHealth::kBlocked},
      {&metrics_.feeds_moved, FeedHealth::kMoved},
      {&metrics_.feeds_gone, FeedHealth::kGone},
      {&metrics_.feeds_failing, FeedHealth::kFailing}};
  for (const auto& [gauge, health] : gauges) {
    EXPECT_EQ(gauge->get(), 1 + static_cast<int>(health)) << to_string(health);
  }
}

TEST_F(FetcherTest, FeedsThatFallDueWithinMomentsBeginTogetherAndNoneEarly) {
  using std::chrono::milliseconds;
  Batch batch;
  for (const auto& [id, ms] : {std::pair("a", 1000), std::pair("b", 1010), std::pair("c", 1020)}) {
    if (*id != 'a') feeds_.push_back(feed_source(id));
    FeedState state;
    state.feed_id = id;
    state.configured_url = state.url = "http://" + state.feed_id + ".example/feed";
    state.last_poll = clock_.utc();
    state.next_poll = clock_.utc() + milliseconds(ms);
    batch.polls.push_back({.state = state});
  }
  ASSERT_TRUE(store_.commit(batch, clock_.utc()).has_value());
  run({[&] { clock_.advance(milliseconds(1000)); },
       [&] {
         EXPECT_THAT(asked(), SizeIs(1));
         EXPECT_EQ(rounds_->waited, FeedTrips::kStartTogether);
         clock_.advance(milliseconds(20));
       },
       [&] {
         EXPECT_THAT(asked(), SizeIs(1));
         EXPECT_EQ(rounds_->waited, FeedTrips::kStartTogether - milliseconds(20));
         clock_.advance(FeedTrips::kStartTogether - milliseconds(20));
       },
       [&] { EXPECT_THAT(asked(), SizeIs(3)); }});
}

TEST_F(FetcherTest, StartsNothingWithoutRoomForTheResult) {
  feeds_.clear();
  for (int i = 0; i < 10; ++i) feeds_.push_back(feed_source("f" + std::to_string(i)));
  options_.transfers = 4;
  network_.hold(true);
  run({[&] { EXPECT_THAT(asked(), SizeIs(4)); }});

  options_.transfers = 64;
  options_.memory = 3 * InFlight::kTypicalBody;
  run({[&] { EXPECT_THAT(asked(), SizeIs(4 + 3)); }});

  // Bytes that the desk has not committed count too.
  network_.hold(false);
  for (const FeedSource& feed : feeds_) {
    network_.serve(feed.url, std::string(2 * InFlight::kTypicalBody, ' '), "text/xml");
  }
  run({[&] {}, [&] { EXPECT_THAT(asked(), SizeIs(4 + 3 + 3)); },
       [&] { EXPECT_THAT(asked(), SizeIs(4 + 3 + 3)); },
       [&] {
         EXPECT_THAT(take<FeedJob>(), SizeIs(3));
         finish_jobs();
       },
       [&] { EXPECT_THAT(asked(), SizeIs(4 + 3 + 3 + 3)); }});
}

TEST_F(FetcherTest, AClaimedItemBecomesAStoryWithItsPage) {
  pend("1", "p.example");
  network_.serve("http://p.example/1", "<p>page", "text/html");
  run({[&] {},
       [&] {
         const auto jobs = take<StoryJob>();
         ASSERT_THAT(jobs, SizeIs(1));
         EXPECT_EQ(jobs[0].page->body, "<p>page");
         EXPECT_EQ(jobs[0].pending.attempts, 1);
         EXPECT_EQ(jobs[0].feed_url, "http://a.example/feed");
       }});
}

TEST_F(FetcherTest, OfAPageNoMoreIsHeldThanIsRead) {
  pend("1", "p.example");
  network_.serve("http://p.example/1", std::string(2 * kMaxPage, 'p'), "text/html");
  run({[&] {},
       [&] {
         const auto jobs = take<StoryJob>();
         ASSERT_THAT(jobs, SizeIs(1));
         EXPECT_EQ(jobs[0].page->body, std::string(kMaxPage, 'p'));
         EXPECT_LT(jobs[0].page->body.capacity(), kMaxPage + 64);
       }});
}

TEST_F(FetcherTest, PageFailuresAreRetriedOrGivenUpByTheirKind) {
  struct Row {
    std::string name;
    HttpResponse response;
    bool retried;
  };
  HttpResponse refused = broken(NetworkFault::kNone);
  refused.error->code = ErrorCode::kRefused;
  const std::vector<Row> rows{
      {"404", status(404), false}, {"410", status(410), false},
      {"429", status(429), true},  {"500", status(500), true},
      {"503", status(503), true},  {"timeout", broken(NetworkFault::kTimeout), true},
      {"refused", refused, false}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    pend(row.name, row.name + ".example");
    network_.script("http://" + row.name + ".example/" + row.name, row.response);
    run({[&] {},
         [&] {
           std::optional<Job> job = jobs_->try_pop();
           while (job && std::holds_alternative<FeedJob>(job->work)) job = jobs_->try_pop();
           ASSERT_TRUE(job.has_value());
           const auto* retry = std::get_if<GiveUpJob>(&job->work);
           const auto* story = std::get_if<StoryJob>(&job->work);
           EXPECT_EQ(retry != nullptr, row.retried);
           EXPECT_EQ(story != nullptr, !row.retried);
           EXPECT_TRUE(retry == nullptr || retry->error.code == ErrorCode::kTransient);
           EXPECT_TRUE(story == nullptr || !story->page.has_value());
         }});
  }
}

TEST_F(FetcherTest, APageThatCannotBeHadForTooLongIsDoneWithout) {
  pend("old", "p.example", "a", clock_.utc() - options_.publish_teaser_after);
  pend("young", "q.example", "a",
       clock_.utc() - options_.publish_teaser_after + std::chrono::seconds(1));
  network_.script("http://p.example/old", status(503));
  network_.script("http://q.example/young", status(503));
  run({[&] {},
       [&] {
         const auto stories = take<StoryJob>();
         ASSERT_THAT(stories, SizeIs(1));
         EXPECT_EQ(stories[0].pending.item_key, "old");
         EXPECT_EQ(stories[0].page_error, "HTTP 503");
       }});
  EXPECT_THAT(asked(), testing::Contains("http://p.example/old"));  // It had its one chance.
}

TEST_F(FetcherTest, SilentPagesLeaveRoomForFeedsAndForPagesOfOthers) {
  feeds_.push_back(feed_source("b"));
  feeds_.push_back(feed_source("c"));
  options_.transfers = 16;
  for (int n = 0; n < 100; ++n) pend(std::to_string(n), "silent" + std::to_string(n) + ".example");
  pend("other", "z.example", "b");
  network_.hold(true);
  run({[] {}, [] {}, [] {}, [&] { clock_.advance(std::chrono::seconds(3)); }, [] {}, [] {}, [] {}});
  const std::vector<std::string> urls = asked();
  const auto silent = std::count_if(urls.begin(), urls.end(), [](const std::string& url) {
    return url.find("silent") != std::string::npos;
  });
  EXPECT_EQ(silent, 2);  // InFlight::kPagesOfFeedShare.
  EXPECT_THAT(urls, testing::Contains("http://z.example/other"));
  EXPECT_THAT(urls, testing::Contains("http://c.example/feed"));
  EXPECT_EQ(waiting(), 101);            // And all is given back,
  EXPECT_LE(store_.releases(), 7 + 1);  // once a round.
}

TEST_F(FetcherTest, WhatAHostAskedForHoldsForTheNextProcessToo) {
  feeds_ = {};  // Only pages.
  feeds_.push_back(feed_source("a"));
  pend("1", "p.example");
  HttpResponse limited = status(429);
  limited.retry_after = std::chrono::hours(3);
  network_.script("http://p.example/1", limited);
  run({[&] {}, [&] {}});
  ASSERT_THAT(asked(), testing::Contains("http://p.example/1"));
  network_.forget();
  pend("2", "p.example");
  clock_.advance(std::chrono::hours(2) + std::chrono::minutes(59));
  run({[&] {},
       [&] { EXPECT_THAT(asked(), testing::Not(testing::Contains("http://p.example/2"))); }});
  clock_.advance(std::chrono::minutes(1));
  run({[&] {}, [&] { EXPECT_THAT(asked(), testing::Contains("http://p.example/2")); }});
}

TEST_F(FetcherTest, AnAbsurdSilenceIsNotKeptLongerThanADayByTheNextProcess) {
  ASSERT_TRUE(
      store_.put_note({"quiet p.example", "", clock_.utc() + std::chrono::years(9)}, clock_.utc())
          .has_value());
  pend("1", "p.example");
  run({[&] { EXPECT_THAT(asked(), testing::Not(testing::Contains("http://p.example/1"))); },
       [&] { clock_.advance(std::chrono::hours(24)); }, [&] {},
       [&] { EXPECT_THAT(asked(), testing::Contains("http://p.example/1")); }});
}

TEST_F(FetcherTest, RobotsTxtIsAskedForOnceADayWhateverRestarts) {
  options_.robots = true;
  network_.serve("http://p.example/robots.txt", "User-agent: *\nDisallow: /no", "text/plain");
  const auto robots = [&] {
    return std::ranges::count(asked(), std::string("http://p.example/robots.txt"));
  };
  pend("1", "p.example");
  run({[&] {}, [&] {}, [&] {}, [&] {}});
  EXPECT_EQ(robots(), 1);
  pend("no", "p.example");
  pend("2", "p.example");
  clock_.advance(std::chrono::hours(23));
  run({[&] {}, [&] {}, [&] {}, [&] {}});
  EXPECT_EQ(robots(), 1);
  EXPECT_THAT(asked(), testing::Contains("http://p.example/2"));
  EXPECT_THAT(asked(), testing::Not(testing::Contains("http://p.example/no")));
  pend("3", "p.example");
  clock_.advance(std::chrono::hours(1));
  run({[&] {}, [&] {}, [&] {}, [&] {}});
  EXPECT_EQ(robots(), 2);
}

TEST_F(FetcherTest, AStoryIsNotLateBecauseItsHostIsSilentAndItsPageIsStillWanted) {
  const auto patience = options_.publish_teaser_after;
  pend("tried", "p.example");
  HttpResponse limited = status(503);
  limited.retry_after = 2 * patience;
  network_.script("http://p.example/tried", limited);
  std::vector<StoryJob> told;
  run({[&] { pend("waits", "p.example"); },
       [&] { clock_.advance(patience - std::chrono::seconds(1)); },
       [&] { EXPECT_THAT(take<StoryJob>(), IsEmpty()); },
       [&] { clock_.advance(std::chrono::seconds(1)); }, [&] {}, [&] {},
       [&] { told = take<StoryJob>(); }});
  ASSERT_THAT(told, SizeIs(1));  // The other is still on its way to the desk.
  EXPECT_EQ(told[0].pending.item_key, "waits");
  EXPECT_FALSE(told[0].page.has_value());
  EXPECT_TRUE(told[0].page_later);
}

TEST_F(FetcherTest, ATimeOfThePastIsNoReasonToWaitWhenTheClockIsSetBack) {
  PollCommit poll;
  poll.state.feed_id = "a";
  poll.state.configured_url = poll.state.url = "http://a.example/feed";
  poll.state.last_poll = clock_.utc();
  poll.state.next_poll = clock_.utc() + std::chrono::minutes(10);
  ItemArrival arrival;
  arrival.pending.item_key = "1";
  arrival.pending.item.link = "http://p.example/1";
  arrival.pending.page_host = "p.example";
  arrival.pending.first_seen = clock_.utc();
  arrival.pending.not_before = clock_.utc() + std::chrono::minutes(1);
  poll.arrivals = {arrival};
  Batch batch;
  batch.polls = {poll};
  ASSERT_TRUE(store_.commit(batch, clock_.utc()).has_value());
  const Time before = clock_.utc();
  run({[&] { clock_.set(before - std::chrono::hours(5)); },
       [&] { clock_.advance(std::chrono::minutes(5)); }, [&] {},
       [&] { EXPECT_THAT(asked(), ElementsAre("http://p.example/1")); },
       [&] { clock_.advance(std::chrono::minutes(5)); }, [&] {},
       [&] { EXPECT_THAT(asked(), ElementsAre("http://p.example/1", "http://a.example/feed")); }});
}

TEST_F(FetcherTest, AClockThatIsSetForwardHurriesNoFeed) {
  feeds_.push_back(feed_source("b"));
  run({[&] {}, [&] { clock_.advance(FeedTrips::kCompanyWait); },
       [&] {
         std::vector<FeedState> states;
         for (const QuietPoll& poll : take_quiet()) {
           FeedState& state = states.emplace_back(state_of(poll.feed_id));
           state.last_poll = clock_.utc();
           state.next_poll = clock_.utc() + std::chrono::minutes(15);
         }
         ASSERT_THAT(states, SizeIs(2));
         finish_jobs(states);
         network_.forget();
       },
       [&] { clock_.set(clock_.utc() + std::chrono::hours(5)); },
       [&] { clock_.advance(std::chrono::minutes(14)); }, [&] { EXPECT_THAT(asked(), IsEmpty()); },
       [&] { clock_.advance(std::chrono::minutes(1)); }, [&] {},
       [&] { EXPECT_THAT(asked(), SizeIs(2)); }});
}

TEST_F(FetcherTest, WhenTheNetworkIsBackWhoWasNotReachedIsAskedSoonButNotAtOnce) {
  feeds_.clear();
  for (int i = 0; i < 40; ++i) {
    feeds_.push_back(feed_source("f" + std::to_string(i)));
    network_.script(feeds_.back().url, broken(NetworkFault::kResolve));
    network_.script(feeds_.back().url, status(404));
  }
  feeds_.push_back(feed_source("probe"));
  network_.script(feeds_.back().url, broken(NetworkFault::kResolve));
  network_.script(feeds_.back().url, status(404));
  std::vector<std::function<void()>> steps{
      [&] {}, [&] { clock_.advance(FeedTrips::kCompanyWait); },
      [&] {
        std::vector<FeedState> states;
        int charged = 0;
        for (const QuietPoll& poll : take_quiet()) {
          charged += poll.outcome.kind != PollOutcome::Kind::kNetworkDown;
          FeedState& state = states.emplace_back(state_of(poll.feed_id));
          state.last_poll = clock_.utc();
          state.next_poll = clock_.utc() + std::chrono::hours(1);
          if (poll.feed_id == "probe") state.next_poll = clock_.utc() + std::chrono::minutes(5);
        }
        EXPECT_THAT(states, SizeIs(41));
        EXPECT_LT(charged, static_cast<int>(NetworkWatch::kMinHosts));
        finish_jobs(states);
        network_.forget();
      }};
  steps.push_back([&] { clock_.advance(std::chrono::minutes(5)); });
  steps.push_back([&] { EXPECT_THAT(asked(), SizeIs(1)); });
  std::vector<std::size_t> by_second;
  for (int second = 0; second < 62; ++second) {
    steps.push_back([&] {
      by_second.push_back(asked().size());
      clock_.advance(std::chrono::seconds(1));
    });
  }
  run(steps);
  EXPECT_EQ(by_second.back(), 41u);
  for (std::size_t i = 1; i < by_second.size(); ++i) {
    EXPECT_LE(by_second[i] - by_second[i - 1], 8u) << i;
  }
}

TEST_F(FetcherTest, AnHourToBeSkippedIsSkippedAlsoByAFeedThatHadToWaitButNotByTheOperator) {
  FeedState state;
  state.feed_id = "a";
  state.configured_url = state.url = "http://a.example/feed";
  state.last_poll = clock_.utc();
  state.next_poll = clock_.utc() + std::chrono::minutes(59);  // Of hour 10.
  state.skip_hours = 1u << 11;
  Batch batch;
  batch.polls = {PollCommit{.state = state}};
  ASSERT_TRUE(store_.commit(batch, clock_.utc()).has_value());
  run({[&] { clock_.advance(std::chrono::minutes(61)); }, [&] {},
       [&] { EXPECT_THAT(asked(), IsEmpty()); },
       [&] {
         mailbox_.put(FeedRequest{FeedRequest::Kind::kPollNow, "a"});
       },
       [&] {}, [&] { EXPECT_THAT(asked(), SizeIs(1)); }});
  network_.forget();
  run({[&] { clock_.advance(std::chrono::minutes(58)); }, [&] { EXPECT_THAT(asked(), IsEmpty()); },
       [&] { clock_.advance(std::chrono::minutes(1)); }, [&] {},
       [&] { EXPECT_THAT(asked(), SizeIs(1)); }});
}

TEST_F(FetcherTest, WhatIsClaimedAtTheEndIsGivenBackUncharged) {
  options_.poll.per_host_concurrency = 2;
  options_.poll.per_host_spacing = std::chrono::seconds(5);
  options_.robots = true;
  pend("1", "p.example");
  pend("2", "p.example");
  network_.hold(true);  // robots.txt is on its way when the end comes.
  run({[&] { EXPECT_EQ(waiting(), 0); }});
  EXPECT_EQ(waiting(), 2);
  const std::vector<PendingItem> again = store_.claim({.now = clock_.utc(), .per_host = 2}).value();
  for (const PendingItem& item : again) {
    EXPECT_EQ(item.attempts, 1);
  }
  EXPECT_TRUE(jobs_->drained());
}

TEST_F(FetcherTest, RobotsRulesAreAskedOnceAndObeyed) {
  options_.robots = true;
  options_.poll.per_host_concurrency = 8;
  network_.serve("http://p.example/robots.txt", "User-agent: *\nDisallow: /no", "text/plain");
  network_.serve("http://p.example/yes", "<p>page", "text/html");
  pend("yes", "p.example");
  pend("no", "p.example");
  std::vector<StoryJob> stories;
  const auto collect = [&] {
    std::vector<StoryJob> jobs = take<StoryJob>();
    for (StoryJob& job : jobs) stories.push_back(std::move(job));
  };
  run({collect, collect, collect, collect, collect});
  EXPECT_THAT(asked(), ElementsAre("http://p.example/robots.txt", "http://p.example/yes"));
  ASSERT_THAT(stories, SizeIs(2));
  for (const StoryJob& job : stories) {
    EXPECT_EQ(job.page.has_value(), job.pending.item_key == "yes");
  }
  EXPECT_EQ(metrics_.robots_refused.get(), 1);
}

TEST_F(FetcherTest, RobotsThatCannotBeReadPutThePageOff) {
  options_.robots = true;
  network_.script("http://p.example/robots.txt", status(503));
  pend("1", "p.example");
  std::vector<GiveUpJob> retries;
  const auto collect = [&] {
    std::vector<GiveUpJob> jobs = take<GiveUpJob>();
    for (GiveUpJob& job : jobs) retries.push_back(std::move(job));
  };
  run({collect, collect, collect, collect});
  ASSERT_THAT(retries, SizeIs(1));
  EXPECT_EQ(retries[0].error.code, ErrorCode::kTransient);
}

TEST_F(FetcherTest, ADownNetworkChargesNeitherFeedsNorPagesNorRobots) {
  options_.robots = true;
  feeds_.clear();
  for (int i = 0; i < 5; ++i) {
    feeds_.push_back(feed_source("f" + std::to_string(i)));
    network_.script(feeds_.back().url, broken(NetworkFault::kResolve));
  }
  network_.script("http://p.example/robots.txt", broken(NetworkFault::kResolve));
  std::vector<QuietPoll> polls;
  run({[&] {},
       [&] {
         pend("1", "p.example", "f0");
         clock_.advance(FeedTrips::kCompanyWait);
       },
       [&] {
         polls = take_quiet();
         clock_.advance(std::chrono::seconds(2));
       },
       [&] {}, [&] { EXPECT_THAT(take<StoryJob>(), IsEmpty()); },
       [&] { EXPECT_THAT(take<GiveUpJob>(), IsEmpty()); }});
  ASSERT_THAT(polls, SizeIs(5));
  EXPECT_EQ(polls.back().outcome.kind, PollOutcome::Kind::kNetworkDown);
  EXPECT_THAT(asked(), testing::Contains("http://p.example/robots.txt"));
  EXPECT_EQ(waiting(), 1);
  clock_.advance(std::chrono::minutes(1));
  EXPECT_EQ(store_.claim({.now = clock_.utc()})->at(0).attempts, 1);
}

TEST_F(FetcherTest, PagesWaitForTheSpacingOfTheirHost) {
  options_.poll.per_host_spacing = std::chrono::seconds(5);
  options_.poll.per_host_concurrency = 2;
  feeds_.push_back(feed_source("b"));
  pend("1", "p.example");
  pend("2", "p.example");
  network_.script("http://p.example/1", status(404));
  network_.script("http://p.example/2", status(404));
  const auto pages = [&] {
    const auto urls = asked();
    return std::count_if(urls.begin(), urls.end(), [](const std::string& url) {
      return url.starts_with("http://p.example/");
    });
  };
  run({[&] {
         EXPECT_EQ(pages(), 0);  // Whom the process before has asked last is not known.
         clock_.advance(std::chrono::seconds(5));
       },
       [&] { EXPECT_EQ(pages(), 1); }, [&] { EXPECT_EQ(pages(), 1); },
       [&] {
         EXPECT_GT(rounds_->waited, std::chrono::milliseconds(0));  // No spinning meanwhile.
         clock_.advance(std::chrono::milliseconds(4999));
       },
       [&] {
         EXPECT_EQ(pages(), 1);
         clock_.advance(std::chrono::milliseconds(1));
       },
       [&] { EXPECT_EQ(pages(), 2); }});
}

TEST_F(FetcherTest, ACrawlDelaySpacesPagesAndNotFeeds) {
  options_.robots = true;
  options_.poll.per_host_concurrency = 4;
  network_.serve("http://a.example/robots.txt", "User-agent: *\nCrawl-delay: 20", "text/plain");
  pend("1", "a.example");
  pend("2", "a.example");
  const auto pages = [&] {
    const auto urls = asked();
    return std::count_if(urls.begin(), urls.end(),
                         [](const std::string& url) { return url.size() == 18; });
  };
  run({[&] {}, [&] {}, [&] { EXPECT_EQ(pages(), 1); }, [&] { EXPECT_EQ(pages(), 1); },
       [&] {
         mailbox_.put(FeedRequest{FeedRequest::Kind::kPollNow, "a"});
         clock_.advance(std::chrono::milliseconds(19'999));
       },
       [&] {
         EXPECT_EQ(pages(), 1);
         EXPECT_THAT(asked(), testing::Contains("http://a.example/feed"));
         clock_.advance(std::chrono::milliseconds(1));
       },
       [&] { EXPECT_EQ(pages(), 2); }});
}

TEST_F(FetcherTest, AFeedsPagesAndRobotsAreAskedAsItIsAndSecretsStayAtItsOrigin) {
  options_.robots = true;
  options_.user_agent = "all";
  options_.proxy = "http://proxy.example:3128";
  FeedAsking& asking = options_.of_feeds["a"];
  asking.user_agent = "mine";
  asking.own.headers = {{"X-Key", "secret"}};
  feeds_.push_back(feed_source("b"));
  pend("1", "a.example");
  pend("2", "p.example");
  pend("3", "q.example", "b");
  run({[&] {
         mailbox_.put(FeedRequest{FeedRequest::Kind::kPollNow, "a"});
         mailbox_.put(FeedRequest{FeedRequest::Kind::kPollNow, "b"});
       },
       [&] {}, [&] {}, [&] {}});
  std::size_t mine = 0;
  for (const HttpRequest& request : network_.requests()) {
    SCOPED_TRACE(request.url);
    const bool of_b = request.url.starts_with("http://b.") || request.url.starts_with("http://q.");
    EXPECT_EQ(request.user_agent, of_b ? "all" : "mine");
    EXPECT_EQ(request.proxy, "http://proxy.example:3128");
    EXPECT_EQ(!request.own.headers.empty(), request.url.starts_with("http://a.example/"));
    mine += !request.own.headers.empty();
  }
  EXPECT_THAT(asked(), testing::IsSupersetOf({"http://a.example/feed", "http://a.example/1",
                                              "http://a.example/robots.txt", "http://p.example/2",
                                              "http://p.example/robots.txt", "http://q.example/3",
                                              "http://b.example/feed"}));
  EXPECT_EQ(mine, 3u);
}

TEST_F(FetcherTest, AReloadChangesHowFeedsAreAskedAndHowManyRequestsAHostMayHave) {
  network_.script("http://a.example/feed", status(404));
  options_.most_of_host = 3;
  run({[&] {
         EXPECT_EQ(network_.requests().at(0).host_limit, 3);
         FetchOptions next = options_;
         next.most_of_host = 40;
         next.of_feeds["a"].own.userpwd = "user:new";
         FeedSource moved = feed_source("a");
         moved.url = "http://a.example/other";
         fetcher_->configure(next, {moved});
       },
       [&] { clock_.advance(FeedTrips::kCompanyWait); },
       [&] {
         ASSERT_THAT(take_quiet(), SizeIs(1));
         FeedState state = state_of("a");
         state.next_poll = clock_.utc() + std::chrono::minutes(1);
         finish_jobs({state});
       },
       [&] {},
       [&] {
         mailbox_.put(FeedRequest{FeedRequest::Kind::kPollNow, "a"});
       },
       [&] {},
       [&] {
         ASSERT_THAT(asked(), testing::Contains("http://a.example/other"));
         EXPECT_EQ(network_.requests().back().host_limit, 40);
         EXPECT_EQ(network_.requests().back().own.userpwd, "user:new");
       }});
}

TEST_F(FetcherTest, AReloadAddsAndRemovesFeedsAlsoUnderParkedPages) {
  options_.poll.per_host_spacing = std::chrono::seconds(5);
  options_.poll.per_host_concurrency = 2;
  pend("1", "p.example");
  pend("2", "p.example");  // Parked: its host has just been asked.
  run({[&] { network_.hold(true); },
       [&] {
         fetcher_->configure(options_, {feed_source("b")});
         clock_.advance(std::chrono::seconds(6));
       },
       [&] { network_.hold(false); }, [&] {}, [&] { clock_.advance(std::chrono::seconds(10)); },
       [&] {
         EXPECT_THAT(take<StoryJob>(), IsEmpty());
         EXPECT_THAT(asked(), testing::Contains("http://b.example/feed"));
       }});
  EXPECT_EQ(waiting(), 2);
  // Its items sleep, uncharged, until the feed comes back.
  EXPECT_THAT(store_.claim({.now = clock_.utc()}).value(), IsEmpty());
  clock_.advance(std::chrono::hours(1));
  EXPECT_EQ(store_.claim({.now = clock_.utc()})->at(0).attempts, 1);
}

TEST_F(FetcherTest, OperatorsRequestsGoToTheDeskInTheirOrder) {
  network_.hold(true);
  run({[&] {
         // Past the workers, of whom each might be faster than the one before.
         mailbox_.put(FeedRequest{FeedRequest::Kind::kPause, "a"});
         mailbox_.put(FeedRequest{FeedRequest::Kind::kReset, "unknown"});
         mailbox_.put(FeedRequest{FeedRequest::Kind::kResume, "a"});
       },
       [&] {
         std::vector<FeedRequest::Kind> kinds;
         while (auto outcome = outcomes_->try_pop()) {
           const auto* const change = std::get_if<StateJob>(&outcome->result);
           if (change == nullptr) continue;
           EXPECT_EQ(change->state.feed_id, "a");
           EXPECT_NE(outcome->job_id, 0u);
           kinds.push_back(change->kind);
         }
         EXPECT_THAT(kinds, ElementsAre(FeedRequest::Kind::kPause, FeedRequest::Kind::kResume));
       }});
}

TEST_F(FetcherTest, APausedFeedThatWaitedForItsHostNoLongerHoldsUpThePages) {
  options_.poll.per_host_spacing = std::chrono::seconds(5);
  feeds_ = {feed_source("a"), feed_source("b")};
  feeds_[1].url = "http://a.example/other";
  network_.script("http://a.example/feed", status(404));
  network_.script("http://a.example/other", status(404));
  FeedState paused;
  run({[&] {}, [&] { clock_.advance(FeedTrips::kCompanyWait); },
       [&] {
         // One of the two was asked, the other waits: both are paused now.
         std::vector<FeedState> states;
         for (const FeedSource& feed : feeds_) {
           FeedState state;
           state.feed_id = feed.id;
           state.configured_url = state.url = feed.url;
           state.paused = true;
           states.push_back(state);
         }
         EXPECT_THAT(take_quiet(), SizeIs(1));
         finish_jobs(states);
         clock_.advance(std::chrono::minutes(1));
       },
       [&] { pend("1", "a.example"); }, [&] { clock_.advance(std::chrono::seconds(2)); }, [&] {},
       [&] { EXPECT_THAT(asked(), testing::Contains("http://a.example/1")); }});
}

TEST_F(FetcherTest, AFeedThatSkipsTheHourNoLongerHoldsUpThePages) {
  options_.poll.per_host_spacing = std::chrono::seconds(5);
  feeds_ = {feed_source("a"), feed_source("b")};
  feeds_[1].url = "http://a.example/other";
  network_.script("http://a.example/feed", status(404));
  network_.script("http://a.example/other", status(404));
  run({[&] {}, [&] { clock_.advance(FeedTrips::kCompanyWait); },
       [&] {
         // One of the two was asked, the other waits: both are to be left alone at ten.
         std::vector<FeedState> states;
         for (const FeedSource& feed : feeds_) {
           FeedState state;
           state.feed_id = feed.id;
           state.configured_url = state.url = feed.url;
           state.last_poll = state.next_poll = clock_.utc();
           state.skip_hours = 1u << 10;
           states.push_back(state);
         }
         EXPECT_THAT(take_quiet(), SizeIs(1));
         finish_jobs(states);
         clock_.advance(std::chrono::minutes(1));
       },
       [&] { pend("1", "a.example"); }, [&] { clock_.advance(std::chrono::seconds(6)); }, [&] {},
       [&] {
         EXPECT_THAT(asked(), SizeIs(2));
         EXPECT_THAT(asked(), testing::Contains("http://a.example/1"));
       }});
}

TEST_F(FetcherTest, OfAFeedThatIsGoneAPageThatFailsIsGivenBack) {
  pend("1", "p.example");
  network_.script("http://p.example/1", status(404));
  network_.hold(true);
  run({[&] {}, [&] { fetcher_->configure(options_, {feed_source("b")}); },
       [&] { network_.hold(false); }, [&] {}, [&] { EXPECT_THAT(take<StoryJob>(), IsEmpty()); }});
  EXPECT_THAT(asked(), testing::Contains("http://p.example/1"));
  EXPECT_EQ(waiting(), 1);
}

TEST_F(FetcherTest, WhatIsGivenBackLateWaitsByTheClockAsItWasSet) {
  pend("1", "p.example", "gone");
  store_.fail_releases(1);
  const Time until = clock_.utc() + std::chrono::hours(1);
  const std::chrono::hours step{10};
  run({[&] {}, [&] { clock_.set(clock_.utc() + step); }, [&] {},
       [&] { clock_.advance(std::chrono::seconds(1)); }, [&] { EXPECT_EQ(waiting(), 1); }});
  EXPECT_EQ(store_.work().backlog(clock_.utc())->next_due, until + step);
}

TEST_F(FetcherTest, AnswersAreCountedByTheirHundredsAndAllElseAsNone) {
  int asked_so_far = 0;
  const auto answered = [&](const HttpResponse& response) {
    feeds_ = {feed_source("feed" + std::to_string(++asked_so_far))};
    network_.script(feeds_[0].url, response);
    std::vector<std::int64_t> before;
    for (const auto& each : metrics_.fetches) before.push_back(each.get());
    run({[&] {}, [&] {}});
    std::vector<std::size_t> counted;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (metrics_.fetches[i].get() > before[i]) counted.push_back(i);
    }
    return counted;
  };
  EXPECT_THAT(answered(status(200)), ElementsAre(0u));
  EXPECT_THAT(answered(status(503)), ElementsAre(3u));
  EXPECT_THAT(answered(status(799)), ElementsAre(Metrics::kFetchOutcomes - 1));
  EXPECT_THAT(answered(status(100)), ElementsAre(Metrics::kFetchOutcomes - 1));
  EXPECT_THAT(answered(broken(NetworkFault::kTimeout)), ElementsAre(Metrics::kFetchOutcomes - 1));
}

TEST_F(FetcherTest, WhatTheStoreRefusesToTakeBackIsOfferedAgain) {
  pend("1", "p.example", "gone");
  store_.fail_releases(1);
  run({[&] { EXPECT_EQ(waiting(), 0); }, [&] { clock_.advance(std::chrono::seconds(1)); },
       [&] { EXPECT_EQ(waiting(), 1); }});
}

TEST_F(FetcherTest, SuspectsAreWorkedOnAloneAndNotAtOnce) {
  for (int i = 0; i < 3; ++i) pend(std::to_string(i), "p" + std::to_string(i) + ".example");
  for (int death = 0; death < kSuspectFrom; ++death) {
    ASSERT_THAT(store_.claim({.now = clock_.utc()}).value(), SizeIs(3));
    store_.clear_claims();
  }
  pend("new", "pnew.example");
  const auto pages = [&] {
    const auto urls = asked();
    return std::count_if(urls.begin(), urls.end(),
                         [](const std::string& url) { return url.starts_with("http://p"); });
  };
  const auto begins = clock_.monotonic();
  std::vector<std::function<void()>> steps;
  steps.push_back([&] { EXPECT_EQ(pages(), 1); });  // The other.
  steps.push_back([&] {
    EXPECT_THAT(take<StoryJob>(), SizeIs(1));
    finish_jobs();
    pend("later", "plater.example");
    clock_.advance(std::chrono::seconds(10));
  });
  for (int suspect = 1; suspect <= 3; ++suspect) {
    steps.push_back([&, suspect] { EXPECT_EQ(pages(), 1 + suspect); });
    steps.push_back([&, suspect] { EXPECT_EQ(pages(), 1 + suspect); });  // At the desk by now.
    steps.push_back([&, suspect] {
      EXPECT_EQ(pages(), 1 + suspect);
      EXPECT_THAT(take<StoryJob>(), SizeIs(1));
      finish_jobs();
    });
  }
  steps.push_back([&] {});  // No more suspects: the others have their turn.
  steps.push_back([&] { EXPECT_EQ(pages(), 5); });
  run(steps);
  EXPECT_EQ(asked().at(0), "http://pnew.example/new");
  EXPECT_EQ(asked().back(), "http://plater.example/later");
  EXPECT_EQ(clock_.monotonic() - begins, std::chrono::seconds(10));
}

TEST_F(FetcherTest, OnlyDeathsOfItsOwnCostASuspectItsPageAndThenItsPlace) {
  pend("poison", "p.example");
  for (int deaths = 0; deaths <= options_.story_crashes; ++deaths) {
    SCOPED_TRACE(deaths);
    bool page = false;
    bool told = false;
    bool given_up = false;
    network_.hold(true);
    run({[&] { clock_.advance(std::chrono::seconds(10)); },
         [&] {
           page = !asked().empty();
           while (auto job = jobs_->try_pop()) {
             told |= std::holds_alternative<StoryJob>(job->work);
             const auto* last = std::get_if<GiveUpJob>(&job->work);
             given_up |= last != nullptr && last->error.code == ErrorCode::kMalformed;
           }
         }});
    EXPECT_EQ(page, deaths < options_.page_crashes);
    EXPECT_EQ(told, deaths >= options_.page_crashes && deaths < options_.story_crashes);
    EXPECT_EQ(given_up, deaths == options_.story_crashes);
    // Given back in good order, or still at the desk; now the process dies with it in hand.
    store_.claim({.now = clock_.utc(), .suspect = deaths >= kSuspectFrom});
    store_.clear_claims();
    network_.forget();
  }
}

class FetcherRechecks : public FetcherTest {
 protected:
  FetcherRechecks() { options_.recheck = true; }

  /// A story of feed "a" in an open event, whose page is to be looked at again now.
  void plan(const std::string& key, const std::string& host) {
    Batch batch;
    StoryCommit& told = batch.stories.emplace_back();
    told.story.emplace();
    told.story_id = told.story->id = "s-" + key;
    told.event_id = "e";
    RecheckCommit& recheck = batch.rechecks.emplace_back();
    recheck.look.story_id = told.story_id;
    recheck.look.item.feed_id = "a";
    recheck.look.item.item.link = "http://" + host + "/" + key;
    recheck.look.item.page_host = host;
    recheck.look.etag = "\"v1\"";
    recheck.look.last_modified = "yesterday";
    recheck.due = clock_.utc();
    ASSERT_TRUE(store_.commit(batch, clock_.utc()).has_value());
  }
  /// What went to the desk: other outcomes are passed over.
  std::vector<LookedAgain::Kind> looked() {
    std::vector<LookedAgain::Kind> kinds;
    while (auto outcome = outcomes_->try_pop()) {
      ids_.push_back(outcome->job_id);
      if (auto* look = std::get_if<LookedAgain>(&outcome->result)) kinds.push_back(look->kind);
    }
    return kinds;
  }
  void pass() { clock_.advance(std::chrono::seconds(2)); }
  std::vector<LookedAgain::Kind> looked_in_five_rounds() {
    std::vector<LookedAgain::Kind> all;
    const auto collect = [&] {
      for (const LookedAgain::Kind each : looked()) all.push_back(each);
      finish_jobs();
      pass();
    };
    run({collect, collect, collect, collect, collect});
    return all;
  }
  std::vector<std::string> pages_asked() const {
    std::vector<std::string> urls;
    for (const std::string& url : asked()) {
      if (!url.ends_with("/feed")) urls.push_back(url);
    }
    return urls;
  }
};

TEST_F(FetcherRechecks, AskConditionallyAndHandADocumentToAWorker) {
  plan("1", "p.example");
  network_.serve("http://p.example/1", "<p>page", "text/html");
  run({[&] { pass(); }, [&] { pass(); },
       [&] {
         const auto jobs = take<StoryJob>();
         ASSERT_THAT(jobs, SizeIs(1));
         EXPECT_EQ(jobs[0].recheck->story_id, "s-1");
         EXPECT_EQ(jobs[0].page->body, "<p>page");
         EXPECT_EQ(jobs[0].pending.id, 0);
       }});
  EXPECT_EQ(network_.requests().back().etag, "\"v1\"");
  EXPECT_EQ(network_.requests().back().last_modified, "yesterday");
  EXPECT_EQ(metrics_.pages_rechecked.get(), 1);
}

TEST_F(FetcherRechecks, TellTheDeskWhatCameOfItWithoutADocument) {
  using Kind = LookedAgain::Kind;
  const std::vector<std::pair<int, Kind>> rows = {{304, Kind::kUnchanged}, {404, Kind::kMissing},
                                                  {410, Kind::kGone},      {500, Kind::kFailed},
                                                  {403, Kind::kFailed},    {0, Kind::kFailed}};
  for (const auto& [code, kind] : rows) {
    const std::string key = std::to_string(code);
    network_.script("http://" + key + ".example/" + key,
                    code == 0 ? broken(NetworkFault::kNone) : status(code));
    plan(key, key + ".example");
    std::vector<LookedAgain::Kind> all;
    const auto collect = [&] {
      for (const Kind each : looked()) all.push_back(each);
      finish_jobs();
      pass();
    };
    run({collect, collect, collect, collect});
    EXPECT_THAT(all, ElementsAre(kind)) << code;
  }
}

TEST_F(FetcherRechecks, AreNotUnlessAskedFor) {
  options_.recheck = false;
  plan("1", "p.example");
  run({[&] { pass(); }, [&] { pass(); }, [&] { pass(); }});
  EXPECT_THAT(pages_asked(), IsEmpty());
}

TEST_F(FetcherRechecks, AreFewAtOnceAndComeAfterPagesThatAreNew) {
  options_.poll.per_host_spacing = std::chrono::seconds(5);
  for (int i = 0; i < 20; ++i) plan(std::to_string(i), "old" + std::to_string(i) + ".example");
  plan("again", "p.example");
  pend("new1", "p.example");
  pend("new2", "p.example");
  network_.hold(true);
  run({[&] {}, [&] { pass(); }, [&] { pass(); }, [&] { pass(); }, [&] { pass(); }});
  const std::vector<std::string> asked = pages_asked();
  EXPECT_EQ(asked.front().substr(0, 20), "http://p.example/new");
  EXPECT_EQ(std::ranges::count_if(
                asked, [](const auto& url) { return url.find("//old") != std::string::npos; }),
            4);
  EXPECT_EQ(std::ranges::count(asked, "http://p.example/again"), 0);
}

TEST_F(FetcherRechecks, ObeyRobots) {
  options_.robots = true;
  network_.serve("http://p.example/robots.txt", "User-agent: *\nDisallow: /no", "text/plain");
  plan("no", "p.example");
  const std::vector<LookedAgain::Kind> all = looked_in_five_rounds();
  EXPECT_THAT(pages_asked(), ElementsAre("http://p.example/robots.txt"));
  EXPECT_THAT(all, ElementsAre(LookedAgain::Kind::kFailed));
}

TEST_F(FetcherRechecks, LeaveAHostAloneThatAskedForIt) {
  HttpResponse limited = status(429);
  limited.retry_after = std::chrono::hours(2);
  network_.script("http://p.example/1", limited);
  plan("1", "p.example");
  plan("2", "p.example");
  const std::vector<LookedAgain::Kind> all = looked_in_five_rounds();
  EXPECT_THAT(pages_asked(), ElementsAre("http://p.example/1"));
  EXPECT_THAT(all, ElementsAre(LookedAgain::Kind::kFailed));
}

}  // namespace
}  // namespace nutgraf
