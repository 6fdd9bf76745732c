#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <string_view>

#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;

/// A resolver that does not answer: look-ups of kName hang until they are let go.
class Resolver {
 public:
  static constexpr std::string_view kName = "hangs.invalid";

  void hang() {
    std::unique_lock lock(mutex_);
    ++hanging_;
    changed_.wait(lock, [this] { return let_go_; });
    --hanging_;
    changed_.notify_all();
  }
  void begin() {
    const std::lock_guard lock(mutex_);
    let_go_ = false;
  }
  /// Returns when none hangs any more.
  void let_go() {
    std::unique_lock lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return hanging_ == 0; });
  }
  int hanging() {
    const std::lock_guard lock(mutex_);
    return hanging_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool let_go_ = false;
  int hanging_ = 0;
};

Resolver& resolver() {
  static Resolver the_resolver;
  return the_resolver;
}

}  // namespace
}  // namespace nutgraf

/// In place of libc's in this program, for libcurl too: the linker takes the first it finds.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  if (name != nullptr && name == nutgraf::Resolver::kName) {
    nutgraf::resolver().hang();
    return EAI_AGAIN;
  }
  static const auto libc =
      reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return libc(name, service, hints, found);
}

namespace nutgraf {
namespace {

class HangingLookUp : public Fetching {
 protected:
  void SetUp() override { resolver().begin(); }
  void TearDown() override { resolver().let_go(); }

  HttpRequest hanging_request() const {
    HttpRequest wanted = request("/");
    wanted.url = "http://" + std::string(Resolver::kName) + "/";
    return wanted;
  }

  void drive_until_hanging(CurlClient& at, int count) {
    for (int rounds = 0; resolver().hanging() < count && rounds < 100'000; ++rounds) {
      ASSERT_TRUE(at.wait(1ms).empty());
    }
    ASSERT_EQ(resolver().hanging(), count);
  }
};

TEST_F(HangingLookUp, AbandonDoesNotWaitForIt) {
  room->put("/feed", {.body = "x"});
  client.start(hanging_request());
  drive_until_hanging(client, 1);
  client.abandon();  // Returns, or the test times out.
  EXPECT_EQ(resolver().hanging(), 1);
  EXPECT_EQ(client.in_flight(), 0u);
  EXPECT_EQ(get("/feed").body, "x");
}

TEST_F(HangingLookUp, TheTimeoutEndsItAsAResolveFault) {
  HttpRequest wanted = hanging_request();
  wanted.connect_timeout = 100ms;
  const HttpResponse response = get(wanted);
  EXPECT_EQ(resolver().hanging(), 1);
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.error->code, ErrorCode::kTransient);
  EXPECT_EQ(response.fault, NetworkFault::kResolve);
}

TEST_F(HangingLookUp, NoMoreThanMaxResolvingHang) {
  CurlClient narrow(clock, {.max_resolving = 2});
  for (int i = 0; i < 5; ++i) narrow.start(hanging_request());
  drive_until_hanging(narrow, 2);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(narrow.wait(1ms).empty());
  EXPECT_EQ(resolver().hanging(), 2);
  EXPECT_EQ(narrow.in_flight(), 5u);
}

TEST_F(HangingLookUp, TheDestructorDoesNotWaitForIt) {
  CurlClient brief(clock);
  brief.start(hanging_request());
  drive_until_hanging(brief, 1);
}

}  // namespace
}  // namespace nutgraf
