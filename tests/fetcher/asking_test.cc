// What a feed says of how its server is asked, and who hears its secrets.
#include "daemon/fetcher/asking.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

FeedAsking asking_with_secret() {
  FeedAsking asking;
  asking.user_agent = "me";
  asking.proxy = "http://proxy.example:3128";
  asking.http1_only = true;
  asking.own.userpwd = "user:secret";
  return asking;
}

TEST(Apply, SecretsGoToTheOriginOfTheFeedOnly) {
  struct Case {
    const char* url;
    bool secret;
  };
  for (const Case& each : {
           Case{"https://A.example/feed", true},  // As configured, however it is spelled.
           Case{"https://a.example/page?x=1#y", true},
           Case{"https://a.example/robots.txt", true},
           Case{"http://a.example/page", false},
           Case{"https://a.example:8443/page", false},
           Case{"https://www.a.example/page", false},
           Case{"https://b.example/page", false},
           Case{"https://a.example@b.example/page", false},
           Case{"https:\\\\a.example\\@b.example/page", false},  // Who knows how it is read.
           Case{"https://a.example\\@b.example/page", false},
           Case{"nonsense", false},
       }) {
    HttpRequest request;
    request.url = each.url;
    apply(asking_with_secret(), "https://A.example/feed", request);
    EXPECT_EQ(request.own.userpwd.empty(), !each.secret) << each.url;
    EXPECT_EQ(request.user_agent, "me");
    EXPECT_EQ(request.proxy, "http://proxy.example:3128");
    EXPECT_TRUE(request.http1_only);
  }
}

TEST(Apply, WhatAFeedDoesNotSayStays) {
  HttpRequest request;
  request.url = "http://a.example/";
  request.user_agent = "all";
  request.proxy = "http://proxy.example:3128";
  apply({}, request.url, request);
  EXPECT_EQ(request.user_agent, "all");
  EXPECT_EQ(request.proxy, "http://proxy.example:3128");
  FeedAsking direct;
  direct.proxy = "";
  apply(direct, request.url, request);
  EXPECT_EQ(request.proxy, "");
}

}  // namespace
}  // namespace nutgraf
