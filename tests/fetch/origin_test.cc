// What is for the feed's own server stays with it, wherever a redirect leads.
#include <gmock/gmock.h>

#include "daemon/fetch/destination.h"
#include "tests/fetch/fetching.h"

namespace nutgraf {
namespace {

class Origin : public Fetching {
 protected:
  HttpRequest with_secrets(const std::string& path) const {
    HttpRequest wanted = request(path);
    wanted.own.headers = {{"X-Api-Key", "secret"}, {"Cookie", "session=1"}};
    wanted.own.userpwd = "user:secret";
    return wanted;
  }
  /// How many of the secrets a request carried.
  static int secrets(const RecordedRequest& seen) {
    return seen.header("X-Api-Key").has_value() + seen.header("Cookie").has_value() +
           seen.header("Authorization").has_value();
  }

  std::unique_ptr<Newsroom> other = Newsroom::start();
};

TEST_F(Origin, SecretsDoNotFollowARedirectToAnotherOrigin) {
  other->put("/there", {.body = "x"});
  for (const int status : {301, 302, 303, 307, 308}) {
    room->redirect("/here", other->url("/there"), status);
    EXPECT_EQ(get(with_secrets("/here")).body, "x");
    EXPECT_EQ(secrets(room->requests("/here").back()), 3) << status;
    EXPECT_EQ(secrets(other->requests("/there").back()), 0) << status;
  }
}

TEST_F(Origin, SecretsFollowARedirectWithinTheOrigin) {
  room->put("/there", {.body = "x"});
  room->redirect("/here", "/there");
  EXPECT_EQ(get(with_secrets("/here")).body, "x");
  EXPECT_EQ(secrets(room->requests("/there").at(0)), 3);
}

TEST_F(Origin, WhoeverLedThemAwayDoesNotGetThemSentBack) {
  room->put("/victim", {.body = "x"});
  room->redirect("/here", other->url("/away"));
  other->redirect("/away", room->url("/victim"));
  EXPECT_EQ(get(with_secrets("/here")).body, "x");
  EXPECT_EQ(secrets(room->requests("/victim").at(0)), 0);
}

TEST_F(Origin, AnotherNameOfTheSameServerIsAnotherOrigin) {
  room->put("/there", {.body = "x"});
  room->redirect("/here", "http://localhost:" + std::to_string(room->port()) + "/there");
  EXPECT_EQ(get(with_secrets("/here")).body, "x");
  EXPECT_EQ(secrets(room->requests("/there").at(0)), 0);
}

TEST_F(Origin, TheNextRequestOnAKeptConnectionCarriesNoneOfThem) {
  room->put("/feed", {.body = "x"});
  get(with_secrets("/feed"));
  get("/feed");
  EXPECT_EQ(room->connections(), 1u);
  EXPECT_EQ(secrets(room->requests("/feed").at(0)), 3);
  EXPECT_EQ(secrets(room->requests("/feed").at(1)), 0);
}

TEST_F(Origin, AHeaderOfItsOwnReplacesAccept) {
  room->put("/feed", {.body = "x"});
  HttpRequest wanted = request("/feed");
  wanted.accept = "text/html";
  wanted.own.headers = {{"accept", "application/json"}};
  get(wanted);
  EXPECT_EQ(room->requests("/feed").at(0).header("Accept"), "application/json");
}

TEST_F(Origin, ARedirectThatBreaksItsPromiseOfABodyIsFollowed) {
  room->put("/there", {.body = "x"});
  room->put("/here",
            {.raw = "HTTP/1.1 301 Moved\r\nLocation: /there\r\nContent-Length: 50\r\n\r\n"});
  EXPECT_EQ(get("/here").body, "x");
}

TEST_F(Origin, ASilentTargetIsAskedOnce) {
  room->redirect("/here", "/there");
  room->put("/there", {.raw = ""});
  const HttpResponse response = get("/here");
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.fault, NetworkFault::kBroken);
  EXPECT_LE(room->hits("/there"), 2u);  // libcurl repeats once what a kept connection swallows.
}

TEST_F(Origin, ARedirectsBodyIsNotTheDocuments) {
  room->put("/there", {.body = "x"});
  room->put(
      "/here",
      {.body = std::string(100'000, 'y'), .status = 302, .headers = {{"Location", "/there"}}});
  HttpRequest wanted = request("/here");
  wanted.max_body = 10;
  EXPECT_EQ(get(wanted).body, "x");
}

TEST_F(Origin, ADocumentMayBeAsLargeAsTheLimit) {
  room->put("/here", {.body = "0123456789"});
  HttpRequest wanted = request("/here");
  wanted.max_body = 10;
  EXPECT_EQ(get(wanted).body, "0123456789");
  wanted.max_body = 9;
  const HttpResponse cut = get(wanted);
  ASSERT_TRUE(cut.error);
  EXPECT_EQ(cut.error->code, ErrorCode::kTooLarge);
}

TEST_F(Origin, WithoutRedirectsAllowedTheyAreTheResponse) {
  room->redirect("/here", "/there");
  HttpRequest wanted = request("/here");
  wanted.max_redirects = 0;
  EXPECT_EQ(get(wanted).status, 302);
  EXPECT_EQ(room->hits("/there"), 0u);
}

TEST_F(Origin, TheTimeoutIsForAllHopsTogether) {
  room->put("/slow", {.body = std::string(10'000, 'x'), .bytes_per_second = 20});
  room->redirect("/here", "/slow");
  HttpRequest wanted = request("/here");
  wanted.timeout = std::chrono::milliseconds(150);
  const HttpResponse response = get(wanted);
  ASSERT_TRUE(response.error);
  EXPECT_EQ(response.fault, NetworkFault::kTimeout);
}

TEST(SameOrigin, ComparesSchemeHostAndPortAsLibcurlReadsThem) {
  struct Case {
    const char* a;
    const char* b;
    bool same;
  };
  for (const Case& each : {
           Case{"http://a.example/x", "http://A.EXAMPLE:80/y?z", true},
           Case{"https://a.example/", "https://a.example:443/", true},
           Case{"https://a.example/", "https://u:p@a.example/", true},
           Case{"http://127.0.0.1/", "http://2130706433/", true},
           Case{"http://a.example/", "https://a.example/", false},
           Case{"http://a.example/", "http://a.example:81/", false},
           Case{"http://a.example/", "http://www.a.example/", false},
           Case{"http://a.example/", "http://a.example@b.example/", false},
           Case{"http://a.example/", "http://a.example:x/", false},
           Case{"", "", false},
       }) {
    EXPECT_EQ(same_origin(each.a, each.b), each.same) << each.a << " " << each.b;
  }
}

TEST(RedirectTarget, IsResolvedAgainstTheHop) {
  EXPECT_EQ(redirect_target("http://a.example/x/y?q", "z"), "http://a.example/x/z");
  EXPECT_EQ(redirect_target("http://a.example/x", "//b.example/y"), "http://b.example/y");
  EXPECT_EQ(redirect_target("http://a.example/x", "/a b"), "http://a.example/a%20b");
  EXPECT_EQ(redirect_target("http://a.example/x", "http://[bad"), std::nullopt);
}

}  // namespace
}  // namespace nutgraf
