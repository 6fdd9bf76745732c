#include "daemon/base/hash.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

// Published vectors of XXH3 with seed 0: stored ids must mean the same for ever.
TEST(Hash, IsXxh3) {
  EXPECT_EQ(hash64(""), 0x2D06800538D394C2ull);
  EXPECT_EQ(hash_id(""), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash, IdsAre32HexDigits) {
  const std::string id = hash_id("https://example.org/story");
  EXPECT_EQ(id.size(), 32u);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(id, hash_id("https://example.org/other"));
}

}  // namespace
}  // namespace nutgraf
