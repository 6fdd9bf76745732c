// What verify_store() finds, each damage made by hand; and backups.
#include "daemon/store/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <charconv>
#include <fstream>

#include "daemon/store/backup.h"
#include "daemon/store/sqlite_row_sum.h"
#include "daemon/store/sqlite_store.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;

/// "<topic>|<epoch>|<seq>|<prev>|<payload>" [drafts.h]
std::optional<Stamp> read_test_envelope(std::string_view body) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; parts.size() < 4;) {
    const auto bar = body.find('|', from);
    if (bar == std::string_view::npos) return std::nullopt;
    parts.emplace_back(body.substr(from, bar - from));
    from = bar + 1;
  }
  return Stamp{.epoch = parts[1], .seq = std::stoll(parts[2]), .prev = std::stoll(parts[3])};
}

class Verify : public testing::Test {
 protected:
  void SetUp() override {
    store_ = SqliteStore::open(file(), test_envelope).value();
    for (int i = 0; i < 6; ++i) {
      const std::string topic = i % 2 == 0 ? "a." : "b.";
      ASSERT_TRUE(store_->ledger().commit(message_only(topic, "m"), at(i)).has_value());
    }
    ASSERT_TRUE(store_->ledger().commit({.events = {event_message("e1")}}, at(7)).has_value());
  }

  fs::path file() const { return folder_.file("n.db"); }

  void run(const std::string& sql) {
    sqlite3* db = nullptr;
    sqlite3_open(file().c_str(), &db);
    sqlite::add_row_sum(db);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  StoreReport report(bool quick = false) {
    const auto verified =
        verify_store(file(), {.read_envelope = read_test_envelope, .quick = quick});
    EXPECT_TRUE(verified.has_value()) << verified.error().message;
    return verified.value_or(StoreReport{});
  }

  TempFolder folder_;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(Verify, ASoundStoreBesideItsWriter) {
  const StoreReport sound = report();
  EXPECT_TRUE(sound.sound()) << sound.findings.at(0).what;
  EXPECT_EQ(sound.messages, 7);
  EXPECT_EQ(sound.position.head, 7);
  EXPECT_EQ(sound.position.topics.size(), 3u);
  ASSERT_TRUE(store_->ledger().commit(message_only("a.", "more"), at(9)).has_value());
  EXPECT_EQ(report().messages, 8);
}

TEST_F(Verify, APrunedStoreIsSoundAndKeepsTheEventsMessage) {
  ASSERT_TRUE(store_->ledger().commit(message_only("a.", "m"), at(100)).has_value());
  ASSERT_TRUE(store_->ledger().prune({.log_before = at(50)}).has_value());
  const StoreReport sound = report();
  EXPECT_TRUE(sound.sound()) << sound.findings.at(0).what;
  EXPECT_EQ(sound.position.floor, 8);
  EXPECT_EQ(sound.kept_events, 1);
}

struct Damage {
  const char* name;
  const char* sql;
  const char* check;
  const char* what;
};

constexpr Damage kDamages[] = {
    {"body", "UPDATE log SET body = replace(body, '|m', '|n') WHERE seq = 3", "checksum",
     "message 3 does not match"},
    {"topic", "UPDATE log SET topic = 'c.' WHERE seq = 3", "checksum", "message 3"},
    {"size", "UPDATE log SET bytes = 1 WHERE seq = 3", "checksum", "size"},
    {"hole", "DELETE FROM log WHERE seq = 4", "sequence", "message 4 is missing"},
    {"holes", "DELETE FROM log WHERE seq IN (3, 4)", "sequence", "messages 3 to 4"},
    {"tail", "DELETE FROM log WHERE seq = 7", "sequence", "message 7 is missing"},
    {"beyond", "UPDATE counter SET head = 5", "sequence", "goes to 7, its counter to 5"},
    {"floor", "UPDATE counter SET floor = 9", "counter", "floor is 9"},
    {"floor_low", "UPDATE counter SET floor = 0", "sequence", "message 0 is missing"},
    {"bytes", "UPDATE counter SET bytes = bytes + 1", "counter", "bytes"},
    {"no_counter", "DELETE FROM counter", "counter", "missing"},
    {"no_epoch", "UPDATE counter SET epoch = ''", "counter", "epoch"},
    {"chain", "DELETE FROM log WHERE seq = 3", "chain", "message 5 of a. names 3"},
    {"head", "UPDATE topic SET head = 3 WHERE name = 'a.'", "topics", "a. ends at 5"},
    {"no_head", "DELETE FROM topic WHERE name = 'a.'", "topics", "a. has messages and no head"},
    {"ghost_head", "INSERT INTO topic VALUES ('z.', 6)", "topics", "z. has a head"},
    {"event", "UPDATE event SET last_seq = 99", "events", "99, is not kept"},
    {"number", "UPDATE log SET seq = 70 WHERE seq = 7", "envelope", "message 70 has a body"},
};

class VerifyDamage : public Verify, public testing::WithParamInterface<Damage> {};

TEST_P(VerifyDamage, IsFound) {
  run(GetParam().sql);
  const StoreReport damaged = report();
  EXPECT_FALSE(damaged.sound());
  EXPECT_THAT(
      damaged.findings,
      Contains(testing::AllOf(Field(&StoreReport::Finding::check, GetParam().check),
                              Field(&StoreReport::Finding::what, HasSubstr(GetParam().what)))));
}
INSTANTIATE_TEST_SUITE_P(Damages, VerifyDamage, testing::ValuesIn(kDamages),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(Verify, AnIndexThatDisagreesIsFoundUnlessQuick) {
  run("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM "
      "sqlite_schema WHERE name = 'item_seen') WHERE name = 'log_time'");
  EXPECT_THAT(report().findings, Contains(Field(&StoreReport::Finding::check, "database")));
  EXPECT_TRUE(report(true).sound());
}

TEST_F(Verify, CountsAllAndTellsAFew) {
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(store_->ledger().commit(message_only("a.", "m"), at(i)).has_value());
  }
  run("UPDATE log SET checksum = 0");
  EXPECT_EQ(report().findings.size(), StoreReport::kMaxFindings);
  EXPECT_EQ(report().found, 307);
}

TEST_F(Verify, AFileThatIsNoStoreIsAnError) {
  std::ofstream(folder_.file("junk.db")) << std::string(10'000, 'x');
  const auto junk = verify_store(folder_.file("junk.db"), {.read_envelope = read_test_envelope});
  ASSERT_FALSE(junk.has_value());
  EXPECT_EQ(junk.error().code, ErrorCode::kStorage);
}

TEST_F(Verify, ABackupOfARunningStoreIsSoundAndOfOneMoment) {
  const fs::path copy = folder_.file("copy.db");
  const auto bytes = backup_store(file(), copy);
  ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
  EXPECT_EQ(*bytes, fs::file_size(copy));
  ASSERT_TRUE(store_->ledger().commit(message_only("a.", "later"), at(9)).has_value());
  const auto verified = verify_store(copy, {.read_envelope = read_test_envelope});
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  EXPECT_TRUE(verified->sound());
  EXPECT_EQ(verified->position.head, 7);
}

TEST_F(Verify, ABackupIsNeverWrittenOverAFileNorLeftHalfDone) {
  const fs::path there = folder_.file("there.db");
  std::ofstream(there) << "precious";
  EXPECT_EQ(backup_store(file(), there).error().code, ErrorCode::kRefused);
  EXPECT_EQ(fs::file_size(there), 8u);
  EXPECT_EQ(backup_store(file(), folder_.file("no/such/folder.db")).error().message,
            "there is no folder " + folder_.file("no/such").string());
  EXPECT_EQ(backup_store(folder_.file("none.db"), folder_.file("x.db")).error().code,
            ErrorCode::kRefused);
  for (const auto& entry : fs::directory_iterator(file().parent_path())) {
    EXPECT_EQ(entry.path().string().find(".partial"), std::string::npos) << entry.path();
  }
}

}  // namespace
}  // namespace nutgraf
