#include "daemon/store/store_lock.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "tests/store/drafts.h"

namespace nutgraf {
namespace {

TEST(StoreLock, OneHolderAtATimeAndTheOtherIsToldWho) {
  const TempFolder folder;
  const std::filesystem::path store = folder.file("nutgraf.db");
  std::optional<Result<StoreLock>> first = StoreLock::acquire(store);
  ASSERT_TRUE(*first) << first->error().message;
  const Result<StoreLock> second = StoreLock::acquire(store);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kRefused);
  EXPECT_NE(second.error().message.find("process " + std::to_string(getpid())), std::string::npos)
      << second.error().message;
  first.reset();
  EXPECT_TRUE(StoreLock::acquire(store));
}

TEST(StoreLock, TwoNamesOfAStoreHaveOneLock) {
  const TempFolder folder;
  const std::filesystem::path real = folder.file("real");
  std::filesystem::create_directory(real);
  std::ofstream(real / "nutgraf.db") << "";
  std::filesystem::create_directory_symlink(real, folder.file("linked"));
  std::filesystem::create_symlink(real / "nutgraf.db", folder.file("other.db"));
  const Result<StoreLock> held = StoreLock::acquire(real / "nutgraf.db");
  ASSERT_TRUE(held) << held.error().message;
  for (const std::filesystem::path& name :
       {folder.file("linked") / "nutgraf.db", folder.file("other.db")}) {
    const Result<StoreLock> again = StoreLock::acquire(name);
    ASSERT_FALSE(again) << name;
    EXPECT_EQ(again.error().code, ErrorCode::kRefused) << name;
  }
}

TEST(StoreLock, WhereNoFileCanBeMadeTheFolderIsAskedFor) {
  const TempFolder folder;
  const Result<StoreLock> lock = StoreLock::acquire(folder.file("missing") / "nutgraf.db");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, ErrorCode::kTransient);
  EXPECT_NE(lock.error().message.find("does the folder exist"), std::string::npos);
}

}  // namespace
}  // namespace nutgraf
