#include "daemon/service/log_pipe.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>

#include "daemon/base/descriptor.h"

namespace nutgraf {
namespace {

class LogPipeTest : public ::testing::Test {
 protected:
  LogPipeTest() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    reader_ = Descriptor(ends[0]);
    writer_ = Descriptor(ends[1]);
    fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
    log_ = std::make_unique<LogPipe>(writer_.get());
  }

  std::string read_all() {
    std::string out;
    std::array<char, 65536> buffer{};
    for (ssize_t got = 0; (got = read(reader_.get(), buffer.data(), buffer.size())) > 0;) {
      out.append(buffer.data(), static_cast<std::size_t>(got));
      log_->flush();
    }
    return out;
  }

  Descriptor reader_;
  Descriptor writer_;
  std::unique_ptr<LogPipe> log_;
};

TEST_F(LogPipeTest, WritesAtOnceWhereSomebodyReads) {
  log_->put("one\n");
  log_->put("two\n");
  EXPECT_EQ(read_all(), "one\ntwo\n");
  EXPECT_EQ(log_->take_lost(), 0u);
}

TEST_F(LogPipeTest, KeepsWhatHasRoomAndCountsTheRest) {
  const std::string line = std::string(99, 'x') + "\n";
  constexpr std::size_t kLines = 20'000;
  for (std::size_t i = 0; i < kLines; ++i) log_->put(line);
  EXPECT_EQ(log_->take_lost(), 0u) << "There is no room to tell it.";
  const std::string read = read_all();
  EXPECT_GE(read.size(), LogPipe::kRoom);
  EXPECT_EQ(read.size() % line.size(), 0u) << "A line is lost whole.";
  EXPECT_EQ(read.size() / line.size() + log_->take_lost(), kLines);
  EXPECT_EQ(log_->take_lost(), 0u);
  log_->put("again\n");
  EXPECT_EQ(read_all(), "again\n");
}

TEST_F(LogPipeTest, ALineOfAnyLengthIsWhole) {
  const std::string line = std::string(300'000, 'y') + "\n";
  log_->put(line);
  EXPECT_EQ(read_all(), line);
}

TEST_F(LogPipeTest, AReaderThatHasGoneIsNotWaitedFor) {
  signal(SIGPIPE, SIG_IGN);
  reader_ = Descriptor();
  log_->put("one\n");
  log_.reset();
}

}  // namespace
}  // namespace nutgraf
