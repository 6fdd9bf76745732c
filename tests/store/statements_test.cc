// What a poll costs the store, counted in statements: they are the same on every machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <utility>

#include "daemon/store/sqlite_store.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

/// Statements that connections opened in its lifetime have begun since the last take().
class StatementCount {
 public:
  StatementCount() {
    begun() = 0;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&watch));
  }
  ~StatementCount() { sqlite3_reset_auto_extension(); }
  StatementCount(const StatementCount&) = delete;
  StatementCount& operator=(const StatementCount&) = delete;

  int take() { return std::exchange(begun(), 0); }

 private:
  static int& begun() {
    static int count = 0;  // SQLite's hook has no argument of ours.
    return count;
  }
  static int watch(sqlite3* db, const char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, &count, nullptr);
  }
  static int count(unsigned, void*, void*, void*) {
    ++begun();
    return 0;
  }
};

Batch not_modified(int polls) {
  Batch batch;
  for (int i = 0; i < polls; ++i) {
    PollCommit poll;
    poll.state.feed_id = "f" + std::to_string(i);
    poll.state.configured_url = poll.state.url = "http://f.example/" + std::to_string(i);
    poll.state.etag = "\"v\"";
    batch.polls.push_back(std::move(poll));
  }
  return batch;
}

TEST(Statements, APollThatBroughtNothingIsOneStatementAndTheTransactionIsShared) {
  const TempFolder folder;
  StatementCount statements;
  auto store = SqliteStore::open(folder.file("n.db"), test_envelope);
  ASSERT_TRUE(store.has_value()) << store.error().message;
  const auto statements_of = [&](int polls) {
    const Batch batch = not_modified(polls);
    statements.take();
    EXPECT_TRUE((*store)->ledger().commit(batch, at(0)).has_value());
    return statements.take();
  };
  const int one = statements_of(1);
  EXPECT_GE(one, 2);  // Else nothing is counted.
  EXPECT_LE(one, 6);
  EXPECT_EQ(statements_of(100) - one, 99);
  EXPECT_EQ(statements_of(100) - one, 99);  // Known feeds cost no more.
}

}  // namespace
}  // namespace nutgraf
