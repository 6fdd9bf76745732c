#include "tests/manners/guest.h"

#include <gtest/gtest.h>

#include <semaphore>
#include <utility>

#include "daemon/app/settings.h"
#include "daemon/fetch/curl_client.h"
#include "daemon/fetcher/fetcher.h"
#include "daemon/store/sqlite_store.h"
#include "tests/support/feed_states.h"

namespace nutgraf {
namespace {

/// How far the clock is moved when nothing is due within the fetcher's longest wait: so late is the
/// daemon at most.
constexpr std::chrono::seconds kStride{20};
constexpr std::chrono::milliseconds kFetchersLongestWait{1000};

/// Here every job is waited for to its commit, so no other would come to share it with.
DeskOptions impatient(DeskOptions options) {
  options.quiet_wait = {};
  return options;
}

/// One process: the threads of the daemon in the hands of one. Where the fetcher waits for the
/// network, the others have their turn, and then time passes.
class Life final : public HttpClient {
 public:
  Life(const Config& config, const std::filesystem::path& file, ManualClock& clock, Sent& sent,
       Time end)
      : clock_(clock), end_(end), work_options_(work_options(config)), curl_(clock) {
    store_ = SqliteStore::open(file, &plain_envelope).value();
    desk_ = std::make_unique<Desk>(Desk::Seams{store_->ledger(), sent, mailbox_, clock, outcomes_,
                                               metrics_, desk_pulse_, [](Sequence) {}, book_},
                                   impatient(desk_options(config)), config.dedup, config.event);
    fetcher_ =
        std::make_unique<Fetcher>(Fetcher::Seams{*this, store_->work(), mailbox_, clock, jobs_,
                                                 quiet_, metrics_, fetcher_pulse_, book_},
                                  fetch_options(config).value(), config.feeds);
    EXPECT_TRUE(desk_->restore().has_value());
    EXPECT_TRUE(fetcher_->restore().has_value());
    while (committed_.try_acquire()) {
    }
  }

  void run() {
    std::jthread desk([this] { desk_->run(); });
    fetcher_->run(stop_.get_token());
    work_off();
    outcomes_.close();
  }

  void start(HttpRequest request) override { curl_.start(std::move(request)); }
  std::vector<HttpResponse> wait(std::chrono::milliseconds timeout) override {
    if (work_off()) return {};
    if (curl_.in_flight() > 0) return curl_.wait(std::chrono::seconds(10));
    if (clock_.utc() >= end_) {
      stop_.request_stop();
    } else {
      clock_.advance(timeout < kFetchersLongestWait ? timeout : kStride);
    }
    return {};
  }
  std::size_t in_flight() const override { return curl_.in_flight(); }
  void abandon() override { curl_.abandon(); }
  void wake() override {}

 private:
  /// Each job to the end of its trip, one after the other. False: there was none.
  bool work_off() {
    bool any = false;
    const auto commit = [&](Outcome outcome) {
      outcomes_.push(std::move(outcome));
      committed_.acquire();
      any = true;
    };
    while (std::optional<Job> job = jobs_.try_pop()) commit(work(*job, work_options_));
    while (std::optional<Outcome> quiet = quiet_.try_pop()) commit(*std::move(quiet));
    return any;
  }

  ManualClock& clock_;
  const Time end_;
  const WorkOptions work_options_;
  CurlClient curl_;
  std::unique_ptr<SqliteStore> store_;
  std::counting_semaphore<> committed_{0};
  Mailbox mailbox_{[this] { committed_.release(); }};
  BoundedQueue<Job> jobs_{InFlight::kSlots + 1000};
  BoundedQueue<Outcome> quiet_{InFlight::kSlots + 1000};  // From the fetcher.
  BoundedQueue<Outcome> outcomes_{10};
  Metrics metrics_;
  Pulse desk_pulse_;
  Pulse fetcher_pulse_;
  FeedBook book_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Fetcher> fetcher_;
  std::stop_source stop_;
};

}  // namespace

Guest::Guest(Config config, std::filesystem::path store, ManualClock& clock)
    : config_(std::move(config)), store_(std::move(store)), clock_(clock) {}

void Guest::live_until(Time end) { Life(config_, store_, clock_, sent_, end).run(); }

std::vector<FeedState> Guest::feed_states() const {
  return nutgraf::feed_states(SqliteStore::open(store_, &plain_envelope).value()->work());
}

}  // namespace nutgraf
