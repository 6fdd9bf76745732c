#include "daemon/fetch/robots.h"

#include <gtest/gtest.h>

namespace nutgraf {
namespace {

bool allowed(std::string_view robots, std::string_view target,
             std::string_view product = "nutgraf") {
  return robots_allow(parse_robots(robots, product), target);
}

TEST(Robots, PatternsOfTheRfc) {
  struct Case {
    const char* pattern;
    const char* target;
    bool matches;
  };
  constexpr Case kCases[] = {
      {"/", "/anything", true},
      {"/fish", "/fish.html", true},
      {"/fish", "/Fish.asp", false},
      {"/fish", "/catfish", false},
      {"/fish/", "/fish", false},
      {"/fish*", "/fishheads/yummy.html", true},
      {"/*.php", "/folder/any.php.file.html", true},
      {"/*.php$", "/filename.php", true},
      {"/*.php$", "/filename.php?parameters", false},
      {"/*.php$", "/filename.php5", false},
      {"/*.php$", "/a.php/b.php", true},
      {"/fish*.php", "/fishheads/catfish.php?p", true},
      {"/fish*.php", "/Fish.PHP", false},
      {"/a$", "/a", true},
      {"/a$", "/ab", false},
      {"*", "/x", true},
      {"$", "/x", false},
      {"/a**b", "/aXb", true},
      {"/a*b*c$", "/abcabc", true},
      {"/a*b*c$", "/ac", false},
      {"/foo/bar?baz=http://foo.bar", "/foo/bar?baz=http://foo.bar", true},
      {"/foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84", true},
      {"/foo/bar/%E3%83%84", "/foo/bar/\xE3\x83\x84", true},
      {"/foo/bar/%62%61%7A", "/foo/bar/baz", true},
      {"/a%2fb", "/a%2Fb", true},
      {"/a%2fb", "/a/b", false},
      {"/a%2fb", "/a%3Fb", false},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(allowed("User-agent: *\nDisallow: " + std::string(c.pattern), c.target), !c.matches)
        << c.pattern << ' ' << c.target;
  }
}

TEST(Robots, TheLongestMatchDecidesAndAllowWinsATie) {
  constexpr std::string_view kFile =
      "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nDisallow: /p\nAllow: /p\n";
  EXPECT_FALSE(allowed(kFile, "/a/x"));
  EXPECT_TRUE(allowed(kFile, "/a/b/x"));
  EXPECT_FALSE(allowed(kFile, "/a/b/c"));
  EXPECT_TRUE(allowed(kFile, "/page"));
}

TEST(Robots, OurOwnGroupsReplaceEverybodys) {
  constexpr std::string_view kFile =
      "User-agent: other\nUser-Agent: NutGraf/2.0 (+https://x)\r\nDisallow: /ours\r\n"
      "User-agent: *\nDisallow: /\n\nuser-agent:nutgraf\ndisallow:/also # comment\n";
  EXPECT_TRUE(allowed(kFile, "/news"));
  EXPECT_FALSE(allowed(kFile, "/ours"));
  EXPECT_FALSE(allowed(kFile, "/also"));
  EXPECT_FALSE(allowed(kFile, "/ours", "other"));
  EXPECT_FALSE(allowed(kFile, "/news", "stranger"));
}

TEST(Robots, AGroupOfOursWithoutRulesAllowsAll) {
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /\nUser-agent: nutgraf\nDisallow:\n", "/x"));
}

TEST(Robots, RobotsTxtItselfAndAnEmptyFileAreAllowed) {
  EXPECT_TRUE(allowed("User-agent: *\nDisallow: /", "/robots.txt"));
  EXPECT_TRUE(allowed("", "/x"));
  EXPECT_TRUE(allowed("<html>Disallow: /</html>\n", "/x"));
  EXPECT_TRUE(allowed("Disallow: /\n", "/x"));  // Belongs to no group.
}

TEST(Robots, ReadsABomAndTheCrawlDelay) {
  const RobotsRules rules =
      parse_robots("\xEF\xBB\xBFUser-agent: *\nCrawl-delay: 2.5\nDisallow: /x", "nutgraf");
  EXPECT_EQ(rules.crawl_delay, std::chrono::seconds(3));
  EXPECT_FALSE(robots_allow(rules, "/x"));
  EXPECT_EQ(parse_robots("User-agent: *\nCrawl-delay: 1e300", "n").crawl_delay,
            std::chrono::hours(1));
  EXPECT_EQ(parse_robots("User-agent: *\nCrawl-delay: nan", "n").crawl_delay, std::nullopt);
}

TEST(Robots, HostileFilesStayBounded) {
  std::string text = "User-agent: *\n";
  while (text.size() < 2 * kMaxRobotsBytes) text += "Disallow: /*a*a*a*a*a*a*a*b\n";
  const RobotsRules rules = parse_robots(text, "nutgraf");
  EXPECT_LE(rules.rules.size(), 5'000u);
  EXPECT_TRUE(robots_allow(rules, "/" + std::string(100'000, 'a')));
}

TEST(Robots, AMissingFileAllowsAndABrokenServerDoesNot) {
  EXPECT_TRUE(robots_allow_by_status(200));
  EXPECT_TRUE(robots_allow_by_status(404));
  EXPECT_TRUE(robots_allow_by_status(403));
  EXPECT_FALSE(robots_allow_by_status(503));
  EXPECT_FALSE(robots_allow_by_status(0));
}

}  // namespace
}  // namespace nutgraf
