#include "daemon/base/rare.h"

#include <gtest/gtest.h>

#include <string>

namespace nutgraf {
namespace {

struct Options {
  std::string name;
  bool on = true;
  friend bool operator==(const Options&, const Options&) = default;
};

TEST(Rare, IsTheDefaultUntilEdited) {
  Rare<Options> rare;
  EXPECT_EQ(rare.get(), nullptr);
  EXPECT_EQ(rare.value(), Options{});
  rare.edit().name = "x";
  EXPECT_EQ(rare.get()->name, "x");
  EXPECT_EQ(sizeof rare, sizeof(void*));
}

TEST(Rare, CopiesAreDeep) {
  Rare<Options> one;
  one.edit().name = "x";
  Rare<Options> other = one;
  other.edit().name = "y";
  EXPECT_EQ(one.value().name, "x");
  one = other;
  EXPECT_EQ(one, other);
  one = Rare<Options>();
  EXPECT_EQ(one.get(), nullptr);
  EXPECT_EQ(other.value().name, "y");
}

TEST(Rare, IsComparedByWhatItStandsFor) {
  Rare<Options> one;
  Rare<Options> other;
  other.edit();
  EXPECT_EQ(one, other);
  other.edit().on = false;
  EXPECT_NE(one, other);
  other.settle();
  EXPECT_NE(other.get(), nullptr);
  other.edit().on = true;
  other.settle();
  EXPECT_EQ(other.get(), nullptr);
}

}  // namespace
}  // namespace nutgraf
