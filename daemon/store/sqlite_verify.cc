#include <map>
#include <utility>

#include "daemon/store/sqlite_integrity.h"
#include "daemon/store/sqlite_log.h"
#include "daemon/store/sqlite_schema.h"
#include "daemon/store/verify.h"

namespace nutgraf {
namespace {

using sqlite::Row;
using sqlite::Statement;

constexpr std::int64_t kProgressRows = 4096;

std::string message_name(Sequence seq) { return "message " + std::to_string(seq); }

/// One walk over the log, and what follows from it. Everything in one read transaction.
class Verifier {
 public:
  Verifier(sqlite::Connection& db, const VerifyOptions& options) : db_(db), options_(options) {}

  StoreReport run() {
    const auto find = [this](const char* check, std::string what) {
      found(check, std::move(what));
    };
    sqlite::check_schema(db_, find);
    if (!report_.sound()) return std::move(report_);  // What follows would not find its tables.
    if (!options_.quick) sqlite::check_pages(db_, find);
    sqlite::check_rows(db_, find);
    if (db_.integer("SELECT count(*) FROM counter") != 1) {
      found("counter", "the counter is missing");
      return std::move(report_);
    }
    report_.position = sqlite::read_position(db_);
    check_counter();
    walk();
    check_topics();
    check_events();
    return std::move(report_);
  }

 private:
  void found(const char* check, std::string what) {
    ++report_.found;
    if (report_.findings.size() >= StoreReport::kMaxFindings) return;
    report_.findings.push_back({check, std::move(what)});
  }

  void check_counter() {
    const LogPosition& log = report_.position;
    if (log.epoch.empty()) found("counter", "the store has no epoch");
    if (log.floor < 1 || log.floor > log.head + 1) {
      found("counter", "the floor is " + std::to_string(log.floor) + " and the head " +
                           std::to_string(log.head));
    }
  }

  void walk() {
    const std::int64_t all = db_.integer("SELECT count(*) FROM log");
    Sequence expected = report_.position.floor;
    std::int64_t counted = 0;
    Statement rows(db_, "SELECT seq, topic, bytes, checksum, body FROM log ORDER BY seq");
    rows.each([&](const Row& row) {
      const Sequence seq = row.integer(0);
      if (seq >= report_.position.floor) {
        if (seq != expected) missing(expected, seq - 1);
        expected = seq + 1;
        counted += row.integer(2);
      } else {
        ++report_.kept_events;
      }
      check_message(row, seq);
      if (++report_.messages % kProgressRows == 0 && options_.progress) {
        options_.progress(report_.messages, all);
      }
      return true;
    });
    if (expected <= report_.position.head) missing(expected, report_.position.head);
    if (expected > report_.position.head + 1) {
      found("sequence", "the log goes to " + std::to_string(expected - 1) + ", its counter to " +
                            std::to_string(report_.position.head));
    }
    const std::int64_t told = db_.integer("SELECT bytes FROM counter");
    if (told != counted) {
      found("counter", "it counts " + std::to_string(told) + " bytes of messages, there are " +
                           std::to_string(counted));
    }
  }

  void missing(Sequence first, Sequence last) {
    found("sequence", first == last ? message_name(first) + " is missing"
                                    : "messages " + std::to_string(first) + " to " +
                                          std::to_string(last) + " are missing");
  }

  void check_message(const Row& row, Sequence seq) {
    const std::string_view topic = row.text(1);
    const std::string_view body = row.text(4);
    const auto size = static_cast<std::int64_t>(topic.size() + body.size());
    report_.bytes += size;
    if (sqlite::checksum(topic, body) != row.integer(3)) {
      found("checksum", message_name(seq) + " does not match its checksum");
    }
    if (row.integer(2) != size) {
      found("checksum", message_name(seq) + " has another size than its row says");
    }
    const std::optional<Stamp> stamp = options_.read_envelope(body);
    if (!stamp || stamp->seq != seq) {
      found("envelope", message_name(seq) + " has a body that " +
                            (stamp ? "says it is " + std::to_string(stamp->seq) : "is no message"));
    }
    check_chain(std::string(topic), seq, stamp);
  }

  /// Whatever lies below the floor has been pruned and cannot be compared.
  void check_chain(const std::string& topic, Sequence seq, const std::optional<Stamp>& stamp) {
    if (seq < report_.position.floor) return;
    const auto [last, first_of_topic] = newest_.try_emplace(topic, 0);
    const Sequence before = std::exchange(last->second, seq);
    if (!stamp) return;
    const bool right =
        first_of_topic ? stamp->prev < report_.position.floor : stamp->prev == before;
    if (right) return;
    found("chain", message_name(seq) + " of " + topic + " names " + std::to_string(stamp->prev) +
                       " as the one before it, that is " +
                       (first_of_topic ? "none that is kept" : std::to_string(before)));
  }

  void check_topics() {
    for (const auto& [topic, seq] : newest_) {
      const auto told = report_.position.topics.find(topic);
      if (told == report_.position.topics.end()) {
        found("topics", topic + " has messages and no head");
      } else if (told->second != seq) {
        found("topics", topic + " ends at " + std::to_string(seq) + ", its head says " +
                            std::to_string(told->second));
      }
    }
    for (const auto& [topic, head] : report_.position.topics) {
      if (newest_.contains(topic) || head < report_.position.floor) continue;
      found("topics", topic + " has a head, " + std::to_string(head) + ", and no message");
    }
  }

  void check_events() {
    Statement lost(db_,
                   "SELECT event_id, last_seq FROM event LEFT JOIN log ON log.seq = last_seq "
                   "WHERE closed = 0 AND last_seq > 0 AND log.seq IS NULL");
    lost.each([&](const Row& row) {
      found("events", "the latest message of event " + row.string(0) + ", " +
                          std::to_string(row.integer(1)) + ", is not kept");
      return true;
    });
  }

  sqlite::Connection& db_;
  const VerifyOptions& options_;
  StoreReport report_;
  std::map<std::string, Sequence> newest_;  // Of the messages from the floor on.
};

}  // namespace

Result<StoreReport> verify_store(const std::filesystem::path& file, const VerifyOptions& options) {
  return sqlite::attempt([&] {
    sqlite::Connection db(file, sqlite::Access::kReadOnly, {});
    sqlite::require_current(db);
    const sqlite::Transaction snapshot(db, sqlite::Transaction::Kind::kRead);
    return Verifier(db, options).run();
  });
}

}  // namespace nutgraf
