#include "daemon/fetch/conditional_get.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);  // A Sunday.

ResponseHead read(std::initializer_list<const char*> lines) {
  ResponseHead head("https://a.example/feed");
  for (const char* line : lines) head.read_line(line);
  return head;
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  EXPECT_EQ(parse_retry_after("120", kNow), 120s);
  EXPECT_EQ(parse_retry_after(" 0 ", kNow), 0s);
  EXPECT_EQ(parse_retry_after("100000000", kNow), 100'000'000s);
  EXPECT_EQ(parse_retry_after("Sun, 01 Mar 2026 00:02:00 GMT", kNow), 120s);
  EXPECT_EQ(parse_retry_after("Sat, 28 Feb 2026 00:00:00 GMT", kNow), 0s);  // Past: no silence.
  EXPECT_EQ(parse_retry_after("-5", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("soon", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("", kNow), std::nullopt);
  EXPECT_GT(*parse_retry_after("99999999999999999999999999", kNow), 365 * 24h);
}

TEST(MaxAge, ReadsTheDirectiveAmongOthers) {
  EXPECT_EQ(parse_max_age("public, max-age=600"), 600s);
  EXPECT_EQ(parse_max_age("Max-Age = \"60\" , must-revalidate"), 60s);
  EXPECT_EQ(parse_max_age("s-maxage=600"), std::nullopt);
  EXPECT_EQ(parse_max_age("max-age=600, no-cache"), 0s);
  EXPECT_EQ(parse_max_age("max-age=x"), std::nullopt);
  EXPECT_EQ(parse_max_age(""), std::nullopt);
}

TEST(ResponseHead, MaxAgeFallsBackToExpires) {
  EXPECT_EQ(read({"HTTP/1.1 200 OK", "Date: Sun, 01 Mar 2026 00:00:00 GMT",
                  "Expires: Sun, 01 Mar 2026 01:00:00 GMT"})
                .max_age(kNow + 24h),
            3600s);
  EXPECT_EQ(read({"HTTP/1.1 200 OK", "Expires: 0"}).max_age(kNow), std::nullopt);
  EXPECT_EQ(
      read({"HTTP/1.1 200 OK", "Cache-Control: no-store", "Expires: Sun, 01 Mar 2026 01:00:00 GMT"})
          .max_age(kNow),
      std::nullopt);
}

TEST(ResponseHead, AnAnswerThatLayInACacheIsFreshForLess) {
  const char* const max_age = "Cache-Control: max-age=600";
  EXPECT_EQ(read({"HTTP/1.1 200 OK", max_age, "Age: 250"}).max_age(kNow), 350s);
  EXPECT_EQ(read({"HTTP/1.1 200 OK", max_age, "Age: 600"}).max_age(kNow), std::nullopt);
  EXPECT_EQ(read({"HTTP/1.1 200 OK", max_age, "Age: 99999999999999999999"}).max_age(kNow),
            std::nullopt);
  EXPECT_EQ(read({"HTTP/1.1 200 OK", max_age, "Age: old"}).max_age(kNow), 600s);
}

TEST(ResponseHead, KeepsValidatorsByteExact) {
  const ResponseHead head =
      read({"HTTP/2 200", "etag:  W/\"a b\\\"\xff\" \r\n", "LAST-MODIFIED: yesterday, about noon"});
  EXPECT_EQ(head.etag(), "W/\"a b\\\"\xff\"");
  EXPECT_EQ(head.last_modified(), "yesterday, about noon");
  EXPECT_EQ(head.status(), 200);
}

TEST(ResponseHead, ANewHopForgetsTheFieldsOfTheLast) {
  const ResponseHead head = read({
      "HTTP/1.1 301 Moved",
      "Location: /new",
      "ETag: \"old\"",
      "Retry-After: 9",
      "",
      "HTTP/1.1 103 Early Hints",
      "ETag: \"early\"",
      "",
      "HTTP/1.1 200 OK",
      "",
  });
  EXPECT_EQ(head.status(), 200);
  EXPECT_EQ(head.etag(), "");
  EXPECT_EQ(head.retry_after(kNow), std::nullopt);
  EXPECT_EQ(head.permanent_url(), "https://a.example/new");
}

TEST(ResponseHead, PermanentUrlStopsAtTheFirstTemporaryRedirect) {
  EXPECT_EQ(read({"HTTP/1.1 301 M", "Location: http://b.example/1", "", "HTTP/1.1 308 P",
                  "Location: 2", "", "HTTP/1.1 302 F", "Location: /3", "", "HTTP/1.1 301 M",
                  "Location: /4", "", "HTTP/1.1 200 OK", ""})
                .permanent_url(),
            "http://b.example/2");
  EXPECT_EQ(read({"HTTP/1.1 302 F", "Location: /x", "", "HTTP/1.1 200 OK", ""}).permanent_url(),
            "https://a.example/feed");
  const ResponseHead created = read({"HTTP/1.1 201 Created", "Location: /x", ""});
  EXPECT_EQ(created.permanent_url(), "https://a.example/feed");
  EXPECT_FALSE(created.redirects());
}

TEST(ResponseHead, NonsenseLeavesNothing) {
  const ResponseHead head = read({"HTTP/", "no colon here", ": no name", "HTTP/1.1"});
  EXPECT_EQ(head.status(), 0);
  EXPECT_EQ(head.content_type(), "");
}

}  // namespace
}  // namespace nutgraf
