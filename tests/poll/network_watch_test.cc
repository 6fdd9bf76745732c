#include <gtest/gtest.h>

#include "daemon/poll/poller.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;

const Monotonic kStart{1000h};

std::string host(int number) { return std::to_string(number) + ".example"; }

TEST(NetworkWatch, IsDownWhenManyHostsCannotBeReached) {
  NetworkWatch watch;
  for (int i = 0; i < 3; ++i) watch.record(host(i), NetworkFault::kResolve, kStart);
  EXPECT_FALSE(watch.down(kStart));  // Three hosts may well be broken.
  watch.record(host(3), NetworkFault::kConnect, kStart);
  EXPECT_TRUE(watch.down(kStart));
}

TEST(NetworkWatch, OneBrokenHostIsNotTheNetwork) {
  NetworkWatch watch;
  for (int i = 0; i < 50; ++i) watch.record("one.example", NetworkFault::kConnect, kStart);
  EXPECT_FALSE(watch.down(kStart));
}

TEST(NetworkWatch, AnswersOfAnyKindSpeakForTheNetwork) {
  NetworkWatch watch;
  for (int i = 0; i < 6; ++i) watch.record(host(i), NetworkFault::kConnect, kStart);
  for (int i = 6; i < 8; ++i) watch.record(host(i), NetworkFault::kTls, kStart);
  EXPECT_FALSE(watch.down(kStart));  // 6 of 8.
}

TEST(NetworkWatch, AShortListOfFeedsHasFewPollsInAMinute) {
  NetworkWatch watch;
  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(watch.down(kStart + i * 5min));
    watch.record(host(i % 3), NetworkFault::kResolve,
                 kStart + i * 5min);  // The fourth is the first.
  }
  EXPECT_FALSE(watch.down(kStart + 20min));
  watch.record(host(3), NetworkFault::kResolve, kStart + 20min);
  EXPECT_TRUE(watch.down(kStart + 25min));
  watch.record(host(2), NetworkFault::kTimeout, kStart + 25min);  // Somebody is there.
  EXPECT_FALSE(watch.down(kStart + 25min));
}

TEST(NetworkWatch, RecoversWithTheFirstAnswersAndForgets) {
  NetworkWatch watch;
  for (int i = 0; i < 10; ++i) watch.record(host(i), NetworkFault::kResolve, kStart);
  ASSERT_TRUE(watch.down(kStart));
  EXPECT_TRUE(watch.down(kStart + 61s));
  EXPECT_FALSE(watch.down(kStart + 61min));
  for (int i = 0; i < 3; ++i) watch.record(host(i), NetworkFault::kNone, kStart + 1s);
  EXPECT_FALSE(watch.down(kStart + 1s));
}

}  // namespace
}  // namespace nutgraf
