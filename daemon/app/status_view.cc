#include "daemon/app/status_view.h"

#include <spdlog/spdlog.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "daemon/app/control_handler.h"
#include "daemon/app/feeds_answer.h"
#include "daemon/app/story_list.h"
#include "daemon/base/date.h"
#include "daemon/service/tcp_listener.h"
#include "daemon/wire/envelope.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

/// Of the log, for one client at a time: what one that does not read keeps in memory.
constexpr std::int64_t kPieceBytes = 256 << 10;
constexpr int kPieceMessages = 200;

/// Reads of 5,000 rows for one list.
constexpr int kMostReads = 4;

constexpr std::array<const char*, RateHistory::kSeries> kSeries = {
    "polls", "items", "stories", "updates", "duplicates", "events", "bytes", "messages"};

std::int64_t polls(const Metrics& m) {
  return m.polls_changed.get() + m.polls_not_modified.get() + m.polls_failed.get() +
         m.polls_rate_limited.get();
}

/// In the order of kSeries.
RateHistory::Counts counts(const Metrics& m) {
  return {polls(m),
          m.items_new.get(),
          m.stories_published.get(),
          m.stories_updated.get(),
          m.stories_duplicate.get(),
          m.events_opened.get() + m.events_grown.get() + m.events_merged.get(),
          m.feed_bytes.get() + m.page_bytes.get(),
          m.messages.get()};
}

Json rates_json(const RateHistory& history) {
  Json series = Json::object();
  for (std::size_t s = 0; s < kSeries.size(); ++s) {
    Json values = Json::array();
    for (const RateHistory::Counts& step : history.steps()) values.push_back(step[s]);
    series[kSeries[s]] = std::move(values);
  }
  return {{"step_s", history.step().count()}, {"series", std::move(series)}};
}

Json totals_json(const Metrics& m) {
  const RateHistory::Counts now = counts(m);
  Json out = Json::object();
  for (std::size_t s = 0; s < kSeries.size(); ++s) out[kSeries[s]] = now[s];
  out["polls_failed"] = m.polls_failed.get() + m.polls_rate_limited.get();
  out["quarantined"] = m.stories_quarantined.get();
  return out;
}

Json levels_json(const Metrics& m) {
  return {{"pending", m.pending.get()},
          {"pages_waiting", m.pages_waiting.get()},
          {"transfers", m.in_flight.get()},
          {"jobs", m.jobs_queue.get()},
          {"outcomes", m.outcome_queue.get()},
          {"oldest_due_s", m.oldest_due_ms.get() / 1000},
          {"events_live", m.events_live.get()},
          {"subscribers", m.subscribers.get()},
          {"subscriptions", m.subscriptions.get()},
          {"streams", m.streams.get()},
          {"store_bytes", m.store_bytes.get()},
          {"disk_free", m.disk_free.get()},
          {"disk_size", m.disk_size.get()},
          {"memory_bytes", resident_bytes()}};
}

Json census_json(const FeedBook::Census& census) {
  Json states = Json::object();
  for (const FeedHealth health : kFeedHealths) {
    states[std::string(to_string(health))] = census.in(health);
  }
  return {{"total", census.total}, {"paused", census.paused}, {"states", std::move(states)}};
}

std::string code_of(LogRefusal::Code code) {
  switch (code) {
    case LogRefusal::Code::kEpochChanged:
      return "epoch_changed";
    case LogRefusal::Code::kCursorTooOld:
      return "cursor_too_old";
    case LogRefusal::Code::kFutureCursor:
      return "future_cursor";
  }
  return "epoch_changed";
}

/// Whether the wire is mirrored on the status port.
bool is_mirrored(const StatusConfig& config) {
  return config.mirror == Mirror::kOn ||
         (config.mirror == Mirror::kAuto && is_loopback_host(listen_host(config.listen)));
}

std::string told_sync(const App& app) {
  const std::string advertised = app.settings().wire.advertise;
  return advertised.empty() ? app.sync_endpoints().front() : advertised;
}

void log_failure(const Error& error) {
  spdlog::error("status store=unreadable error=\"{}\"", error.message);
}

}  // namespace

Result<std::unique_ptr<StatusView>> StatusView::create(App& app) {
  Result<std::unique_ptr<LogReader>> reader = app.reader();
  if (!reader) return tl::unexpected(reader.error());
  const Result<LogPosition> position = (*reader)->position();
  if (!position) return tl::unexpected(position.error());
  return std::unique_ptr<StatusView>(new StatusView(app, *std::move(reader), position->epoch));
}

StatusView::StatusView(App& app, std::unique_ptr<LogReader> reader, std::string epoch)
    : app_(app),
      reader_(std::move(reader)),
      epoch_(std::move(epoch)),
      mirrored_(is_mirrored(app.settings().status)),
      sync_(told_sync(app)) {
  tick(0);
}

void StatusView::tick(std::size_t streams) {
  app_.count_streams(streams);
  history_.note(counts(app_.metrics()), std::chrono::steady_clock::now());
}

StatusPages StatusView::pages() {
  StatusPages pages;
  pages.health = [this] {
    const Health health = health_of(app_);
    return StatusPages::Health{health.ok, health.text};
  };
  pages.metrics = [this] {
    app_.count_figures();
    return render_metrics(app_.metrics(), app_.version());
  };
  pages.status = [this] { return status_json(); };
  pages.tick = [this](std::size_t streams) { tick(streams); };
  if (mirrored_) {
    pages.story_list = [this](const StoryListQuery& query) { return story_list_of(query); };
    pages.log = log_source();
  }
  return pages;
}

std::string StatusView::status_json() {
  app_.count_figures();
  const Metrics& metrics = app_.metrics();
  const Health health = health_of(app_);
  const Time now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const FeedBook& book = app_.book_as_it_is();
  Json feeds = census_json(book.census());
  feeds["listed"] = urgent_feeds(book, kListedFeeds);
  const Json answer = {
      {"version", app_.version()},
      {"now", format_rfc3339(now)},
      {"started_at", format_rfc3339(std::chrono::floor<std::chrono::seconds>(app_.started_at()))},
      {"health", {{"ok", health.ok}, {"text", health.text}}},
      {"epoch", epoch_},
      {"head", metrics.log_head.get()},
      {"floor", metrics.log_floor.get()},
      {"live", app_.live_endpoints()},
      {"sync", app_.sync_endpoints()},
      {"mirror", mirrored_},
      {"reload",
       {{"at", format_rfc3339(Time(std::chrono::seconds(metrics.last_reload_unix.get())))},
        {"ok", metrics.last_reload_ok.get() != 0}}},
      {"feeds", std::move(feeds)},
      {"levels", levels_json(metrics)},
      {"totals", totals_json(metrics)},
      {"rates", rates_json(history_)}};
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> StatusView::story_list_of(const StoryListQuery& asked) {
  StoryListQuery query = asked;
  if (query.topics.empty()) query.topics = {"story."};
  std::vector<Publication> messages;
  std::optional<Sequence> before = query.before;
  bool more = true;
  for (int reads = 0; more && messages.size() < query.limit && reads < kMostReads; ++reads) {
    Result<LogPage> page = reader_->newest(query.topics, before, query.limit - messages.size());
    if (!page) {
      log_failure(page.error());
      return tl::unexpected(page.error());
    }
    before = page->next;
    more = page->more;
    for (Publication& message : page->messages) messages.push_back(std::move(message));
  }
  return story_list(query, messages, more ? *before : 0);
}

Result<LogPiece> StatusView::piece(const LogCursor& cursor,
                                   const std::vector<std::string>& topics) {
  auto page = reader_->page({.epoch = cursor.epoch,
                             .after = cursor.seq,
                             .prefixes = topics,
                             .limit = kPieceMessages,
                             .bytes = kPieceBytes});
  if (!page) {
    log_failure(page.error());
    return tl::unexpected(page.error());
  }
  if (const auto* refusal = std::get_if<LogRefusal>(&*page)) {
    return LogPiece{.refusal = code_of(refusal->code), .floor = refusal->floor};
  }
  LogPage& given = std::get<LogPage>(*page);
  return LogPiece{.messages = std::move(given.messages),
                  .next = given.next,
                  .more = given.more,
                  .refusal = {},
                  .floor = given.floor};
}

LogSource StatusView::log_source() {
  const auto read = [this](const LogCursor& cursor, const std::vector<std::string>& topics) {
    return piece(cursor, topics);
  };
  const auto head = [this]() -> Result<Sequence> {
    // Tells where the log stands without reading a row: nothing lies below 0.
    const Result<LogPage> none = reader_->newest({}, 0, 1);
    if (!none) return tl::unexpected(none.error());
    return none->head;
  };
  const auto hello = [this](Sequence at) {
    return hello_body({.epoch = epoch_,
                       .head = at,
                       .floor = app_.metrics().log_floor.get(),
                       .version = app_.version(),
                       .sync = sync_,
                       .heartbeat = std::chrono::duration_cast<std::chrono::milliseconds>(
                           EventStream::kKeepAlive)});
  };
  return {epoch_, read, head, hello};
}

StatusOptions status_options(const Config& config) {
  return {.listen = config.status.listen,
          .hosts = config.status.hosts,
          .streams = static_cast<std::size_t>(config.status.streams)};
}

}  // namespace nutgraf
