#include "daemon/base/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace nutgraf {
namespace {

class WantsColour : public testing::Test {
 protected:
  WantsColour() : terminal_(posix_openpt(O_RDWR | O_NOCTTY)) {
    setenv("TERM", "xterm-256color", 1);
    unsetenv("NO_COLOR");
  }
  ~WantsColour() override { close(terminal_); }

  const int terminal_;
};

TEST_F(WantsColour, OnATerminalThatKnowsColours) {
  ASSERT_GE(terminal_, 0);
  EXPECT_TRUE(wants_colour(terminal_));
  setenv("TERM", "dumb", 1);
  EXPECT_FALSE(wants_colour(terminal_));
  unsetenv("TERM");
  EXPECT_FALSE(wants_colour(terminal_));
}

TEST_F(WantsColour, NotWhereItsOwnerSaysNo) {
  setenv("NO_COLOR", "", 1);  // Set to nothing says nothing.
  EXPECT_TRUE(wants_colour(terminal_));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_colour(terminal_));
}

TEST_F(WantsColour, NotInAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(wants_colour(ends[1]));
  EXPECT_FALSE(wants_colour(-1));
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace nutgraf
