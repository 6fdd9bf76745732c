// The whole daemon in one process: a newsroom on the loopback, the real store, the real wire.
#include "daemon/app/app.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "daemon/app/control_handler.h"
#include "daemon/app/status_view.h"
#include "daemon/client/subscriber.h"
#include "tests/support/feed_writer.h"
#include "tests/support/newsroom.h"
#include "tests/support/story_maker.h"

namespace nutgraf {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

/// Nothing that a test waits for takes this long; it only ends a test that would hang.
constexpr std::chrono::seconds kDeadline{60};

class AppTest : public testing::Test {
 protected:
  AppTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "nutgraf-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    newsroom_ = Newsroom::start();
  }
  ~AppTest() override {
    app_.reset();
    std::filesystem::remove_all(folder_);
  }

  /// The feed `name` with these stories in full, the newest first.
  void put_feed(const std::string& name, const std::vector<std::uint64_t>& numbers) {
    WrittenFeed feed;
    feed.format = "rss";
    feed.title = name;
    feed.link = newsroom_->url("/");
    for (const std::uint64_t number : numbers) {
      const NewsroomStory story = make_story(number);
      WrittenItem item;
      item.link = newsroom_->url("/" + name + "/" + std::to_string(number));
      item.guid = item.link;
      item.title = story.title;
      item.full_html = story_html(story);
      feed.items.push_back(item);
    }
    newsroom_->put("/" + name, {.body = write_feed(feed)});
  }

  std::string config_path() const { return (folder_ / "nutgraf.toml").string(); }
  void configure(const std::vector<std::string>& feeds, const std::string& more = "") {
    std::ofstream file(config_path());
    file << "[store]\npath = \"" << (folder_ / "n.db").string() << "\"\n"
         << "[wire]\nlive = [\"tcp://127.0.0.1:*\"]\nsync = [\"tcp://127.0.0.1:*\"]\n"
         << "heartbeat = \"50ms\"\n[status]\nlisten = \"\"\n"
         << "[poll]\ninterval = \"1s\"\nmin_interval = \"1s\"\nadaptive = false\n"
         << "first_poll = \"all\"\nstart_spread = \"0s\"\ncatch_up_spread = \"0s\"\n"
         << "per_host_spacing = \"0s\"\nper_host_concurrency = 16\n"
         << "[fetch]\nrobots = false\n"
         << more;
    for (const std::string& feed : feeds) {
      file << "[[feed]]\nid = \"" << feed << "\"\nurl = \"" << newsroom_->url("/" + feed)
           << "\"\npublisher = \"" << feed << "\"\nallow_private = true\n";
    }
  }
  /// Settings that replace those of configure().
  void settle(const std::string& text) {
    std::filesystem::create_directory(folder_ / "nutgraf.d");
    std::ofstream(folder_ / "nutgraf.d" / "more.toml") << text;
  }
  Result<std::unique_ptr<App>> create() {
    Result<Config> config = load_config(config_path());
    EXPECT_TRUE(config.has_value()) << config.error().message;
    return App::create(*config, config_path(), "test");
  }
  void start() {
    Result<std::unique_ptr<App>> app = create();
    ASSERT_TRUE(app.has_value()) << app.error().message;
    app_ = *std::move(app);
    app_->start();
    SubscriberOptions options;
    options.live = app_->live_endpoints().front();
    options.sync = app_->sync_endpoints().front();
    options.prefixes = {"story."};
    if (cursor_) {
      options.start = *cursor_;
    } else {
      options.start = FromOldest{};
    }
    subscriber_ = *Subscriber::connect(options);
  }
  void stop() {
    // All that was committed is in the log: read to its end before the wire goes.
    cursor_ = subscriber_->cursor();
    app_->stop();
    app_.reset();
    subscriber_.reset();
  }

  /// Takes deliveries until so many stories of different ids are there.
  void until_stories(std::size_t wanted) {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (ids_.size() < wanted && std::chrono::steady_clock::now() < deadline) take_one();
    EXPECT_EQ(ids_.size(), wanted);
  }
  void take_one() {
    const auto delivery = subscriber_->next(std::chrono::milliseconds(20));
    ASSERT_TRUE(delivery.has_value()) << delivery.error().message;
    if (!*delivery) return;
    const auto* message = std::get_if<Message>(&**delivery);
    if (message == nullptr || !seqs_.insert(message->seq).second) return;
    const auto body = nlohmann::json::parse(message->body);
    ++created_[body.at("story").at("id").get<std::string>()];
    ids_.insert(body.at("story").at("id").get<std::string>());
    titles_.insert(body.at("story").at("title").get<std::string>());
  }
  template <typename Done>
  void until(Done&& done) {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (!done() && std::chrono::steady_clock::now() < deadline) take_one();
    EXPECT_TRUE(done());
  }
  nlohmann::json ask(const std::string& request) {
    auto handler = ControlHandler::create(*app_);
    return nlohmann::json::parse((*handler)->answer(request));
  }

  std::filesystem::path folder_;
  std::unique_ptr<Newsroom> newsroom_;
  std::unique_ptr<App> app_;
  std::unique_ptr<Subscriber> subscriber_;
  std::optional<Cursor> cursor_;
  std::set<Sequence> seqs_;
  std::set<std::string> ids_;
  std::set<std::string> titles_;
  std::map<std::string, int> created_;
};

std::int64_t counted(const Histogram& values) {
  std::int64_t all = 0;
  for (const Figure& range : values.ranges) all += range.get();
  return all;
}

TEST(HealthOf, IsFalseWhereTheDaemonLivesInVain) {
  const Time start = *parse_rfc3339("2026-11-21T10:00:00Z");
  const auto text = [&](std::chrono::minutes later, auto&& change) {
    Metrics metrics;
    metrics.feeds.set(5);
    change(metrics);
    const Health health = health_of(metrics, start, start + later);
    EXPECT_EQ(health.ok, health.text == "ok");
    return health.text;
  };
  using std::chrono::minutes;
  EXPECT_EQ(text(minutes(99), [](Metrics&) {}), "ok");
  EXPECT_EQ(text(minutes(1), [](Metrics& m) { m.store_failing.set(1); }),
            "the store refuses to commit; see the log");
  EXPECT_EQ(text(minutes(1), [](Metrics& m) { m.feeds_failing.set(3), m.feeds_gone.set(2); }),
            "no feed can be read");
  EXPECT_EQ(text(minutes(1), [](Metrics& m) { m.feeds_failing.set(4); }), "ok");
  EXPECT_EQ(text(minutes(1), [](Metrics& m) { m.oldest_due_ms.set(3'700'000); }),
            "feeds wait for over an hour for their turn");
  // Without a network no feed is to blame, and yet nothing comes.
  const auto blind = [](Metrics& m) { m.polls_failed_in_row.set(5); };
  EXPECT_EQ(text(minutes(14), blind), "ok");
  EXPECT_EQ(text(minutes(16), blind), "no poll has succeeded for 16 minutes: is there a network?");
  EXPECT_EQ(text(minutes(16), [](Metrics& m) { m.polls_failed_in_row.set(4); }), "ok");
  EXPECT_EQ(
      text(minutes(16),
           [&](Metrics& m) {
             blind(m);
             m.last_good_poll_unix.set(start.time_since_epoch() / std::chrono::seconds(1) + 600);
           }),
      "ok");
}

TEST_F(AppTest, StoriesOfAFeedReachASubscriberAndCopiesDoNot) {
  put_feed("a", {1, 2, 3});
  put_feed("b", {3, 4});
  configure({"a", "b"});
  start();
  until_stories(4);
  until([&] { return app_->metrics().stories_duplicate.get() == 1; });
  EXPECT_TRUE(titles_.contains(make_story(4).title));
  EXPECT_EQ(app_->metrics().stories_published.get(), 4);
  EXPECT_FALSE(app_->stuck(std::chrono::seconds(60)).has_value());
  until([&] { return counted(app_->metrics().since_response) == 4; });
  EXPECT_EQ(counted(app_->metrics().since_first_seen), 4);
  EXPECT_EQ(counted(app_->metrics().since_published), 0);  // They were there before us.
  EXPECT_GT(app_->metrics().fetches[0].get(), 0);
  const nlohmann::json status = ask(R"({"cmd":"status"})");
  EXPECT_TRUE(status.at("ok").get<bool>());
  EXPECT_EQ(status.at("feeds").at("ok"), 2);
  EXPECT_THAT(status.at("problems"), IsEmpty());
  EXPECT_GE(status.at("head").get<int>(), 4);
}

TEST_F(AppTest, TheFeedsAnswerHasTheUnwellFirstAndKnowsEverythingAboutOne) {
  put_feed("a", {1, 2});
  newsroom_->put("/b", {.body = "no feed at all"});
  configure({"a", "b"});
  start();
  until_stories(2);
  until([&] { return ask(R"({"cmd":"feeds"})")["feeds"][0]["state"] == "failing"; });
  const nlohmann::json all = ask(R"({"cmd":"feeds"})");
  EXPECT_EQ(all.at("total"), 2);
  EXPECT_EQ(all.at("feeds")[0].at("id"), "b");
  EXPECT_FALSE(all.at("feeds")[0].at("reason").get<std::string>().empty());
  EXPECT_EQ(all.at("feeds")[1].at("id"), "a");
  EXPECT_EQ(all.at("feeds")[1].at("items"), 2);
  EXPECT_FALSE(all.at("feeds")[1].contains("usual"));
  const nlohmann::json one = ask(R"({"cmd":"feeds","feeds":["a"]})");
  ASSERT_THAT(one.at("feeds"), SizeIs(1));
  EXPECT_EQ(one.at("feeds")[0].at("usual").at("stories"), 2);
  EXPECT_EQ(one.at("feeds")[0].at("title"), "a");
  EXPECT_FALSE(ask(R"({"cmd":"feeds","feeds":["nobody"]})").at("ok").get<bool>());
}

TEST_F(AppTest, ARestartGoesOnWithoutAnythingTwiceOrMissing) {
  put_feed("a", {1, 2});
  configure({"a"});
  start();
  until_stories(2);
  stop();
  put_feed("a", {3, 1, 2});
  start();
  until_stories(3);
  stop();
  for (const auto& [id, times] : created_) EXPECT_EQ(times, 1) << id;
  EXPECT_EQ(*seqs_.rbegin(), static_cast<Sequence>(3));
}

TEST_F(AppTest, StoppingDrainsWhatIsInFlight) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 1; i <= 100; ++i) numbers.push_back(i);
  put_feed("a", numbers);
  configure({"a"});
  start();
  until([&] { return app_->metrics().stories_published.get() > 0; });
  stop();
  // Whatever was not done by then is done now, once.
  start();
  until_stories(100);
  for (const auto& [id, times] : created_) EXPECT_EQ(times, 1) << id;
  stop();
}

TEST_F(AppTest, StoppingDoesNotWaitForEverOnAStoreThatRefusesAndNothingIsLost) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = 1; i <= 400; ++i) numbers.push_back(i);
  put_feed("a", numbers);
  configure({"a"});
  start();
  until([&] { return app_->metrics().stories_published.get() > 0; });
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open((folder_ / "n.db").c_str(), &other), SQLITE_OK);
  sqlite3_busy_timeout(other, 10'000);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  cursor_ = subscriber_->cursor();
  app_->stop(std::chrono::milliseconds(200));
  sqlite3_close(other);  // Rolls back.
  app_.reset();
  start();
  until_stories(400);
  for (const auto& [id, times] : created_) EXPECT_EQ(times, 1) << id;
  stop();
}

TEST_F(AppTest, ASecondDaemonOnTheSameStoreIsRefused) {
  put_feed("a", {1});
  configure({"a"});
  start();
  const auto second = create();
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kRefused);
  until_stories(1);  // The first noticed nothing.
}

TEST_F(AppTest, AReloadAddsAndRemovesFeedsAndABadOneChangesNothing) {
  put_feed("a", {1});
  put_feed("b", {2});
  configure({"a"});
  start();
  until_stories(1);
  configure({"b"});
  const Result<ReloadReport> report = app_->reload();
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->added, 1u);
  EXPECT_EQ(report->removed, 1u);
  until_stories(2);
  std::ofstream(config_path()) << "[pol]\n";
  EXPECT_EQ(app_->metrics().last_reload_ok.get(), 1);
  const Result<ReloadReport> bad = app_->reload();
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, ErrorCode::kBadConfig);
  EXPECT_EQ(app_->metrics().reloads.get(), 1);
  EXPECT_EQ(app_->metrics().reloads_refused.get(), 1);
  EXPECT_EQ(app_->metrics().last_reload_ok.get(), 0);
  // SIGHUP has no answer: who asks later how it fares is told.
  EXPECT_THAT(ask(R"({"cmd":"status"})").at("problems").dump(),
              testing::HasSubstr("the last reload was refused and the old settings stay"));
  EXPECT_THAT(app_->book().sources(), SizeIs(1));
  put_feed("b", {2, 3});
  until_stories(3);
}

TEST_F(AppTest, WhatNeedsARestartIsToldAtEveryReloadAndStaysAsItWas) {
  configure({});
  settle("[status]\nmirror = \"on\"\n");
  start();
  const auto view = StatusView::create(*app_).value();
  settle("[store]\npath = \"" + (folder_ / "other.db").string() + "\"\nmin_free = \"1MiB\"\n" +
         "[status]\nmirror = \"off\"\n[wire]\nadvertise = \"tcp://elsewhere.example:1\"\n" +
         "[poll]\nmin_interval = \"7s\"\n");
  for (int again = 0; again < 2; ++again) {
    const Result<ReloadReport> report = app_->reload();
    ASSERT_TRUE(report.has_value()) << report.error().message;
    EXPECT_THAT(report->need_restart,
                testing::ElementsAre("store.path", "store.min_free", "wire", "status"));
  }
  const Config settings = app_->settings();
  EXPECT_EQ(settings.store.path, (folder_ / "n.db").string());
  EXPECT_EQ(settings.poll.min_interval, std::chrono::seconds(7));
  app_->count_figures();
  EXPECT_GT(app_->metrics().store_bytes.get(), 0);

  const StatusPages pages = view->pages();
  EXPECT_EQ(nlohmann::json::parse(pages.status()).at("mirror"), true);
  ASSERT_TRUE(pages.log.has_value());
  EXPECT_EQ(nlohmann::json::parse(pages.log->hello(0)).at("sync"), app_->sync_endpoints().front());
}

TEST_F(AppTest, WhatAFeedSaysOfItsServerIsSentAndFollowsAReload) {
  put_feed("a", {1});
  const std::string secret = (folder_ / "secret").string();
  std::ofstream(secret) << "first\n";
  const auto say = [&](const std::string& more) {
    configure({"a"});
    std::ofstream(config_path(), std::ios::app) << more;
  };
  const auto newest = [&](const char* name) {
    const auto requests = newsroom_->requests("/a");
    return requests.empty() ? std::nullopt : requests.back().header(name);
  };
  say("user_agent = \"mine\"\nheaders = { X-Key = \"@" + secret + "\" }\n");
  start();
  until([&] { return newest("X-Key") == "first"; });
  EXPECT_EQ(newest("User-Agent"), "mine");

  // The files are read again, too.
  std::ofstream(secret) << "user:second\n";
  say("auth_file = \"" + secret + "\"\n");
  ASSERT_TRUE(app_->reload().has_value());
  until([&] { return newest("Authorization") == "Basic dXNlcjpzZWNvbmQ="; });
  EXPECT_EQ(newest("X-Key"), std::nullopt);
  EXPECT_NE(newest("User-Agent"), "mine");

  std::filesystem::remove(secret);
  const Result<ReloadReport> bad = app_->reload();
  ASSERT_FALSE(bad.has_value());
  EXPECT_THAT(bad.error().message,
              testing::HasSubstr("feed a: auth_file: " + secret + " cannot be read"));
}

TEST_F(AppTest, AFeedOnPauseIsNotAskedUntilItIsResumed) {
  put_feed("a", {1});
  configure({"a"});
  start();
  until_stories(1);
  const nlohmann::json before = ask(R"({"cmd":"pause","feeds":["a"]})");
  EXPECT_EQ(before.at("changed"), nlohmann::json({"a"}));
  EXPECT_EQ(before.at("feeds")[0].at("paused"), false);
  const auto paused = [&] { return ask(R"({"cmd":"feeds"})").at("feeds")[0].at("paused"); };
  until([&] { return paused() == true; });
  EXPECT_EQ(ask(R"({"cmd":"poll-now"})").at("feeds")[0].at("paused"), true);
  put_feed("a", {1, 2});
  ask(R"({"cmd":"resume","feeds":["a"]})");
  until([&] { return paused() == false; });
  until_stories(2);
}

TEST_F(AppTest, AnAppThatWasNeverStartedGoesAwayQuietly) {
  configure({});
  const auto app = create();
  ASSERT_TRUE(app.has_value());
}

}  // namespace
}  // namespace nutgraf
