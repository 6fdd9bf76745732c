// From what a feed says of its server to what its requests carry.
#include "daemon/app/access.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "daemon/app/settings.h"
#include "tests/config/config_files.h"

namespace nutgraf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class ReadAccess : public ConfigFiles {
 protected:
  ~ReadAccess() override { unsetenv("CREDENTIALS_DIRECTORY"); }

  /// A [[feed]] on lines 1 to 3 and `text` from line 4 on.
  Result<FetchOptions> options(const std::string& text, const std::string& before = "") {
    const std::string path = write(
        "nutgraf.toml", before + "[[feed]]\nid = \"a\"\nurl = \"https://a.example/\"\n" + text);
    Result<Config> config = load_config(path);
    if (!config) return tl::unexpected(config.error());
    return fetch_options(*config);
  }
  /// A quoted path of a file with this text.
  std::string file(const std::string& name, const std::string& text) { return write(name, text); }
};

TEST_F(ReadAccess, OrdinaryFeedsHaveNone) {
  EXPECT_TRUE(options("tls_verify = true\n")->of_feeds.empty());
}

TEST_F(ReadAccess, ReadsSecretsFromFilesAndCredentials) {
  setenv("CREDENTIALS_DIRECTORY",
         std::filesystem::path(file("credentials/key", "s3cret\r\n")).parent_path().c_str(), 1);
  const std::string login = file("login", "user:pass:word\n");
  const Result<FetchOptions> read =
      options("auth_file = \"" + login + "\"\nheaders = { X-Key = \"@key\", X-Plain = \"1\" }\n" +
              "client_cert = \"" + login + "\"\nca_file = \"key\"\nhttp_version = \"1.1\"\n" +
              "user_agent = \"me\"\n");
  ASSERT_TRUE(read) << read.error().message;
  const FeedAsking& asking = read->of_feeds.at("a");
  EXPECT_EQ(asking.own.userpwd, "user:pass:word");
  EXPECT_THAT(asking.own.headers, ElementsAre(Pair("X-Key", "s3cret"), Pair("X-Plain", "1")));
  EXPECT_EQ(asking.own.client_cert, login);
  EXPECT_THAT(asking.own.ca_file, HasSubstr("/credentials/key"));
  EXPECT_EQ(asking.own.client_key, "");
  EXPECT_TRUE(asking.own.tls_verify);
  EXPECT_TRUE(asking.http1_only);
  EXPECT_EQ(asking.user_agent, "me");
  EXPECT_EQ(asking.proxy, std::nullopt);
}

TEST_F(ReadAccess, AFeedsProxyGoesBeforeThatOfAll) {
  const std::string all = "[fetch]\nproxy = \"http://all.example:3128\"\n";
  EXPECT_EQ(options("", all)->proxy, "http://all.example:3128");
  EXPECT_EQ(options("proxy = \"off\"\n", all)->of_feeds.at("a").proxy, "");
  EXPECT_EQ(options("proxy = \"socks5h://own.example:1080\"\n", all)->of_feeds.at("a").proxy,
            "socks5h://own.example:1080");
}

TEST_F(ReadAccess, TheMostRequestsOfAHostFollowTheRules) {
  EXPECT_EQ(options("[[host]]\nmatch = \"a.example\"\nconcurrency = 40\n")->most_of_host, 40);
  EXPECT_EQ(options("")->most_of_host, 2);
}

TEST_F(ReadAccess, SaysWhichFileOfWhichKeyIsWrongAndWhatItShouldHold) {
  struct Case {
    std::string text;
    const char* message;
  };
  const std::string empty = file("empty", "\n");
  const std::string lines = file("lines", "one\ntwo\n");
  const std::string large = file("large", std::string(20'000, 'x'));
  const std::string bare = file("bare", "nocolon\n");
  const auto key = [](const std::string& name, const std::string& value) {
    return name + " = \"" + value + "\"\n";
  };
  const auto header = [](const std::string& value) {
    return "headers = { X-Key = \"@" + value + "\" }\n";
  };
  for (const Case& each : {
           Case{key("auth_file", "/none"),
                "feed a: auth_file: /none cannot be read: No such file or directory; it should "
                "hold one line, user:password"},
           Case{key("auth_file", bare), "has no colon; it should hold one line, user:password"},
           Case{key("auth_file", empty), "is empty"},
           Case{key("auth_file", lines), "has more than one line"},
           Case{header("/none"),
                "headers: /none cannot be read: No such file or directory; it should hold one "
                "line, the value "
                "of X-Key"},
           Case{header(lines), "has more than one line"},
           Case{header(large), "is too large"},
           Case{header("/"), "cannot be read"},
           Case{key("ca_file", "/none"),
                "ca_file: /none cannot be read: No such file or directory; it should hold PEM"},
           Case{key("client_cert", "/none"), "client_cert: /none cannot be read"},
           Case{key("client_cert", bare) + key("client_key", "/none"), "client_key: /none cannot"},
       }) {
    const Result<FetchOptions> read = options(each.text);
    ASSERT_FALSE(read) << each.text;
    EXPECT_EQ(read.error().code, ErrorCode::kBadConfig);
    EXPECT_THAT(read.error().message, HasSubstr(each.message)) << each.text;
    EXPECT_THAT(read.error().message, testing::ContainsRegex("nutgraf.toml:[45]: feed a: "));
  }
}

TEST_F(ReadAccess, WarningsAreOfAllFeedsAndSayWhereANameWasLookedFor) {
  const std::string good = file("good", "user:word\n");
  const std::string path =
      write("nutgraf.toml",
            "[[feed]]\nid = \"a\"\nurl = \"https://a.example/\"\nauth_file = \"/none\"\n"
            "[[feed]]\nid = \"b\"\nurl = \"https://b.example/\"\nauth_file = \"" +
                good +
                "\"\n[[feed]]\nid = \"c\"\nurl = \"https://c.example/\"\nca_file = \"no-such\"\n"
                "[[feed]]\nid = \"d\"\nurl = \"https://d.example/\"\n");
  const std::vector<std::string> warnings = access_warnings(*load_config(path));
  ASSERT_EQ(warnings.size(), 2u);
  EXPECT_THAT(warnings[0], HasSubstr("nutgraf.toml:4: feed a: auth_file: /none cannot be read"));
  EXPECT_THAT(warnings[1], HasSubstr("feed c: ca_file: no-such cannot be read: No such file or "
                                     "directory; it should hold PEM (looked for "
                                     "here: $CREDENTIALS_DIRECTORY is not set)"));
}

}  // namespace
}  // namespace nutgraf
