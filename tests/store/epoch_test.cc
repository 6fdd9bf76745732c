// A store that went back in time, or is a copy, begins a new epoch; nothing else does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "daemon/store/backup.h"
#include "daemon/store/high_water.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/store/verify.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A state folder, and a place apart from it for the mark.
class Epoch : public testing::Test {
 protected:
  Epoch() { fs::create_directories(state()); }

  fs::path state() const { return folder_.file("state"); }
  fs::path file() const { return state() / "n.db"; }
  fs::path mark() const { return folder_.file("cache.mark"); }

  void open() {
    auto opened = SqliteStore::open(file(), test_envelope, {.high_water = mark()});
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = std::move(*opened);
    epoch_ = store_->ledger().position()->epoch;
  }
  void close() { store_.reset(); }

  /// Commits, and holds that no number was ever given twice in an epoch.
  void commit(int messages) {
    for (int i = 0; i < messages; ++i) {
      const auto published = store_->ledger().commit(message_only("t.", "m"), at(++clock_));
      ASSERT_TRUE(published.has_value());
      const Sequence seq = published->at(0).seq;
      EXPECT_TRUE(given_.emplace(epoch_, seq).second) << epoch_ << " " << seq;
    }
  }

  void copy_state(const char* from, const char* to) {
    fs::remove_all(folder_.file(to));
    fs::copy(folder_.file(from), folder_.file(to), fs::copy_options::recursive);
  }

  /// The bytes of the files come back, the files stay the same: as a snapshot of the file system.
  void write_back(const char* from) {
    for (const auto& entry : fs::directory_iterator(state())) {
      if (entry.path() != file()) fs::remove(entry.path());
    }
    std::ifstream in(folder_.file(from) / "n.db", std::ios::binary);
    std::ofstream(file(), std::ios::binary | std::ios::in) << in.rdbuf();
  }

  TempFolder folder_;
  std::unique_ptr<SqliteStore> store_;
  std::string epoch_;
  std::int64_t clock_ = 0;
  std::set<std::pair<std::string, Sequence>> given_;
};

TEST_F(Epoch, StaysOverRestarts) {
  open();
  const std::string first = epoch_;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(store_->new_epoch().has_value());
    commit(2);
    close();
    open();
    EXPECT_EQ(epoch_, first);
  }
}

TEST_F(Epoch, WhatIsNoEpochOfOursIsNotWrittenToTheMark) {
  open();
  commit(2);
  close();
  const HighWater high_water = HighWater::open(mark()).value();
  high_water.write(std::string(200, 'e'), 9);
  ASSERT_TRUE(high_water.read().has_value());
  EXPECT_EQ(high_water.read()->epoch, epoch_);
  EXPECT_EQ(high_water.read()->head, 2);
}

TEST_F(Epoch, AFolderThatWasRestoredFromACopyHasANewOne) {
  open();
  commit(3);
  const std::string first = epoch_;
  close();
  copy_state("state", "copy");
  open();
  commit(4);
  close();
  copy_state("copy", "state");
  open();
  EXPECT_NE(epoch_, first);
  EXPECT_THAT(store_->new_epoch().value_or(""), HasSubstr("copy"));
  EXPECT_EQ(store_->ledger().position()->head, 3);
  commit(5);
  const std::string second = epoch_;
  close();
  open();
  EXPECT_EQ(epoch_, second) << "once is enough";
}

TEST_F(Epoch, ARollbackInPlaceIsToldByTheMark) {
  open();
  commit(3);
  const std::string first = epoch_;
  close();
  copy_state("state", "copy");
  open();
  commit(1);
  close();
  write_back("copy");
  open();
  EXPECT_NE(epoch_, first);
  EXPECT_THAT(store_->new_epoch().value_or(""), HasSubstr("message 4"));
  commit(3);
}

TEST_F(Epoch, ARollbackToAStoreThatHadSentNothingYetIsToldToo) {
  open();
  const std::string first = epoch_;
  close();
  copy_state("state", "copy");
  open();
  commit(2);
  close();
  write_back("copy");
  open();
  EXPECT_NE(epoch_, first);
  EXPECT_THAT(store_->new_epoch().value_or(""), HasSubstr("message 2"));
  commit(2);
}

TEST_F(Epoch, ANewStoreNeedsNoOtherThanItsOwnWhateverTheMarkSays) {
  open();
  commit(2);
  close();
  fs::remove(file());
  open();
  EXPECT_EQ(store_->new_epoch(), std::nullopt);
  commit(2);
}

TEST_F(Epoch, ANewOneStaysThoughNothingIsSentInIt) {
  open();
  commit(3);
  close();
  copy_state("state", "copy");
  open();
  commit(1);
  close();
  write_back("copy");
  open();
  ASSERT_TRUE(store_->new_epoch().has_value());
  const std::string second = epoch_;
  close();
  open();
  EXPECT_EQ(epoch_, second);
}

TEST_F(Epoch, AnOlderEpochIsNotTakenUpAgain) {
  open();
  commit(1);
  close();
  copy_state("state", "copy");
  open();
  commit(1);
  close();
  for (int round = 0; round < 3; ++round) {
    write_back("copy");  // Each time the store of the first epoch, at message 1.
    open();
    EXPECT_TRUE(store_->new_epoch().has_value());
    commit(3);
    close();
  }
}

TEST_F(Epoch, ACursorOfTheOldOneIsVoid) {
  open();
  commit(3);
  close();
  copy_state("state", "copy");
  open();
  const std::string first = epoch_;
  commit(2);
  close();
  copy_state("copy", "state");
  open();
  commit(2);  // Numbers 4 and 5 again, in another epoch.
  const auto page = store_->reader().value()->page({.epoch = first, .after = 5, .limit = 10});
  ASSERT_TRUE(page.has_value());
  const auto* refusal = std::get_if<LogRefusal>(&*page);
  ASSERT_NE(refusal, nullptr);
  EXPECT_EQ(refusal->code, LogRefusal::Code::kEpochChanged);
  EXPECT_EQ(refusal->epoch, epoch_);
}

TEST_F(Epoch, ABackupHasANewOneEvenWrittenOverTheFile) {
  open();
  commit(2);
  const std::string first = epoch_;
  ASSERT_TRUE(backup_store(file(), folder_.file("backup.db")).has_value());
  close();
  for (const char* beside : {"-wal", "-shm"}) fs::remove(file().string() + beside);
  fs::copy_file(folder_.file("backup.db"), file(), fs::copy_options::overwrite_existing);
  open();
  EXPECT_NE(epoch_, first);
  EXPECT_THAT(store_->new_epoch().value_or(""), HasSubstr("backup"));
  commit(3);
}

/// Who restores after a kill and leaves the write-ahead log: it is of the old store, and SQLite
/// would write it over the copy.
TEST_F(Epoch, ABackupIsRefusedWhileTheLogOfTheOldStoreLiesBesideIt) {
  open();
  commit(2);
  ASSERT_TRUE(backup_store(file(), folder_.file("backup.db")).has_value());
  commit(5);
  copy_state("state", "killed");  // As a kill leaves it.
  close();
  const fs::path restored = folder_.file("killed") / "n.db";
  ASSERT_GT(fs::file_size(restored.string() + "-wal"), 0U);
  fs::copy_file(folder_.file("backup.db"), restored, fs::copy_options::overwrite_existing);

  const auto refused = SqliteStore::open(restored, test_envelope, {.high_water = mark()});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kBadConfig);
  EXPECT_THAT(refused.error().message, HasSubstr("n.db-wal"));
  EXPECT_FALSE(verify_store(restored, {}).has_value());

  for (const char* beside : {"-wal", "-shm"}) fs::remove(restored.string() + beside);
  const auto opened = SqliteStore::open(restored, test_envelope, {.high_water = mark()});
  ASSERT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ((*opened)->ledger().position()->head, 2);
  EXPECT_THAT((*opened)->new_epoch().value_or(""), HasSubstr("backup"));
}

/// Each would find the other's epoch in it, and begin a new one with every start.
TEST_F(Epoch, TwoStoresThatAreInUseDoNotShareAMark) {
  open();
  commit(1);
  const auto other = SqliteStore::open(folder_.file("o.db"), test_envelope, {.high_water = mark()});
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().code, ErrorCode::kTransient);
  EXPECT_THAT(other.error().message, HasSubstr("store.high_water"));
  close();
  open();
  EXPECT_EQ(store_->new_epoch(), std::nullopt);
}

TEST_F(Epoch, AnIllegibleMarkProvesNothing) {
  open();
  commit(2);
  const std::string first = epoch_;
  for (const char* text : {"", "\n", "x", "only-an-epoch\n", "e 12x\n", " 5\n"}) {
    close();
    std::ofstream(mark()) << text;
    open();
    EXPECT_EQ(epoch_, first) << text;
  }
}

TEST_F(Epoch, WithoutAPlaceForTheMarkTheStoreIsNotOpened) {
  const auto opened =
      SqliteStore::open(file(), test_envelope, {.high_water = folder_.file("no/such/mark")});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kTransient);
  EXPECT_THAT(opened.error().message, HasSubstr("store.high_water"));
}

TEST(HighWater, IsWrittenBeforeTheCommitReturns) {
  const TempFolder folder;
  const auto store = SqliteStore::open(folder.file("n.db"), test_envelope).value();
  const fs::path copy = folder.file("copy.mark");
  const auto mark = [&] {
    fs::copy_file(folder.file("n.db.mark"), copy, fs::copy_options::overwrite_existing);
    return HighWater::open(copy)->read().value();
  };
  for (Sequence seq = 1; seq < 4; ++seq) {
    ASSERT_TRUE(store->ledger().commit(message_only("t.", "m"), at(seq)).has_value());
    EXPECT_EQ(mark().head, seq);
    EXPECT_EQ(mark().epoch, store->ledger().position()->epoch);
  }
}

}  // namespace
}  // namespace nutgraf
