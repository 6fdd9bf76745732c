#include "daemon/app/control_handler.h"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "daemon/app/feeds_answer.h"
#include "daemon/base/date.h"
#include "daemon/dedup/identity.h"
#include "daemon/model/json.h"
#include "daemon/service/logging.h"
#include "daemon/service/metrics.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;

/// A thread that is at one job for so long is not working any more.
constexpr std::chrono::seconds kStuckAfter{60};

constexpr const char* kOperatorsReason = "withdrawn by the operator";
constexpr std::size_t kLongestReason = 500;

/// What ends a request with an error: caught in answer(), never leaves this file.
struct Refusal {
  Error error;
};

template <typename T>
T value(Result<T> result) {
  if (!result) throw Refusal{result.error()};
  return *std::move(result);
}

void put_text(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json status_answer(const App& app, LogReader& reader) {
  const LogPosition position = value(reader.position());
  const FeedBook::Census feeds = app.book().census();
  const std::int64_t ok = feeds.in(FeedHealth::kOk);
  const Health health = health_of(app);
  Json answer = {{"version", app.version()},
                 {"pid", getpid()},
                 {"started_at", format_rfc3339(app.started_at())},
                 {"uptime_s", app.uptime().count()},
                 {"epoch", position.epoch},
                 {"head", position.head},
                 {"floor", position.floor},
                 {"feeds",
                  {{"total", feeds.total},
                   {"ok", ok},
                   {"unwell", feeds.total - ok},
                   {"paused", feeds.paused}}},
                 {"quarantined", value(reader.quarantined()).size()},
                 {"in_flight", app.metrics().in_flight.get()},
                 {"pending", app.metrics().pending.get()},
                 {"live", app.live_endpoints()},
                 {"sync", app.sync_endpoints()},
                 {"log_level", log_level()},
                 {"memory_bytes", resident_bytes()},
                 {"problems", Json::array()}};
  if (!health.ok) answer["problems"].push_back(health.text);
  if (app.metrics().last_reload_ok.get() == 0) {
    answer["problems"].push_back(
        "the last reload was refused and the old settings stay: `nutgraf check-config` says why");
  }
  return answer;
}

Json waiting_answer(LogReader& reader) {
  Json hosts = Json::array();
  for (const WaitingHost& each : value(reader.waiting_pages())) {
    hosts.push_back({{"host", each.host}, {"pages", each.pages}});
  }
  return {{"hosts", hosts}};
}

void put_reason(Json& row, const TrailEntry& entry) {
  if (entry.what == "event") {
    if (const Result<EventStep> step = event_step_from_json(entry.reason)) {
      row["event"] = Json::parse(entry.reason);
      return put_text(row, "reason", in_words(*step));
    }
  }
  put_text(row, "reason", entry.reason);
}

Json why_answer(const std::string& what, LogReader& reader) {
  const std::string key = url_key(what);
  Json trail = Json::array();
  std::string story;
  for (const TrailEntry& entry : value(reader.trail(key, what, what))) {
    Json row = {{"at", format_rfc3339(entry.at)}, {"what", entry.what}};
    put_text(row, "feed", entry.feed_id);
    put_text(row, "item", entry.item_key);
    put_reason(row, entry);
    put_text(row, "story", entry.story_id);
    if (!entry.story_id.empty()) story = entry.story_id;
    trail.push_back(std::move(row));
  }
  Json answer = {{"trail", trail}};
  if (trail.empty()) {
    answer["nothing"] = "nothing is known of " + what + ", or no longer (store.items_age)";
  }
  if (!story.empty()) {
    if (const std::optional<Publication> latest = value(reader.latest_of(story))) {
      answer["message"] = Json::parse(latest->body);
    }
  }
  return answer;
}

FeedRequest::Kind request_kind(const std::string& command) {
  if (command == "pause") return FeedRequest::Kind::kPause;
  if (command == "resume") return FeedRequest::Kind::kResume;
  if (command == "reset") return FeedRequest::Kind::kReset;
  return FeedRequest::Kind::kPollNow;
}

/// Whom a request is about, as it was before.
Json briefs_of(const FeedBook& book, const std::vector<std::string>& ids) {
  Json out = Json::array();
  for (const std::string& id : ids) {
    if (out.size() == kListedFeeds) break;
    if (const auto feed = book.known(id)) {
      out.push_back({{"id", id},
                     {"name", feed->source.name},
                     {"url", feed->source.url},
                     {"paused", feed->state.paused}});
    }
  }
  return out;
}

Json feeds_request(App& app, const std::string& command, const Json& request) {
  std::vector<std::string> wanted = request.value("feeds", std::vector<std::string>{});
  const FeedBook& book = app.book();
  if (wanted.empty()) {
    for (FeedBook::Brief& feed : book.briefs()) wanted.push_back(std::move(feed.id));
  }
  for (const std::string& id : wanted) {
    if (!book.configured(id)) {
      throw Refusal{no_such_feed(book, id)};
    }
  }
  Json answer = {{"changed", wanted}, {"feeds", briefs_of(book, wanted)}};
  app.ask_feeds(request_kind(command), wanted);
  return answer;
}

Json reload_answer(App& app) {
  const ReloadReport report = value(app.reload());
  return {{"feeds", report.feeds},
          {"added", report.added},
          {"removed", report.removed},
          {"changed", report.changed},
          {"need_restart", report.need_restart}};
}

/// The message that withdrew it may have left the log.
Json retract_answer(App& app, const Json& request, LogReader& reader) {
  const std::string id = request.value("id", "");
  const bool purge = request.value("purge_text", false);
  std::string reason = request.value("reason", "");
  if (reason.empty()) reason = kOperatorsReason;
  if (reason.size() > kLongestReason) {
    throw Refusal{{ErrorCode::kMalformed,
                   "a reason has at most " + std::to_string(kLongestReason) + " bytes"}};
  }
  const Retracted retracted = value(app.retract(id, reason, purge));
  Json answer = {{"id", id}};
  if (retracted == Retracted::kBefore) answer["already"] = true;
  if (purge) answer["purged"] = true;
  if (const std::optional<Publication> latest = value(reader.latest_of(id))) {
    answer["seq"] = latest->seq;
  }
  return answer;
}

Json log_level_answer(const Json& request) {
  const std::string level = request.value("level", "");
  if (!level.empty() && !set_log_level(level)) {
    throw Refusal{
        {ErrorCode::kMalformed, "no level " + level + "; trace, debug, info, warn or error"}};
  }
  return {{"level", log_level()}};
}

Json answer_to(const Json& request, App& app, LogReader& reader) {
  const std::string command = request.value("cmd", "");
  if (command == "status") return status_answer(app, reader);
  if (command == "feeds") {
    return value(feeds_answer(app.book(), app.settings().poll.health, reader,
                              request.value("feeds", std::vector<std::string>{})));
  }
  if (command == "waiting") return waiting_answer(reader);
  if (command == "why") return why_answer(request.value("what", ""), reader);
  if (command == "reload") return reload_answer(app);
  if (command == "retract") return retract_answer(app, request, reader);
  if (command == "log-level") return log_level_answer(request);
  if (command == "pause" || command == "resume" || command == "poll-now" || command == "reset") {
    return feeds_request(app, command, request);
  }
  throw Refusal{{ErrorCode::kMalformed, "unknown command \"" + command + "\""}};
}

Json refusal(const Error& error) {
  return {{"ok", false}, {"error", error.message}, {"code", std::string(to_string(error.code))}};
}

}  // namespace

Result<std::unique_ptr<ControlHandler>> ControlHandler::create(App& app) {
  Result<std::unique_ptr<LogReader>> reader = app.reader();
  if (!reader) return tl::unexpected(reader.error());
  return std::unique_ptr<ControlHandler>(new ControlHandler(app, *std::move(reader)));
}

ControlHandler::ControlHandler(App& app, std::unique_ptr<LogReader> reader)
    : app_(app), reader_(std::move(reader)) {}

std::string ControlHandler::answer(const std::string& request) {
  Json answer;
  try {
    answer = answer_to(Json::parse(request), app_, *reader_);
    answer["ok"] = true;
  } catch (const Refusal& refused) {
    answer = refusal(refused.error);
  } catch (const std::exception& error) {
    answer = refusal({ErrorCode::kMalformed, error.what()});
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

namespace {

constexpr std::chrono::minutes kNoPollSucceeds{15};
constexpr std::chrono::hours kFarBehind{1};

/// Polls that fail one after another, of whichever feeds: their servers do not all fail at once.
std::optional<std::string> blindness(const Metrics& metrics, Time started, Time now) {
  const std::int64_t enough = std::clamp<std::int64_t>(metrics.feeds.get(), 3, 20);
  if (metrics.polls_failed_in_row.get() < enough) return std::nullopt;
  const Time last(std::chrono::seconds(metrics.last_good_poll_unix.get()));
  const auto since = now - std::max(last, started);
  if (since < kNoPollSucceeds) return std::nullopt;
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(since).count();
  return "no poll has succeeded for " + std::to_string(minutes) + " minutes: is there a network?";
}

}  // namespace

Health health_of(const Metrics& metrics, Time started, Time now) {
  if (metrics.store_failing.get() > 0) return {false, "the store refuses to commit; see the log"};
  const std::int64_t feeds = metrics.feeds.get();
  const std::int64_t unreadable = metrics.feeds_failing.get() + metrics.feeds_gone.get();
  if (feeds > 0 && unreadable >= feeds) return {false, "no feed can be read"};
  if (const auto blind = blindness(metrics, started, now)) return {false, *blind};
  if (std::chrono::milliseconds(metrics.oldest_due_ms.get()) > kFarBehind) {
    return {false, "feeds wait for over an hour for their turn"};
  }
  return {true, "ok"};
}

Health health_of(const App& app) {
  if (app.damage()) return {false, "the store is damaged; see the log"};
  if (const std::optional<std::string> thread = app.stuck(kStuckAfter)) {
    return {false, "the " + *thread + " thread has been at one job for over a minute"};
  }
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return health_of(app.metrics(), app.started_at(), now);
}

}  // namespace nutgraf
