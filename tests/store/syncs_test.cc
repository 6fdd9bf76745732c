// What is on the disk when the store says so: every fsync() of this program is written down.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/backup.h"
#include "daemon/store/disk_room.h"
#include "daemon/store/sqlite_db.h"
#include "daemon/store/sqlite_store.h"
#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::EndsWith;
using testing::IsEmpty;

struct Written {
  std::mutex mutex;
  std::vector<std::string> paths;
  std::string failing;  // A path with this in it cannot be written; empty: all can.
};

Written& written() {
  static Written of_the_program;
  return of_the_program;
}

int note_sync(long call, int fd) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  {
    Written& all = written();
    const std::lock_guard lock(all.mutex);
    all.paths.emplace_back(path.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    if (!all.failing.empty() && all.paths.back().find(all.failing) != std::string::npos) {
      errno = EIO;
      return -1;
    }
  }
  return static_cast<int>(::syscall(call, fd));
}

}  // namespace
}  // namespace nutgraf

// Before those of the C library, also for SQLite's.
extern "C" int fsync(int fd) { return nutgraf::note_sync(SYS_fsync, fd); }
extern "C" int fdatasync(int fd) { return nutgraf::note_sync(SYS_fdatasync, fd); }

namespace nutgraf {
namespace {

class Syncs : public testing::Test {
 protected:
  Syncs() { fs::create_directories(folder_.file("state")); }
  fs::path file() const { return folder_.file("state") / "n.db"; }
  std::unique_ptr<SqliteStore> open() {
    return SqliteStore::open(file(), test_envelope, {.high_water = folder_.file("mark")}).value();
  }
  /// Since the last time it was asked for.
  static std::vector<std::string> synced() {
    const std::lock_guard lock(written().mutex);
    return std::exchange(written().paths, {});
  }

  TempFolder folder_;
};

TEST_F(Syncs, WhatIsCommittedIsOnTheDisk) {
  const auto store = open();
  for (int i = 0; i < 3; ++i) {
    synced();
    Batch batch = message_only("t.", "m");
    batch.polls[0].arrivals = {arrival("a" + std::to_string(i))};
    ASSERT_TRUE(store->ledger().commit(batch, at(i)).has_value());
    EXPECT_THAT(synced(), Contains(EndsWith("n.db-wal")));
  }
}

/// What a loss of power undoes of it is only done again.
TEST_F(Syncs, AClaimWaitsForNoDisk) {
  const auto store = open();
  ASSERT_TRUE(store->ledger().commit(poll_of({arrival("a"), arrival("b")}), at(0)).has_value());
  synced();
  ASSERT_EQ(store->work().claim({.now = at(1)})->size(), 2u);
  EXPECT_THAT(synced(), IsEmpty());
}

TEST_F(Syncs, TheMarkOfAnEpochIsOnTheDiskBeforeItIsUsed) {
  open().reset();
  synced();
  const auto store = open();
  EXPECT_THAT(synced(), Contains(EndsWith("/mark")));
}

TEST_F(Syncs, ABackupIsOnTheDiskBeforeItHasItsNameAndThenTheName) {
  open().reset();
  synced();
  const fs::path copy = folder_.file("copy.db");
  ASSERT_TRUE(backup_store(file(), copy).has_value());
  const std::vector<std::string> paths = synced();
  ASSERT_FALSE(paths.empty());
  EXPECT_THAT(paths, Contains(testing::HasSubstr("copy.db.partial.")));
  EXPECT_EQ(paths.back(), fs::canonical(copy.parent_path()).string());
}

std::ptrdiff_t entries(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

TEST_F(Syncs, ABackupThatFailsLeavesNothingBehind) {
  open().reset();
  const fs::path into = folder_.file("into");
  fs::create_directories(into);
  const auto open_files = [] { return entries("/proc/self/fd"); };
  const std::ptrdiff_t open_before = open_files();
  written().failing = ".partial.";
  const auto unwritten = backup_store(file(), into / "copy.db");
  written().failing.clear();
  ASSERT_FALSE(unwritten.has_value());
  EXPECT_EQ(unwritten.error().code, ErrorCode::kTransient);
  EXPECT_EQ(entries(into), 0);
  // A name that leads nowhere is taken all the same.
  fs::create_symlink("/nonexistent/there.db", into / "copy.db");
  EXPECT_EQ(backup_store(file(), into / "copy.db").error().code, ErrorCode::kRefused);
  EXPECT_EQ(entries(into), 1);
  EXPECT_TRUE(backup_store(file(), into / "good.db").has_value());
  EXPECT_EQ(entries(into), 2);
  EXPECT_EQ(open_files(), open_before);
}

TEST_F(Syncs, WhatIsNoStoreHasNoBackup) {
  sqlite::Connection(folder_.file("theirs.db"), sqlite::Access::kReadWrite, {})
      .execute("CREATE TABLE theirs(x)");
  const auto refused = backup_store(folder_.file("theirs.db"), folder_.file("copy.db"));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kBadConfig);
  EXPECT_FALSE(fs::exists(folder_.file("copy.db")));
}

TEST(DiskRoom, RefusesBelowTheLimitAndIfItCannotTellHasEnough) {
  const TempFolder folder;
  const fs::path here = folder.file("");
  EXPECT_TRUE((DiskRoom{here, 0}.check()));
  EXPECT_TRUE((DiskRoom{here, 1}.check()));
  EXPECT_TRUE((DiskRoom{"/nonexistent/folder/n.db", 1}.check()));
  const Result<void> refused = DiskRoom{here, ~std::uint64_t{0}}.check();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("store.min_free"));
}

TEST_F(Syncs, NothingIsCommittedWhereTheRoomIsToStayFree) {
  const auto store =
      SqliteStore::open(file(), test_envelope,
                        {.high_water = folder_.file("mark"), .min_free = ~std::uint64_t{0}})
          .value();
  const auto refused = store->ledger().commit(message_only("t.", "m"), at(0));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
  EXPECT_EQ(store->ledger().position()->head, 0);
}

}  // namespace
}  // namespace nutgraf
