#include "daemon/fetch/body_budget.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace nutgraf {
namespace {

class BodyBudgetTest : public ::testing::Test {
 protected:
  BodyBudget::Key key(std::size_t index) { return &names_.at(index); }
  bool take(std::size_t index, std::size_t bytes) {
    const bool may = budget.admit(key(index));
    if (may) budget.add(bytes);
    return may;
  }

  BodyBudget budget{100};

 private:
  std::vector<char> names_ = std::vector<char>(8);
};

TEST_F(BodyBudgetTest, BelowTheLimitEverybodyGoesOn) {
  EXPECT_TRUE(take(0, 50));
  EXPECT_TRUE(take(1, 49));
  EXPECT_TRUE(take(0, 10));
  EXPECT_EQ(budget.bytes(), 109u);
  EXPECT_EQ(budget.paused(), 0u);
}

TEST_F(BodyBudgetTest, AtTheLimitAllPauseButTheLast) {
  EXPECT_TRUE(take(0, 50));
  EXPECT_TRUE(take(1, 50));
  EXPECT_FALSE(take(0, 1));
  EXPECT_FALSE(take(2, 1));  // One that just begins is not better off.
  EXPECT_TRUE(take(1, 1000));
  EXPECT_TRUE(take(1, 1000));
  EXPECT_EQ(budget.paused(), 2u);
  EXPECT_EQ(budget.resume(), nullptr);
}

TEST_F(BodyBudgetTest, WithRoomAgainTheyGoOnInTheOrderOfPausing) {
  EXPECT_TRUE(take(0, 100));
  for (const std::size_t index : {3u, 1u, 2u}) EXPECT_FALSE(take(index, 1));
  budget.leave(key(0), 100);
  EXPECT_EQ(budget.resume(), key(3));
  EXPECT_EQ(budget.resume(), key(1));
  EXPECT_TRUE(take(3, 100));
  EXPECT_EQ(budget.resume(), nullptr);
  EXPECT_FALSE(take(1, 1));  // Behind 2 now.
  budget.leave(key(3), 100);
  EXPECT_EQ(budget.resume(), key(2));
  EXPECT_EQ(budget.resume(), key(1));
  EXPECT_EQ(budget.resume(), nullptr);
}

TEST_F(BodyBudgetTest, WithoutRoomOneOfThemGoesOnIfNobodyElseDoes) {
  EXPECT_TRUE(take(0, 60));
  EXPECT_TRUE(take(1, 60));
  EXPECT_TRUE(take(2, 0) == false && take(0, 0) == false);
  budget.leave(key(1), 0);  // It is over, and its bytes are of no help.
  EXPECT_EQ(budget.resume(), key(2));
  EXPECT_EQ(budget.resume(), nullptr);
  EXPECT_TRUE(take(2, 5));
}

TEST_F(BodyBudgetTest, OnesThatLeaveWhilePausedAreNotResumed) {
  EXPECT_TRUE(take(0, 100));
  EXPECT_FALSE(take(1, 1));
  EXPECT_FALSE(take(2, 1));
  budget.leave(key(1), 0);
  budget.leave(key(5), 0);  // Never had a body.
  budget.leave(key(0), 100);
  EXPECT_EQ(budget.resume(), key(2));
  EXPECT_EQ(budget.resume(), nullptr);
  EXPECT_EQ(budget.bytes(), 0u);
}

/// Bodies of all sizes, in pieces of all sizes, read in random order.
TEST(BodyBudget, AllEndAndTheLimitIsExceededByOnePieceAndOneBodyAtMost) {
  constexpr std::size_t kLimit = 1000;
  constexpr std::size_t kPiece = 50;
  constexpr std::size_t kBody = 700;
  struct Body {
    std::size_t left = 0;
    std::size_t taken = 0;
    bool paused = false;
  };
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    BodyBudget budget(kLimit);
    std::vector<Body> bodies(1 + random() % 30);
    for (Body& body : bodies) body.left = 1 + random() % kBody;
    std::size_t open = bodies.size();
    for (int steps = 0; open > 0; ++steps) {
      ASSERT_LT(steps, 1'000'000) << "locked up";
      while (auto* body = static_cast<Body*>(budget.resume())) body->paused = false;
      Body& body = bodies[random() % bodies.size()];
      if (body.left == 0 || body.paused) continue;
      if (!budget.admit(&body)) {
        body.paused = true;
        continue;
      }
      const std::size_t piece = std::min(body.left, 1 + random() % kPiece);
      body.left -= piece;
      body.taken += piece;
      budget.add(piece);
      ASSERT_LT(budget.bytes(), kLimit + kPiece + kBody);
      if (body.left > 0) continue;
      budget.leave(&body, body.taken);
      --open;
    }
    ASSERT_EQ(budget.bytes(), 0u);
    ASSERT_EQ(budget.paused(), 0u);
  }
}

}  // namespace
}  // namespace nutgraf
