#include "daemon/base/read_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace nutgraf {
namespace {

namespace fs = std::filesystem;

class ReadFile : public testing::Test {
 protected:
  ReadFile() {
    std::string name = (fs::temp_directory_path() / "nutgraf-read-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ReadFile() override { fs::remove_all(folder_); }

  std::string file(const std::string& content) const {
    const std::string path = folder_ / "file";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  static ErrorCode code_of(const std::string& path, const ReadLimits& limits) {
    const auto read = read_file(path, limits);
    EXPECT_FALSE(read) << path;
    return read ? ErrorCode::kStorage : read.error().code;
  }

  fs::path folder_;
};

TEST_F(ReadFile, GivesAllOfItUpToTheLimitAndNothingOfMore) {
  for (const std::size_t size : {0u, 1u, 65'536u, 65'537u, 1'000'000u}) {
    const std::string path = file(std::string(size, 'x'));
    EXPECT_EQ(read_file(path, {.most = size})->size(), size);
    EXPECT_EQ(read_file(path, {.most = size + 1})->size(), size);
    if (size > 0) {
      EXPECT_EQ(code_of(path, {.most = size - 1}), ErrorCode::kTooLarge);
    }
  }
  EXPECT_EQ(code_of("/dev/zero", {.most = 100'000}), ErrorCode::kTooLarge);
  EXPECT_EQ(read_file("/dev/zero", {.most = 2 << 20}).error().message, "it is larger than 2 MiB");
}

TEST_F(ReadFile, SaysWhatTheCallerCanDo) {
  const std::string path = file("x");
  EXPECT_EQ(code_of(folder_ / "none", {.most = 9}), ErrorCode::kGone);
  EXPECT_EQ(code_of(path + "/below", {.most = 9}), ErrorCode::kGone);
  EXPECT_EQ(code_of(folder_, {.most = 9}), ErrorCode::kTransient);
  EXPECT_EQ(read_file(folder_ / "none", {.most = 9}).error().message, "No such file or directory");
  if (geteuid() != 0) {
    fs::permissions(path, fs::perms::none);
    EXPECT_EQ(code_of(path, {.most = 9}), ErrorCode::kRefused);
  }
}

TEST_F(ReadFile, WaitsForNoPipeAndReadsNoDeviceWhereAFileIsMeant) {
  const std::string pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/zero")}) {
    EXPECT_EQ(code_of(path, {.most = 9, .regular = true}), ErrorCode::kRefused) << path;
  }
  EXPECT_TRUE(read_file(file("x"), {.most = 9, .regular = true}));
}

TEST_F(ReadFile, ClosesWhatItOpened) {
  const auto is_open = [](int fd) { return fcntl(fd, F_GETFD) != -1; };
  int fd = -1;
  {
    const Result<Descriptor> opened = open_to_read(file("x"));
    fd = opened->get();
    EXPECT_TRUE(is_open(fd));
    Descriptor other(dup(fd));
    const int second = other.get();
    other = Descriptor();
    EXPECT_FALSE(is_open(second));
  }
  EXPECT_FALSE(is_open(fd));
  EXPECT_FALSE(Descriptor());
}

TEST(SizeText, RoundsDownToTheUnit) {
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1024), "1 KiB");
  EXPECT_EQ(size_text((1 << 20) - 1), "1023 KiB");
  EXPECT_EQ(size_text(64 << 20), "64 MiB");
}

}  // namespace
}  // namespace nutgraf
