#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/fetch/curl_client.h"
#include "tests/support/newsroom.h"

namespace nutgraf {

/// A real client and a real server on the loopback interface.
class Fetching : public ::testing::Test {
 protected:
  HttpRequest request(const std::string& path) const {
    HttpRequest wanted;
    wanted.url = room->url(path);
    wanted.user_agent = "nutgraf-test";
    wanted.allow_private = true;
    wanted.timeout = std::chrono::seconds(20);
    return wanted;
  }

  HttpResponse get(HttpRequest wanted) {
    wanted.id = ++last_id;
    client.start(std::move(wanted));
    std::vector<HttpResponse> done = finish(1);
    EXPECT_EQ(done.at(0).id, last_id);
    return std::move(done.at(0));
  }
  HttpResponse get(const std::string& path) { return get(request(path)); }

  /// Waits until `count` transfers have come back.
  std::vector<HttpResponse> finish(std::size_t count) {
    std::vector<HttpResponse> all;
    for (int rounds = 0; all.size() < count && rounds < 100'000; ++rounds) {
      for (HttpResponse& response : client.wait(std::chrono::milliseconds(1000))) {
        all.push_back(std::move(response));
      }
    }
    EXPECT_EQ(all.size(), count);
    return all;
  }

  std::unique_ptr<Newsroom> room = Newsroom::start();
  SystemClock clock;
  CurlClient client{clock};
  std::uint64_t last_id = 0;
};

}  // namespace nutgraf
