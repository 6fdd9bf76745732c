// The program itself, against a server in this process.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stop_token>
#include <thread>

#include "tests/client/server.h"

namespace nutgraf {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Outcome {
  std::string output;
  int code = -1;
};

/// Runs a shell's command line.
Outcome shell(const std::string& command) {
  Outcome run;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return run;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    run.output.append(buffer.data(), size);
  }
  run.code = WEXITSTATUS(::pclose(pipe));
  return run;
}

Outcome tail(const std::string& arguments) {
  return shell("timeout 60 " NUTGRAF_TOOL " tail " + arguments);
}

class Tail : public ::testing::Test {
 protected:
  Tail() {
    for (int i = 0; i < 5; ++i) {
      log_.append(i % 2 == 0 ? "story.en.x." : "story.de.x.", R"({"title":"Title"})");
    }
  }
  std::string lines(Sequence first, Sequence last, Sequence step = 1) {
    std::string all;
    for (Sequence seq = first; seq <= last; seq += step) all += log_.at(seq)->body + "\n";
    return all;
  }
  TinyLog log_{"e1"};
  Server server_{log_};
  std::string endpoint_ = server_.wire().live_endpoints().front();
  std::string file_ = ::testing::TempDir() + "nutgraf_tail_" + std::to_string(::getpid());
};

TEST_F(Tail, AllPrintsTheMessagesByteForByte) {
  const Outcome run = tail(endpoint_ + " --all --no-follow --json");
  EXPECT_EQ(run.output, lines(1, 5));
  EXPECT_EQ(run.code, 0);
}

TEST_F(Tail, WithoutFollowingItDoesNotWaitForADaemonEither) {
  const Outcome nobody = tail("127.0.0.1:1 --all --no-follow --json 2>&1");
  EXPECT_EQ(nobody.code, 75);
  EXPECT_THAT(nobody.output, HasSubstr("nobody answers at 127.0.0.1:1"));
  const Outcome half = tail(endpoint_ + " --sync 127.0.0.1:1 --all --no-follow --json 2>&1");
  EXPECT_EQ(half.code, 75);
  EXPECT_THAT(half.output, HasSubstr("the sync endpoint of " + endpoint_ + " does not answer"));
}

TEST_F(Tail, TopicsAfterAndSincePick) {
  EXPECT_EQ(tail(endpoint_ + " --all --topic story.en. --no-follow --json").output, lines(1, 5, 2));
  EXPECT_EQ(tail("--all --no-follow --json --topic story.en. " + endpoint_).output, lines(1, 5, 2));
  EXPECT_EQ(tail(endpoint_ + " --after 3 --no-follow --json").output, lines(4, 5));
  EXPECT_EQ(tail(endpoint_ + " --since 2026-01-01T00:00:02Z --no-follow --json").output,
            lines(2, 5));
  EXPECT_EQ(tail(endpoint_ + " --since 1s --no-follow --json").output, "");
}

TEST_F(Tail, TheCursorFileResumes) {
  const std::string command = endpoint_ + " --all --no-follow --json --cursor " + file_;
  std::filesystem::remove(file_);
  EXPECT_EQ(tail(command).output, lines(1, 5));
  EXPECT_EQ(tail(command).output, "");
  log_.append("story.en.x.");
  EXPECT_EQ(tail(command).output, lines(6, 6));
  std::ofstream(file_) << "garbage";
  EXPECT_EQ(tail(command + " 2>/dev/null").code, 1);
  std::filesystem::remove(file_);
}

TEST_F(Tail, ACursorThatCannotBeSavedIsAFailure) {
  const Outcome run = tail(endpoint_ + " --all --no-follow --json --cursor /no/such/cursor 2>&1");
  // Before anything is printed, which would be printed again by the next run.
  EXPECT_EQ(run.output,
            "nutgraf tail: cannot write /no/such/cursor.new: No such file or directory\n");
  EXPECT_EQ(run.code, 1);
}

TEST_F(Tail, PrintsForPeopleWithoutColourIntoAPipe) {
  const Outcome run = tail(endpoint_ + " --all --no-follow");
  EXPECT_THAT(run.output, HasSubstr("Title\n"));
  EXPECT_EQ(run.output.find('\033'), std::string::npos);
}

TEST_F(Tail, AClosedPipeEndsIt) {
  EXPECT_EQ(tail(endpoint_ + " --all --json | head -n 1").output, lines(1, 1));
}

TEST_F(Tail, ASignalEndsItWithEverythingPrintedAndSaved) {
  std::filesystem::remove(file_);
  const Outcome run =
      tail(endpoint_ + " --all --json --cursor " + file_ + " & tail=$!; until [ -s " + file_ +
           " ]; do :; done; kill -INT $tail; "
           "wait $tail; echo code $?");
  EXPECT_THAT(run.output, StartsWith(lines(1, 5)));
  EXPECT_THAT(run.output, HasSubstr("code 0"));
  std::filesystem::remove(file_);
}

TEST_F(Tail, WhatIsWrongIsUsage) {
  EXPECT_EQ(tail(endpoint_ + " --since whenever 2>/dev/null").code, 64);
  EXPECT_EQ(tail(endpoint_ + " --all --after 3 2>/dev/null").code, 64);
  EXPECT_EQ(tail("tcp://nonsense 2>/dev/null").code, 64);
  EXPECT_EQ(tail(endpoint_ + " --after 77 2>/dev/null").code, 1);
}

TEST_F(Tail, TheExampleInPythonReadsGreetingsHeartbeatsAndMessages) {
  // Debian's own interpreter: another one would not see python3-zmq.
  const std::string python = "/usr/bin/python3";
  if (shell(python + " -c 'import zmq' 2>/dev/null").code != 0) GTEST_SKIP() << "no python3-zmq";
  std::jthread news([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      server_.publish("story.en.x.", R"({"title":"Fresh news"})");
      std::this_thread::yield();
    }
  });
  const std::string example =
      "timeout 60 " + python + " " NUTGRAF_TEST_DIR "/../docs/examples/subscribe.py " + endpoint_;
  EXPECT_THAT(shell(example + " 2>/dev/null | head -n 1").output, StartsWith("$hello"));
  EXPECT_THAT(shell(example + " 2>/dev/null | grep -m 1 '^.hb'").output, StartsWith("$hb"));
  EXPECT_THAT(shell(example + " 2>/dev/null | grep -m 1 ^story").output,
              ::testing::ContainsRegex("story.en.x. [0-9]+ create Fresh news"));
}

}  // namespace
}  // namespace nutgraf
