#include "daemon/app/app.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <utility>

#include "daemon/app/settings.h"
#include "daemon/app/wire_security.h"
#include "daemon/dedup/identity.h"
#include "daemon/fetch/curl_client.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/service/logging.h"
#include "daemon/wire/envelope.h"

namespace nutgraf {
namespace {

/// More than the fetcher ever takes until it looks for another configuration.
constexpr std::chrono::seconds kFetchersRound{5};

/// For a commit, also behind a purge of much. Below what the tool waits.
constexpr std::chrono::seconds kRetractPatience{20};

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::int64_t size_of_file(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

void warn(const Config& config) {
  for (const std::string& warning : config_warnings(config)) spdlog::warn("{}", warning);
}

}  // namespace

App::App(Config config, std::string config_path, std::string version)
    : config_path_(std::move(config_path)),
      version_(std::move(version)),
      started_at_(clock_.utc()),
      started_(clock_.monotonic()),
      store_path_(config.store.path),
      config_(std::move(config)),
      work_options_(work_options(config_)) {}

App::~App() { stop(); }

Result<std::unique_ptr<App>> App::create(Config config, std::string config_path,
                                         std::string version) {
  std::unique_ptr<App> app(new App(std::move(config), std::move(config_path), std::move(version)));
  if (Result<void> opened = app->open(); !opened) return tl::unexpected(opened.error());
  return app;
}

Result<void> App::open() {
  Result<FetchOptions> fetch = fetch_options(config_);
  if (!fetch) return tl::unexpected(fetch.error());
  Result<WireSecurity> security = wire_security(config_);
  if (!security) return tl::unexpected(security.error());
  // The store first: its lock keeps a second daemon from stealing the endpoints of the first.
  Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(
      store_path_, &envelope,
      {.high_water = config_.store.high_water, .min_free = config_.store.min_free});
  if (!store) return tl::unexpected(store.error());
  store_ = *std::move(store);
  if (const std::optional<std::string>& why = store_->new_epoch()) {
    spdlog::warn("store epoch=new reason=\"{}\"; all clients start over", *why);
  }
  Result<LogPosition> position = store_->ledger().position();
  if (!position) return tl::unexpected(position.error());
  Result<std::unique_ptr<ZmqWire>> wire =
      ZmqWire::start(config_.wire, *position, clock_, version_, *std::move(security));
  if (!wire) return tl::unexpected(wire.error());
  wire_ = *std::move(wire);
  Result<std::unique_ptr<LogReader>> reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());

  warn(config_);
  http_ = std::make_unique<CurlClient>(clock_);
  mailbox_ = std::make_unique<Mailbox>([this] { http_->wake(); });
  // One more for what the control socket asks of the desk, one request at a time.
  const std::size_t most_jobs = Fetcher::most_jobs(*fetch) + 1;
  jobs_ = std::make_unique<BoundedQueue<Job>>(most_jobs);
  outcomes_ = std::make_unique<BoundedQueue<Outcome>>(most_jobs);
  announcer_ = std::make_unique<Announcer>(*wire_, committed_);
  desk_ = std::make_unique<Desk>(
      Desk::Seams{store_->ledger(), *announcer_, *mailbox_, clock_, *outcomes_, metrics_,
                  desk_pulse_, [this](Sequence floor) { wire_->set_floor(floor); }, book_},
      desk_options(config_), config_.dedup, config_.event);
  fetcher_ =
      std::make_unique<Fetcher>(Fetcher::Seams{*http_, store_->work(), *mailbox_, clock_, *jobs_,
                                               *outcomes_, metrics_, fetcher_pulse_, book_},
                                *std::move(fetch), config_.feeds);
  if (Result<void> restored = desk_->restore_furniture(); !restored) return restored;
  if (Result<void> restored = fetcher_->restore(); !restored) return restored;
  reader_ = std::make_unique<Reader>(*std::move(reader), *wire_, url_key);
  for (int i = worker_count(config_); i > 0; --i) worker_pulses_.emplace_back();
  metrics_.feeds.set(static_cast<std::int64_t>(config_.feeds.size()));
  metrics_.log_head.set(position->head);
  metrics_.log_floor.set(position->floor);
  metrics_.started_unix.set(seconds_of(started_at_));
  metrics_.last_reload_unix.set(seconds_of(started_at_));
  metrics_.last_reload_ok.set(1);
  keep_settings_only();
  return {};
}

void App::start() {
  workers_left_ = static_cast<int>(worker_pulses_.size());
  for (Pulse& pulse : worker_pulses_) {
    workers_.emplace_back([this, &pulse] {
      run_worker(pulse);
      --workers_left_;
    });
  }
  desk_thread_ = std::jthread([this] {
    desk_->restore_and_run();
    // If it ended early, nobody takes them any more, and workers must not wait.
    outcomes_->close();
    desk_done_ = true;
  });
  fetcher_thread_ = std::jthread([this](const std::stop_token& stop) { fetcher_->run(stop); });
}

void App::run_worker(Pulse& pulse) {
  summarizer::Summarizer summarizer;
  while (std::optional<Job> job = jobs_->pop()) {
    Outcome outcome;
    {
      const BusyScope busy(pulse);
      const auto begin = clock_.monotonic();
      outcome = work(*job, work_options_now(), summarizer);
      metrics_.work_microseconds.add(
          std::chrono::duration_cast<std::chrono::microseconds>(clock_.monotonic() - begin)
              .count());
    }
    if (!outcomes_->push(std::move(outcome))) return;
  }
}

template <typename Done>
void App::give_up_desk_unless(Monotonic deadline, Done&& done) {
  while (!done() && clock_.monotonic() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (!done()) desk_->give_up();
}

void App::stop(std::chrono::milliseconds patience) {
  const Monotonic deadline = clock_.monotonic() + patience;
  if (fetcher_thread_.joinable()) {
    fetcher_thread_.request_stop();
    http_->wake();
    fetcher_thread_.join();
  }
  if (desk_thread_.joinable()) {
    desk_->stop_restoring();
    // A store that refuses holds up the desk, and that the workers behind it.
    give_up_desk_unless(deadline, [this] { return workers_left_ == 0; });
    workers_.clear();  // Joins: each ends when the queue of jobs is drained.
    outcomes_->close();
    give_up_desk_unless(deadline, [this] { return desk_done_.load(); });
    desk_thread_.join();
  }
  if (wire_) wire_->stop();
  reader_.reset();
}

/// The feeds are in the book, packed, and where each value was read has been told. Of 100,000 feeds
/// that and what reading the file has left behind is half a gigabyte.
void App::keep_settings_only() {
  config_.feeds = {};
  config_.origins = {};
  malloc_trim(0);
}

WorkOptions App::work_options_now() const {
  const std::lock_guard lock(config_mutex_);
  return work_options_;
}

Config App::settings() const {
  const std::lock_guard lock(config_mutex_);
  return config_;
}

std::chrono::seconds App::uptime() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.monotonic() - started_);
}

const FeedBook& App::book() const {
  fetcher_->await_configuration(kFetchersRound);
  return book_;
}

Result<ReloadReport> App::reload() {
  // It would be said to be in force, and nothing will be polled by it.
  if (jobs_->drained()) return fail(ErrorCode::kTransient, "nutgrafd is stopping");
  const std::lock_guard one_at_a_time(reload_mutex_);
  Result<ReloadReport> report = try_reload();
  metrics_.last_reload_ok.set(report ? 1 : 0);
  (report ? metrics_.reloads : metrics_.reloads_refused).add();
  if (!report) {
    spdlog::error("reload refused, the old settings stay:\n{}", report.error().message);
    return report;
  }
  metrics_.last_reload_unix.set(seconds_of(clock_.utc()));
  spdlog::info("reload feeds={} added={} removed={} changed={}", report->feeds, report->added,
               report->removed, report->changed);
  for (const std::string& section : report->need_restart) {
    spdlog::warn("reload needs_restart={}", section);
  }
  return report;
}

Result<ReloadReport> App::try_reload() {
  Result<Config> next = load_config(config_path_);
  if (!next) return tl::unexpected(next.error());
  Result<FetchOptions> fetch = fetch_options(*next);
  if (!fetch) return tl::unexpected(fetch.error());
  Result<WireSecurity> security = wire_security(*next);
  if (!security) return tl::unexpected(security.error());
  warn(*next);
  const std::lock_guard lock(config_mutex_);
  ReloadReport report = compare(fetcher_->feeds(), next->feeds);
  report.need_restart = keep_fixed(config_, *next);
  set_log_level(next->log.level);
  wire_->set_clients(security->clients);
  work_options_ = work_options(*next);
  desk_->configure(desk_options(*next));
  metrics_.feeds.set(static_cast<std::int64_t>(next->feeds.size()));
  fetcher_->configure(*std::move(fetch), std::move(next->feeds));
  config_ = *std::move(next);
  keep_settings_only();
  return report;
}

void App::count_figures() {
  metrics_.jobs_queue.set(static_cast<std::int64_t>(jobs_->size()));
  metrics_.store_bytes.set(size_of_file(store_path_) + size_of_file(store_path_ + "-wal"));
  std::error_code error;
  const auto space = std::filesystem::space(store_path_, error);
  if (!error) {
    metrics_.disk_free.set(static_cast<std::int64_t>(space.available));
    metrics_.disk_size.set(static_cast<std::int64_t>(space.capacity));
  }
  const WireFigures figures = wire_->figures();
  for (std::size_t op = 0; op < Metrics::kSyncOps; ++op) {
    for (std::size_t outcome = 0; outcome < Metrics::kSyncOutcomes; ++outcome) {
      metrics_.sync_requests[op][outcome].set(figures.requests[op][outcome]);
    }
  }
  metrics_.clients_refused.set(figures.turned_away);
  metrics_.subscriptions.set(figures.subscriptions);
  metrics_.subscribers.set(figures.subscribers);
}

std::optional<std::string> App::stuck(std::chrono::milliseconds limit) const {
  if (fetcher_pulse_.busy_for() > limit) return "fetcher";
  if (desk_pulse_.busy_for() > limit) return "desk";
  for (const Pulse& pulse : worker_pulses_) {
    if (pulse.busy_for() > limit) return "worker";
  }
  if (wire_->late_by() > limit) return "wire";
  return std::nullopt;
}

void App::ask_feeds(FeedRequest::Kind kind, const std::vector<std::string>& feed_ids) {
  for (const std::string& id : feed_ids) mailbox_->put(FeedRequest{kind, id});
}

Result<Retracted> App::retract(const std::string& story_id, const std::string& reason,
                               bool purge_text) {
  return desk_->retract({.story_id = story_id, .reason = reason, .purge_text = purge_text},
                        kRetractPatience);
}

}  // namespace nutgraf
