// The keys of a feed that say how its server is asked.
#include <gmock/gmock.h>

#include "daemon/config/config.h"
#include "tests/config/config_files.h"

namespace nutgraf {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

class Access : public ConfigFiles {
 protected:
  /// A [[feed]] on lines 1 and 2, `text` from line 3 on.
  std::vector<ConfigProblem> check(const std::string& text, const std::string& scheme = "https") {
    return check_config(
        write("nutgraf.toml", "[[feed]]\nurl = \"" + scheme + "://a.example/feed\"\n" + text),
        &config_);
  }
  Config config_;
};

TEST_F(Access, ReadsEveryKey) {
  ASSERT_THAT(check("user_agent = \"me\"\n"
                    "headers = { Accept-Language = \"de\", X-Key = \"@key\", Cookie = \"@/c\" }\n"
                    "auth_file = \"login\"\nproxy = \"socks5h://[::1]:1080\"\nca_file = \"/ca\"\n"
                    "client_cert = \"/cert\"\nclient_key = \"/key\"\nhttp_version = \"1.1\"\n"),
              IsEmpty());
  const FeedAccess access = config_.feeds.at(0).access.value();
  EXPECT_EQ(access.user_agent, "me");
  EXPECT_THAT(access.headers, ElementsAre(Pair("Accept-Language", "de"), Pair("X-Key", "@key"),
                                          Pair("Cookie", "@/c")));
  EXPECT_EQ(access.auth_file, "login");
  EXPECT_EQ(access.proxy, "socks5h://[::1]:1080");
  EXPECT_EQ(access.ca_file, "/ca");
  EXPECT_EQ(access.client_cert, "/cert");
  EXPECT_EQ(access.client_key, "/key");
  EXPECT_TRUE(access.tls_verify);
  EXPECT_TRUE(access.http1_only);
  EXPECT_THAT(config_warnings(config_), IsEmpty());
}

TEST_F(Access, HeadersMayBeATableOfTheirOwn) {
  ASSERT_THAT(check("[feed.headers]\nX-Key = \"1\"\n"), IsEmpty());
  EXPECT_THAT(config_.feeds.at(0).access.value().headers, ElementsAre(Pair("X-Key", "1")));
}

TEST_F(Access, OrdinaryFeedsPayOnePointer) {
  ASSERT_THAT(
      check("user_agent = \"\"\nheaders = {}\ntls_verify = true\nhttp_version = \"auto\"\n"),
      IsEmpty());
  EXPECT_EQ(config_.feeds.at(0).access.get(), nullptr);
  EXPECT_LE(sizeof(FeedSource::access), 16u);
}

TEST_F(Access, AProxyMayHaveAName) {
  for (const char* proxy : {"http://proxy:3128", "socks5h://proxy.example:1080/"}) {
    EXPECT_THAT(check(std::string("proxy = \"") + proxy + "\"\n"), IsEmpty()) << proxy;
    EXPECT_EQ(config_.feeds.at(0).access.value().proxy, proxy);
  }
}

TEST_F(Access, SelectorsAreReadAndPrinted) {
  ASSERT_THAT(check("page_select = [\"div.story > p\", \"//h2[1]\"]\npage_drop = [\".ad\"]\n"),
              IsEmpty());
  const PageSelectors page = config_.feeds.at(0).page.value();
  EXPECT_THAT(page.select, ElementsAre("div.story > p", "//h2[1]"));
  EXPECT_THAT(page.drop, ElementsAre(".ad"));
  EXPECT_THAT(print_config(config_),
              HasSubstr("page_select = [\"div.story > p\", \"//h2[1]\"]  # "));
  ASSERT_THAT(check("page_select = []\n"), IsEmpty());
  EXPECT_EQ(config_.feeds.at(0).page.get(), nullptr);
}

TEST_F(Access, AWrongSelectorIsRefusedWithItsPlace) {
  const auto problems = check("page_drop = [\".ad\", \"p:hover\"]\n");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].str(),
              AllOf(HasSubstr("nutgraf.toml:3:"), HasSubstr("page_drop"), HasSubstr("\"p:hover\""),
                    HasSubstr("is wrong at 3: "), HasSubstr("XPath")));
  std::string many;
  for (int i = 0; i < 33; ++i) many += "\"p\", ";
  EXPECT_THAT(check("page_select = [" + many + "]\n"), SizeIs(1));
  EXPECT_THAT(check("page_select = [\"p\"]\nfull_text = \"feed\"\n"), SizeIs(1));
}

TEST_F(Access, WhatIsPrintedReadsBackTheSame) {
  ASSERT_THAT(check("headers = { X-Key = \"a \\\"b\\\" \\\\ c\", B = \"@b\" }\nproxy = \"off\"\n"
                    "tls_verify = false\nuser_agent = \"me\"\nhttp_version = \"1.1\"\n"),
              IsEmpty());
  Config again;
  ASSERT_THAT(check_config(write("printed.toml", print_config(config_)), &again), IsEmpty());
  EXPECT_EQ(again.feeds, config_.feeds);
}

TEST_F(Access, NoVerificationIsSaidAloudWithItsPlace) {
  ASSERT_THAT(check("tls_verify = false\n"), IsEmpty());
  EXPECT_THAT(config_warnings(config_),
              ElementsAre(testing::AllOf(
                  HasSubstr("nutgraf.toml:3: feed a-example-feed has tls_verify = false"),
                  HasSubstr("ca_file"))));
}

struct Wrong {
  const char* text;
  const char* message;
  const char* scheme = "https";
};

TEST_F(Access, SaysWhatIsWrongWhereAndWhatWouldBeRight) {
  const Wrong cases[] = {
      {"user_agent = \"a\\nb\"", "user_agent has a line break"},
      {"headers = \"X-Key: 1\"", "headers is a string, not a table (e.g. { Accept-Language"},
      {"headers = { X-Key = 1 }", "\"X-Key\", which is a whole number, not a string"},
      {"headers = { X-Key = \"\" }", "no value for \"X-Key\""},
      {"headers = { X-Key = \"@\" }", "no value for \"X-Key\""},
      {"headers = { X-Key = \"a\\r\\nEvil: 1\" }", "line break or control character"},
      {"headers = { X-Key = \"a\\u0000b\" }", "line break or control character"},
      {"headers = { \"X Key\" = \"1\" }", "no name of a header"},
      {"headers = { \"X-Key:\" = \"1\" }", "no name of a header"},
      {"headers = { \"X\\r\\nEvil\" = \"1\" }", "no name of a header"},
      {"headers = { X-Key = \"1\", x-key = \"2\" }", "twice"},
      {"headers = { host = \"b.example\" }", "it follows from url"},
      {"headers = { User-Agent = \"me\" }", "write it as user_agent"},
      {"headers = { Accept-Encoding = \"x\" }", "what nutgraf can undo"},
      {"headers = { If-None-Match = \"x\" }", "conditional requests are made from"},
      {"headers = { if-modified-since = \"x\" }", "conditional requests are made from"},
      {"headers = { Range = \"bytes=0-1\" }", "read whole"},
      {"headers = { Connection = \"close\" }", "about the connection"},
      {"headers = { Proxy-Authorization = \"x\" }", "about the proxy"},
      {"headers = { Transfer-Encoding = \"chunked\" }", "about the connection"},
      {"headers = { TE = \"x\" }", "about the connection"},
      {"headers = { Upgrade = \"h2c\" }", "about the connection"},
      {"headers = { Keep-Alive = \"1\" }", "about the connection"},
      {"headers = { Trailer = \"x\" }", "about the connection"},
      {"headers = { HTTP2-Settings = \"x\" }", "about the connection"},
      {"headers = { Content-Length = \"1\" }", "no body"},
      {"headers = { Expect = \"100-continue\" }", "no body"},
      {"headers = { Cookie = \"id=1\" }", "put it into a file and write \"@/path\""},
      {"proxy = \"proxy:3128\"", "not http://host:port or socks5h://host:port"},
      {"proxy = \"socks5://proxy:1080\"", "socks5h, so that the proxy looks names up"},
      {"proxy = \"https://proxy:3128\"", "not http://host:port"},
      {"proxy = \"http://proxy\"", "lacks a host or a port"},
      {"proxy = \"http://:3128\"", "lacks a host or a port"},
      {"proxy = \"http://proxy:0\"", "lacks a host or a port"},
      {"proxy = \"http://proxy:3128/x\"", "lacks a host or a port"},
      {"proxy = \"http://me:secret@proxy:3128\"", "ask for a password are not supported"},
      {"client_key = \"/key\"", "client_key needs the client_cert"},
      {"tls_verify = \"no\"", "not true or false"},
      {"tls_verify = false\nca_file = \"/ca\"", "leave tls_verify out"},
      {"http_version = \"2\"", "not one of \"auto\", \"1.1\""},
      {"headers = { authorization = \"x\" }\nauth_file = \"y\"", "leave one out"},
      {"ca_file = \"/ca\"", "is for https", "http"},
      {"client_cert = \"/cert\"", "is for https", "http"},
      {"tls_verify = false", "is for https", "http"},
  };
  for (const Wrong& wrong : cases) {
    const auto problems = check(wrong.text, wrong.scheme);
    ASSERT_THAT(problems, SizeIs(1)) << wrong.text;
    EXPECT_THAT(problems[0].message, HasSubstr(wrong.message)) << wrong.text;
    EXPECT_THAT(problems[0].file, HasSubstr("nutgraf.toml")) << wrong.text;
    EXPECT_GE(problems[0].line, 3) << wrong.text;
  }
}

TEST_F(Access, ABadRuleIsReportedAtItsLine) {
  for (const char* rule : {"title ~ /(x/", "url ~ /[/", "tag ~ /*/", "author ~ /x/q", "text ~ x"}) {
    const auto problems = check("name = \"A\"\ndrop = [\"" + std::string(rule) + "\"]\n");
    ASSERT_THAT(problems, SizeIs(1)) << rule;
    EXPECT_EQ(problems[0].line, 4) << rule;
    EXPECT_THAT(problems[0].str(), HasSubstr("nutgraf.toml:4:")) << rule;
    EXPECT_THAT(problems[0].message, HasSubstr("drop has an element that is wrong: ")) << rule;
  }
}

TEST_F(Access, EachBadRuleOfAListIsReported) {
  const auto problems =
      check("name = \"A\"\nkeep = [\"title ~ /(x/\", \"tag ~ /a/\", \"nonsense\"]\n");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].message, HasSubstr("keep has an element that is wrong: "));
  EXPECT_THAT(problems[0].message, HasSubstr("; and one that is wrong: rule \"nonsense\""));
}

}  // namespace
}  // namespace nutgraf
