#include "daemon/wire/endpoint.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

TEST(Endpoint, OnlyLoopbackAndIpcAreLocal) {
  for (const char* local : {"tcp://127.0.0.1:5556", "tcp://127.1.2.3:*", "tcp://[::1]:5556",
                            "tcp://localhost:1", "ipc:///run/nutgraf/live"}) {
    EXPECT_TRUE(is_local_endpoint(local)) << local;
    EXPECT_TRUE(check_bind(local, false)) << local;
  }
  for (const char* open : {"tcp://*:5556", "tcp://0.0.0.0:5556", "tcp://[::]:5556",
                           "tcp://192.168.1.4:5556", "tcp://127.0.0.1.evil.example:5556",
                           "tcp://eth0:5556", "tcp://127.evil:1", "tcp://", "tcp://:5556"}) {
    EXPECT_FALSE(is_local_endpoint(open)) << open;
    const auto refused = check_bind(open, false);
    ASSERT_FALSE(refused) << open;
    EXPECT_EQ(refused.error().code, ErrorCode::kBadConfig);
    EXPECT_TRUE(check_bind(open, true)) << open;
  }
}

TEST(Endpoint, OtherTransportsAreRefusedEvenWhenInsecure) {
  for (const char* other : {"pgm://eth0;239.0.0.1:5555", "inproc://x", "127.0.0.1:5556", ""}) {
    EXPECT_FALSE(check_bind(other, true)) << other;
  }
}

}  // namespace
}  // namespace nutgraf
