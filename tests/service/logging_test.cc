#include "daemon/service/logging.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace nutgraf {
namespace {

TEST(LogValue, IsOneToken) {
  EXPECT_EQ(log_value("example-world"), "example-world");
  EXPECT_EQ(log_value("two words"), "\"two words\"");
  EXPECT_EQ(log_value(""), "\"\"");
  EXPECT_EQ(log_value("a=b"), "\"a=b\"");
  EXPECT_EQ(log_value("say \"x\" \\"), "\"say \\\"x\\\" \\\\\"");
  EXPECT_EQ(log_value("line\nERROR forged\x1b[31m"), "\"line\\x0aERROR forged\\x1b[31m\"");
  EXPECT_EQ(log_value("Zürich"), "Zürich");
}

TEST(LogValue, IsBoundedAtACharacter) {
  const std::string text = std::string(199, 'x') + "ü" + std::string(1000, 'y');
  EXPECT_EQ(log_value(text), "\"" + std::string(199, 'x') + "…\"");
}

std::string logged(const char* level) {
  testing::internal::CaptureStderr();
  setup_logging(level);
  spdlog::debug("quiet");
  spdlog::warn("poll feed={} ms={}", "a", 5);
  return testing::internal::GetCapturedStderr();
}

TEST(Logging, ToAFileHasTimeAndLevel) {
  const std::string line = logged("info");
  EXPECT_EQ(line.find("quiet"), std::string::npos);
  EXPECT_NE(line.find("Z level=warning poll feed=a ms=5\n"), std::string::npos) << line;
}

TEST(Logging, ToAJournalThatDoesNotListenHasAPriorityAndNoTime) {
  if (std::filesystem::exists("/run/systemd/journal/socket")) GTEST_SKIP() << "a journal listens";
  testing::internal::CaptureStderr();
  struct stat state {};
  ASSERT_EQ(fstat(STDERR_FILENO, &state), 0);
  const std::string stream = std::to_string(state.st_dev) + ":" + std::to_string(state.st_ino);
  setenv("JOURNAL_STREAM", stream.c_str(), 1);
  setup_logging("debug");
  spdlog::info("started feeds={}", 3);
  spdlog::debug("detail");
  spdlog::warn("late");
  spdlog::error("broken");
  unsetenv("JOURNAL_STREAM");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "<6>started feeds=3\n<7>detail\n<4>late\n<3>broken\n");
}

TEST(Logging, LevelChangesWhileRunning) {
  setup_logging("info");
  EXPECT_EQ(log_level(), "info");
  EXPECT_TRUE(set_log_level("debug"));
  EXPECT_EQ(log_level(), "debug");
  EXPECT_FALSE(set_log_level("loud"));
  EXPECT_EQ(log_level(), "debug");
  for (const std::string level : {"trace", "error", "warn", "info"}) {
    EXPECT_TRUE(set_log_level(level));
    EXPECT_EQ(log_level(), level);
  }
}

}  // namespace
}  // namespace nutgraf
