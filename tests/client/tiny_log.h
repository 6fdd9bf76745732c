#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/log_reader.h"
#include "daemon/wire/envelope.h"

namespace nutgraf {

/// A log in memory, as plain as can be: what the protocol says of pages, by linear search.
/// Thread-safe.
class TinyLog {
 public:
  explicit TinyLog(std::string epoch) : epoch_(std::move(epoch)) {}

  /// Message `seq` is decided `seq` seconds after 2026-01-01.
  static Time time_of(Sequence seq) {
    return *parse_rfc3339("2026-01-01T00:00:00Z") + std::chrono::seconds(seq);
  }

  Publication append(const std::string& topic, const std::string& payload = "{}") {
    const std::lock_guard lock(mutex_);
    const Sequence seq = static_cast<Sequence>(log_.size()) + 1;
    const Sequence prev = std::exchange(newest_[topic], seq);
    const std::string body = envelope(
        {.type = "story/1", .topic = topic, .op = "create", .name = "story", .payload = payload},
        {.epoch = epoch_, .seq = seq, .prev = prev, .decided_at = time_of(seq)});
    log_.push_back({seq, topic, body});
    return log_.back();
  }

  /// As a restored store: older messages stay as they were.
  void begin_epoch(const std::string& epoch) {
    const std::lock_guard lock(mutex_);
    epoch_ = epoch;
  }

  void drop_before(Sequence floor) {
    const std::lock_guard lock(mutex_);
    floor_ = floor;
  }

  LogPosition position() const {
    const std::lock_guard lock(mutex_);
    return {.epoch = epoch_, .head = head(), .floor = floor_, .topics = newest_};
  }

  std::variant<LogPage, LogRefusal> page(const LogQuery& query) const {
    const std::lock_guard lock(mutex_);
    using Code = LogRefusal::Code;
    if (!query.epoch.empty() && query.epoch != epoch_)
      return LogRefusal{Code::kEpochChanged, epoch_};
    const Sequence after = query.after ? *query.after : 0;
    if (after > head()) return LogRefusal{Code::kFutureCursor, epoch_};
    if (after > 0 && after < floor_ - 1) return LogRefusal{Code::kCursorTooOld, epoch_, floor_};
    if (query.after_time && *query.after_time != time_of(after)) {
      return LogRefusal{Code::kEpochChanged, epoch_};
    }
    LogPage page{.next = std::max(after, head()), .head = head(), .floor = floor_};
    for (auto i = static_cast<std::size_t>(after); i < log_.size(); ++i) {
      const Publication& message = log_[i];
      if (message.seq < floor_ || !matches(query, message)) continue;
      if (static_cast<int>(page.messages.size()) == query.limit) {
        page.more = true;
        page.next = page.messages.back().seq;
        break;
      }
      page.messages.push_back(message);
    }
    return page;
  }

  std::optional<Publication> at(Sequence seq) const {
    const std::lock_guard lock(mutex_);
    if (seq < 1 || seq > head()) return std::nullopt;
    return log_[static_cast<std::size_t>(seq - 1)];
  }

 private:
  Sequence head() const { return static_cast<Sequence>(log_.size()); }

  static bool matches(const LogQuery& query, const Publication& message) {
    if (query.since && time_of(message.seq) < *query.since) return false;
    if (query.until && time_of(message.seq) >= *query.until) return false;
    return query.prefixes.empty() ||
           std::any_of(query.prefixes.begin(), query.prefixes.end(),
                       [&](const std::string& p) { return message.topic.starts_with(p); });
  }

  mutable std::mutex mutex_;
  std::string epoch_;
  std::vector<Publication> log_;
  std::map<std::string, Sequence> newest_;
  Sequence floor_ = 1;
};

/// Reads a TinyLog. A subject is the decimal of a sequence number here, a URL key likewise.
class TinyLogReader final : public LogReader {
 public:
  explicit TinyLogReader(const TinyLog& log) : log_(log) {}

  Result<LogPosition> position() override { return log_.position(); }
  Result<std::variant<LogPage, LogRefusal>> page(const LogQuery& query) override {
    return log_.page(query);
  }
  Result<LogPage> snapshot(const std::vector<std::string>& prefixes, int page) override {
    LogQuery query{.after = 0, .prefixes = prefixes, .limit = 100};
    LogPage given;
    for (int i = 0; i <= page; ++i) {
      given = std::get<LogPage>(log_.page(query));
      query.after = given.next;
    }
    return given;
  }
  Result<LogPage> newest(const std::vector<std::string>&, std::optional<Sequence>,
                         std::size_t) override {
    return fail(ErrorCode::kStorage, "no client of the wire asks for it");
  }
  Result<std::optional<Publication>> latest_of(std::string_view subject) override {
    if (subject == "broken") return fail(ErrorCode::kStorage, "disk on fire");
    return log_.at(std::atoll(std::string(subject).c_str()));
  }
  Result<std::optional<Publication>> latest_at(std::string_view url_key) override {
    return latest_of(url_key);
  }
  Result<std::vector<QuarantinedItem>> quarantined() override { return {}; }
  Result<Furniture> furniture(std::string_view) override { return {}; }
  Result<std::vector<WaitingHost>> waiting_pages() override { return {}; }
  Result<std::vector<TrailEntry>> trail(std::string_view, std::string_view,
                                        std::string_view) override {
    return {};
  }

 private:
  const TinyLog& log_;
};

}  // namespace nutgraf
