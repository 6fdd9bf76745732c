#include "daemon/store/sqlite_log_reader.h"

#include <algorithm>

#include "daemon/store/sqlite_log.h"
#include "daemon/store/sqlite_rows.h"
#include "daemon/store/sqlite_schema.h"
#include "daemon/store/sqlite_work_store.h"

namespace nutgraf::sqlite {
namespace {

/// Rows looked at for one page: a prefix that matches next to nothing must not hold the thread.
constexpr int kScanRows = 5'000;

constexpr std::int64_t kNewestBytes = 2 << 20;

constexpr std::size_t kSnapshotPage = 100;

constexpr int kWaitingHosts = 20;

/// Entries of all items that one `nutgraf why` matches.
constexpr int kTrailLimit = 1'000;

bool matches(std::string_view topic, const std::vector<std::string>& prefixes) {
  return prefixes.empty() || std::ranges::any_of(prefixes, [&](const std::string& prefix) {
           return topic.starts_with(prefix);
         });
}

/// Columns as in scan_: seq, topic, decided_at, bytes, checksum, body.
Publication publication(const Row& row) {
  Publication message{row.integer(0), row.string(1), row.string(5)};
  if (checksum(message.topic, message.body) != row.integer(4)) {
    throw Fault{{ErrorCode::kStorage, "store: message " + std::to_string(message.seq) +
                                          " does not match its checksum; stop nutgrafd and "
                                          "restore a backup"}};
  }
  return message;
}

}  // namespace

SqliteLogReader::SqliteLogReader(const std::filesystem::path& file,
                                 const ConnectionSettings& settings)
    : db_(file, Access::kReadOnly, settings) {}

Result<LogPosition> SqliteLogReader::position() {
  return attempt([&] {
    const Transaction snapshot(db_, Transaction::Kind::kRead);
    return read_position(db_);
  });
}

Result<std::variant<LogPage, LogRefusal>> SqliteLogReader::page(const LogQuery& query) {
  return attempt([&]() -> std::variant<LogPage, LogRefusal> {
    const Transaction snapshot(db_, Transaction::Kind::kRead);
    const Ends log = ends();
    if (const auto code = refusal(query, log)) return LogRefusal{*code, log.epoch, log.floor};
    return read(query, log, range(query, log));
  });
}

SqliteLogReader::Ends SqliteLogReader::ends() {
  const auto read_ends = [](const Row& row) {
    return Ends{row.string(0), row.integer(1), row.integer(2)};
  };
  return ends_.first(read_ends).value_or(Ends{});
}

std::optional<LogRefusal::Code> SqliteLogReader::refusal(const LogQuery& query, const Ends& log) {
  using Code = LogRefusal::Code;
  if (!query.epoch.empty() && query.epoch != log.epoch) return Code::kEpochChanged;
  const Sequence after = query.after.value_or(0);
  if (after > log.head || after < 0) return Code::kFutureCursor;
  if (after > 0 && query.after_time) {
    // A message that was pruned meanwhile proves nothing; its successor is still there.
    const auto read_time = [](const Row& row) { return row.time(0); };
    const std::optional<Time> decided = decided_.first(read_time, after);
    if (decided && *decided != *query.after_time) return Code::kEpochChanged;
  }
  if (after > 0 && after < log.floor - 1) return Code::kCursorTooOld;
  return std::nullopt;
}

/// Times lead to numbers by the index of times. Where the system's clock was set back, messages of
/// the overlap are given rather than left out.
SqliteLogReader::Range SqliteLogReader::range(const LogQuery& query, const Ends& log) {
  const auto read_seq = [](const Row& row) { return row.integer(0); };
  Range range{std::max(query.after.value_or(0), log.floor - 1), log.head};
  if (query.since) {
    range.after = since_.first(read_seq, *query.since, log.floor).value_or(log.head + 1) - 1;
  }
  if (query.until) {
    range.last = until_.first(read_seq, *query.until, log.floor).value_or(0);
  }
  return range;
}

LogPage SqliteLogReader::read(const LogQuery& query, const Ends& log, Range range) {
  LogPage page{.messages = {}, .next = range.after, .head = log.head, .floor = log.floor};
  std::int64_t bytes = 0;
  const auto limit = static_cast<std::size_t>(std::max(query.limit, 1));
  scan_.each(
      [&](const Row& row) {
        if (matches(row.text(1), query.prefixes)) {
          if (page.messages.size() == limit) return false;
          bytes += row.integer(3);
          if (bytes > query.bytes && !page.messages.empty()) return false;
          page.messages.push_back(publication(row));
        }
        page.next = row.integer(0);
        return true;
      },
      range.after, range.last, kScanRows);
  page.more = page.next < range.last;
  return page;
}

Result<LogPage> SqliteLogReader::snapshot(const std::vector<std::string>& prefixes, int page) {
  return attempt([&] {
    const Transaction snapshot(db_, Transaction::Kind::kRead);
    const Ends log = ends();
    LogPage answer{.messages = {}, .next = log.head, .head = log.head, .floor = log.floor};
    std::size_t skip = static_cast<std::size_t>(std::max(page, 0)) * kSnapshotPage;
    live_.each([&](const Row& row) {
      if (!matches(row.text(1), prefixes)) return true;
      if (skip > 0) return --skip, true;
      answer.more = answer.messages.size() == kSnapshotPage;
      if (!answer.more) answer.messages.push_back(publication(row));
      return !answer.more;
    });
    return answer;
  });
}

Result<LogPage> SqliteLogReader::newest(const std::vector<std::string>& prefixes,
                                        std::optional<Sequence> before, std::size_t limit) {
  return attempt([&] {
    const Transaction snapshot(db_, Transaction::Kind::kRead);
    const Ends log = ends();
    const Sequence above = std::clamp<Sequence>(before.value_or(log.head + 1), 0, log.head + 1);
    LogPage page{.messages = {}, .next = above, .head = log.head, .floor = log.floor};
    std::int64_t bytes = 0;
    back_.each(
        [&](const Row& row) {
          const Sequence seq = row.integer(0);
          if (matches(row.text(1), prefixes) && !superseded(seq, row.text(1), row.text(6))) {
            bytes += row.integer(3);
            const bool full = page.messages.size() == limit || bytes > kNewestBytes;
            if (full && !page.messages.empty()) return false;
            page.messages.push_back(publication(row));
          }
          page.next = seq;
          return true;
        },
        above, log.floor, kScanRows);
    page.more = page.next > log.floor;
    return page;
  });
}

/// A feed's messages have no subject but a topic of their own.
bool SqliteLogReader::superseded(Sequence seq, std::string_view topic, std::string_view subject) {
  const auto read_seq = [](const Row& row) { return row.integer(0); };
  const auto last = subject.empty() ? last_of_topic_.first(read_seq, topic)
                                    : last_of_subject_.first(read_seq, subject);
  return last && *last > seq;
}

Result<std::optional<Publication>> SqliteLogReader::latest_of(std::string_view subject) {
  return attempt([&] { return latest_.first(publication, subject); });
}

Result<std::optional<Publication>> SqliteLogReader::latest_at(std::string_view url_key) {
  return attempt([&]() -> std::optional<Publication> {
    const Transaction snapshot(db_, Transaction::Kind::kRead);
    const auto story = story_at_.first([](const Row& row) { return row.string(0); }, url_key);
    return story ? latest_.first(publication, *story) : std::nullopt;
  });
}

Result<std::vector<QuarantinedItem>> SqliteLogReader::quarantined() {
  return attempt([&] {
    std::vector<QuarantinedItem> items;
    quarantined_.each([&](const Row& row) {
      items.push_back({.feed_id = row.string(0),
                       .title = row.string(1),
                       .link = row.string(2),
                       .error = row.string(3),
                       .attempts = static_cast<int>(row.integer(4))});
      return true;
    });
    return items;
  });
}

Result<Furniture> SqliteLogReader::furniture(std::string_view feed_id) {
  return attempt([&] {
    Furniture furniture;
    furniture_.each(
        [&](const Row& row) {
          add_furniture_line(row, furniture);
          return true;
        },
        feed_id);
    return furniture;
  });
}

Result<std::vector<WaitingHost>> SqliteLogReader::waiting_pages() {
  return attempt([&] {
    std::vector<WaitingHost> hosts;
    waiting_.each(
        [&](const Row& row) {
          hosts.push_back({row.string(0), row.integer(1)});
          return true;
        },
        kWaitingHosts);
    return hosts;
  });
}

Result<std::vector<TrailEntry>> SqliteLogReader::trail(std::string_view url_key,
                                                       std::string_view guid,
                                                       std::string_view story_id) {
  return attempt([&] {
    std::vector<TrailEntry> entries;
    trail_.each(
        [&](const Row& row) {
          entries.push_back({.at = row.time(0),
                             .feed_id = row.string(1),
                             .item_key = row.string(2),
                             .what = row.string(3),
                             .reason = row.string(4),
                             .story_id = row.string(5)});
          return true;
        },
        url_key, guid, story_id, kTrailLimit);
    return entries;
  });
}

}  // namespace nutgraf::sqlite
