#include "daemon/fetch/socket_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace nutgraf {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Ready = SocketWatch::Ready;
using std::chrono::milliseconds;

constexpr milliseconds kAtOnce{0};
constexpr milliseconds kForLong{600'000};

struct Pair {
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0); }
  ~Pair() {
    hang_up();
    close(ends[0]);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void speak() { EXPECT_EQ(write(ends[1], "x", 1), 1); }
  void hang_up() {
    if (ends[1] >= 0) close(ends[1]);
    ends[1] = -1;
  }

  int ends[2] = {-1, -1};
};

TEST(SocketWatch, TellsWhatIsWantedAndNothingElse) {
  SocketWatch watch;
  Pair pair;
  pair.speak();
  EXPECT_THAT(watch.wait(kAtOnce), IsEmpty());
  watch.want(pair.ends[0], true, false);
  EXPECT_THAT(watch.wait(kForLong), ElementsAre(Ready{pair.ends[0], true, false}));
  watch.want(pair.ends[0], false, true);
  EXPECT_THAT(watch.wait(kForLong), ElementsAre(Ready{pair.ends[0], false, true}));
  watch.want(pair.ends[0], true, true);
  EXPECT_THAT(watch.wait(kForLong), ElementsAre(Ready{pair.ends[0], true, true}));
  watch.want(pair.ends[0], false, false);
  EXPECT_THAT(watch.wait(kAtOnce), IsEmpty());
}

TEST(SocketWatch, WhatIsBrokenIsReadyForWhateverWasWanted) {
  SocketWatch watch;
  Pair pair;
  watch.want(pair.ends[0], true, false);
  pair.hang_up();
  EXPECT_THAT(watch.wait(kForLong), ElementsAre(Ready{pair.ends[0], true, true}));
}

TEST(SocketWatch, ASocketThatWasClosedUntoldLeavesItsNumberToAnother) {
  SocketWatch watch;
  int number = -1;
  {
    Pair pair;
    number = pair.ends[0];
    watch.want(number, true, false);
  }
  Pair other;
  ASSERT_EQ(other.ends[0], number);  // The lowest that is free.
  EXPECT_THAT(watch.wait(kAtOnce), IsEmpty());
  watch.want(number, true, false);
  other.speak();
  EXPECT_THAT(watch.wait(kForLong), ElementsAre(Ready{number, true, false}));
}

TEST(SocketWatch, TheBellEndsAWaitAlsoOneThatHasNotBegun) {
  SocketWatch watch;
  watch.ring();
  watch.ring();
  EXPECT_THAT(watch.wait(kForLong), IsEmpty());
  EXPECT_THAT(watch.wait(kAtOnce), IsEmpty());
  const auto begin = std::chrono::steady_clock::now();
  watch.wait(std::chrono::milliseconds(20));  // It has rung for one wait and not for all.
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(15));
  std::jthread ringer([&] { watch.ring(); });
  EXPECT_THAT(watch.wait(kForLong), IsEmpty());
}

}  // namespace
}  // namespace nutgraf
