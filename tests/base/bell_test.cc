#include "daemon/base/bell.h"

#include <gtest/gtest.h>
#include <poll.h>

namespace nutgraf {
namespace {

bool rang(const Bell& bell) {
  pollfd watched{bell.fd(), POLLIN, 0};
  return poll(&watched, 1, 0) == 1 && (watched.revents & POLLIN) != 0;
}

TEST(Bell, RingsUntilItIsHushedHoweverOftenItWasRung) {
  const Bell bell;
  EXPECT_FALSE(rang(bell));
  bell.hush();  // Does not wait.
  for (int i = 0; i < 3; ++i) bell.ring();
  EXPECT_TRUE(rang(bell));
  EXPECT_TRUE(rang(bell));
  bell.hush();
  EXPECT_FALSE(rang(bell));
  bell.ring();
  EXPECT_TRUE(rang(bell));
}

}  // namespace
}  // namespace nutgraf
