#include "daemon/config/config.h"

#include <gmock/gmock.h>

#include "tests/config/config_files.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::vector<std::string> messages(const std::vector<ConfigProblem>& problems) {
  std::vector<std::string> out;
  for (const ConfigProblem& problem : problems) out.push_back(problem.message);
  return out;
}

class LoadConfig : public ConfigFiles {
 protected:
  std::vector<ConfigProblem> check(const std::string& text) {
    return check_config(write("nutgraf.toml", text), &config_);
  }
  Config config_;
};

TEST_F(LoadConfig, EmptyFileIsTheDefault) {
  EXPECT_THAT(check(""), SizeIs(0));
  EXPECT_EQ(print_config(config_), print_config(Config{}));
}

TEST_F(LoadConfig, ReadsEveryKindOfValue) {
  EXPECT_THAT(messages(check(R"(
[poll]
interval = "10m"
per_host_spacing = "50ms"
per_host_concurrency = 3
first_poll = "newest:4"
max_age = "30d"
[fetch]
max_body = "2 MiB"
full_text = "page"
[wire]
live = ["ipc:///tmp/live", "tcp://127.0.0.1:7001"]
publish_text = true
[[host]]
match = "example.org"
spacing = "1s"
)")),
              ElementsAre());
  EXPECT_EQ(config_.poll.interval, 10min);
  EXPECT_EQ(config_.poll.per_host_spacing, 50ms);
  EXPECT_EQ(config_.poll.per_host_concurrency, 3);
  EXPECT_EQ(config_.poll.first_poll, (FirstPoll{FirstPoll::Kind::kNewest, 4}));
  EXPECT_EQ(config_.poll.max_age, std::chrono::days(30));
  EXPECT_EQ(config_.fetch.max_body, 2u << 20);
  EXPECT_EQ(config_.fetch.full_text, FullText::kPage);
  EXPECT_THAT(config_.wire.live, ElementsAre("ipc:///tmp/live", "tcp://127.0.0.1:7001"));
  EXPECT_TRUE(config_.wire.publish_text);
  EXPECT_THAT(config_.poll.hosts, ElementsAre(HostRule{"example.org", 1s, std::nullopt}));
}

TEST_F(LoadConfig, DropInsThatCannotBeReadAreNotTakenForNone) {
  write("nutgraf.d", "a file where the folder should be");
  const auto problems = check("");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].str(), EndsWith("nutgraf.d: cannot be read: Not a directory"));
}

TEST_F(LoadConfig, EachSocketHasAPlaceOfItsOwn) {
  EXPECT_THAT(messages(check("[wire]\n"
                             "live = [\"tcp://127.0.0.1:1\", \"ipc:///tmp/x\"]\n"
                             "sync = [\"tcp://127.0.0.1:2\", \"ipc:///tmp/x\"]\n"
                             "[status]\n"
                             "listen = \"127.0.0.1:1\"\n")),
              ElementsAre("wire.sync has ipc:///tmp/x, which wire.live has already",
                          "status.listen has tcp://127.0.0.1:1, which wire.live has already"));
  EXPECT_THAT(check("[wire]\nlive = [\"tcp://127.0.0.1:0\"]\nsync = [\"tcp://127.0.0.1:0\"]\n"),
              SizeIs(0));
}

TEST_F(LoadConfig, AKeyInTheWrongSectionIsToldWhereItBelongs) {
  EXPECT_THAT(messages(check("[fetch]\nallow_private = true\n"
                             "interval = \"5m\"\n"
                             "match = \"a.example\"\n"
                             "[[feed]]\nurl = \"https://a.example/\"\nlog_age = \"1d\"\n")),
              ElementsAre("unknown key \"allow_private\" here; it belongs in [[feed]]",
                          "unknown key \"interval\" here; it belongs in [poll]",
                          "unknown key \"match\" here; it belongs in [[host]]",
                          "unknown key \"log_age\" here; it belongs in [store]"));
}

TEST_F(LoadConfig, ASettingOutsideOfItsSectionIsToldWhereItBelongs) {
  EXPECT_THAT(messages(check("interval = \"5m\"\nallow_private = true\n")),
              ElementsAre("unknown key \"interval\" here; it belongs in [poll]",
                          "unknown key \"allow_private\" here; it belongs in [[feed]]"));
}

TEST_F(LoadConfig, AnUnknownKeyOfAShortSectionIsToldTheOthers) {
  EXPECT_THAT(messages(check("[[host]]\nmatch = \"a.example\"\ndelay = \"1s\"\n")),
              ElementsAre("unknown key \"delay\"; the keys here are match, spacing, concurrency"));
}

TEST_F(LoadConfig, TwoRulesForOneHostAreAProblem) {
  const auto problems = check(
      "[[host]]\nmatch = \"a.example\"\nspacing = \"1s\"\n"
      "[[host]]\nmatch = \"b.a.example\"\n"
      "[[host]]\nmatch = \"A.example\"\nspacing = \"2s\"\n");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_EQ(problems[0].line, 6);
  EXPECT_THAT(problems[0].message, HasSubstr("two [[host]] match A.example: here and at "));
  EXPECT_THAT(problems[0].message, EndsWith("nutgraf.toml:1; join them"));
}

/// It would be in each message (source.feed_url), on the status page and in the logs.
TEST_F(LoadConfig, APasswordInAUrlIsRefusedAndNotRepeated) {
  const auto problems = check("[[feed]]\nurl = \"https://me:secret@a.example/rss\"\n");
  ASSERT_THAT(problems, SizeIs(1));
  EXPECT_THAT(problems[0].message, HasSubstr("name that as auth_file"));
  EXPECT_THAT(problems[0].message, testing::Not(HasSubstr("secret")));
}

TEST_F(LoadConfig, AStoreIsAFile) {
  EXPECT_THAT(messages(check("[store]\npath = \"postgresql://db/news\"\n")),
              ElementsAre(HasSubstr("the store is a file")));
  EXPECT_THAT(
      messages(check("[store]\npath = \"/tmp\"\n")),
      ElementsAre("path is \"/tmp\", a folder; name a file in it (e.g. \"/tmp/nutgraf.db\")"));
  EXPECT_THAT(messages(check("[store]\npath = \"/nowhere/news/\"\n")),
              ElementsAre(HasSubstr("(e.g. \"/nowhere/news/nutgraf.db\")")));
  EXPECT_THAT(messages(check("[store]\npath = \"~/news.db\"\n")),
              ElementsAre(HasSubstr("write the whole path")));
}

TEST_F(LoadConfig, IntervalsWithoutEffectAreWarnedOf) {
  const std::string feed = "[[feed]]\nurl = \"https://a.example/";
  EXPECT_THAT(check("[poll]\ninterval = \"1m\"\n" + feed + "1\"\n" + feed +
                    "2\"\nid = \"b\"\ninterval = \"10s\"\n" + feed + "3\"\ninterval = \"7d\"\n" +
                    feed + "4\"\ninterval = \"1h\"\n"),
              SizeIs(0));
  EXPECT_THAT(
      config_warnings(config_),
      ElementsAre(EndsWith("nutgraf.toml:2: poll.interval (1m) is shorter than poll.min_interval "
                           "(5m), and nothing is polled more often than that"),
                  EndsWith("nutgraf.toml:8: feed b: interval (10s) is shorter than "
                           "poll.min_interval (5m), and nothing is polled more often than that; so "
                           "with 1 more")));
}

TEST_F(LoadConfig, WhatIsNoTomlIsToldTheRemedy) {
  struct Slip {
    const char* text;
    const char* remedy;
  };
  for (const Slip& slip :
       {Slip{"# caf\xe9\n", "save the file as UTF-8"},
        Slip{"[poll]\ninterval = 5m\n", "a number with a unit stands in quotes"},
        Slip{"[log]\nlevel = debug\n", "text stands in straight quotes"},
        Slip{"[poll]\ninterval = \xe2\x80\x9c"
             "5m\xe2\x80\x9d\n",
             "text stands in straight quotes"},
        Slip{"[fetch]\nrobots = yes\n", "yes and no are true and false"},
        Slip{"[fetch]\nrobots = True\n", "in small letters"},
        Slip{"[poll]\ninterval = \"5m\n", "is the quote at the end missing?"},
        Slip{"feeds:\n  - a\n", "a setting is written key = value"},
        Slip{"[poll]\n[poll]\n", "join the two"},
        Slip{"[poll]\nadaptive = true\nadaptive = true\n", "a key may stand once"}}) {
    const auto problems = check(slip.text);
    ASSERT_THAT(problems, SizeIs(1)) << slip.text;
    EXPECT_THAT(problems[0].message, HasSubstr(slip.remedy));
  }
}

TEST_F(LoadConfig, AStatusPortThatIsOpenToOthersIsWarnedOf) {
  for (const char* const local : {"127.0.0.1:1", "[::1]:1", "localhost:1", ""}) {
    check("[status]\nlisten = \"" + std::string(local) + "\"\n");
    EXPECT_THAT(config_warnings(config_), SizeIs(0)) << local;
  }
  check("[status]\nlisten = \"0.0.0.0:9556\"\n");
  EXPECT_THAT(config_warnings(config_), ElementsAre(testing::HasSubstr(
                                            "nutgraf.toml:2: status.listen has 0.0.0.0:9556, where "
                                            "other machines can read")));
}

TEST_F(LoadConfig, AWireWithoutASocketIsNone) {
  EXPECT_THAT(messages(check("[wire]\nlive = []\nsync = []\n")),
              ElementsAre("wire.live names no endpoint", "wire.sync names no endpoint"));
}

TEST_F(LoadConfig, ALanguageIsATagAndNotItsName) {
  const std::string feed = "[[feed]]\nurl = \"https://a.example/\"\nlanguage = ";
  for (const char* const tag : {"\"\"", "\"en\"", "\"pt-BR\"", "\"gsw\""}) {
    EXPECT_THAT(check(feed + tag), SizeIs(0)) << tag;
  }
  for (const char* const name : {"\"english\"", "\"e\"", "\"en_GB\"", "\"-\""}) {
    EXPECT_THAT(check(feed + name), SizeIs(1)) << name;
  }
}

TEST_F(LoadConfig, FindsAllProblemsWithTheirPlaces) {
  const auto problems = check(
      "[poll]\n"
      "intervall = \"10m\"\n"
      "min_interval = 5\n"
      "  per_host_concurrency = 0\n"
      "[fetch]\n"
      "max_body = \"8 megs\"\n"
      "[wyre]\n"
      "[log]\n"
      "level = \"loud\"\n"
      "[poll.nested]\n");
  ASSERT_THAT(problems, SizeIs(7));
  EXPECT_EQ(problems[0].line, 2);
  EXPECT_EQ(problems[0].message, "unknown key \"intervall\"; did you mean \"interval\"?");
  EXPECT_EQ(problems[1].message, "min_interval needs a unit: ms, s, m, h, d or w (e.g. \"5m\")");
  EXPECT_EQ(problems[2].line, 4);
  EXPECT_EQ(problems[2].column, 3);
  EXPECT_EQ(problems[2].message, "per_host_concurrency must lie between 1 and 64");
  EXPECT_THAT(problems[3].message, HasSubstr("is no size"));
  EXPECT_EQ(problems[4].message, "unknown key \"wyre\"; did you mean \"wire\"?");
  EXPECT_THAT(problems[5].message, HasSubstr("not one of \"trace\", \"debug\""));
  EXPECT_THAT(problems[6].message, HasSubstr("unknown key \"nested\""));
}

struct WrongValue {
  const char* text;
  const char* message;
};

TEST_F(LoadConfig, SaysWhatWouldBeRight) {
  const WrongValue cases[] = {
      {"[poll]\ninterval = true", "not a duration (e.g. \"15m\")"},
      {"[poll]\ninterval = \"1500ms\"", "must be whole seconds"},
      {"[poll]\ninterval = \"31d\"", "must lie between \"1s\" and \"30d\""},
      {"[poll]\nmax_age = \"never\"", "or \"off\""},
      {"[poll]\nfirst_poll = \"newest:0\"", "not \"none\", \"newest:10\" or \"all\""},
      {"[poll]\nmin_interval = \"2h\"\nmax_interval = \"1h\"", "is longer than"},
      {"[fetch]\nmax_body = 8", "needs a unit"},
      {"[fetch]\nmax_body = \"128MiB\"", "larger than fetch.memory"},
      {"[fetch]\nrobots = 1", "not true or false"},
      {"[fetch]\nrecheck = \"30m\"", "not a list of durations (e.g. [\"30m\"])"},
      {"[fetch]\nrecheck = [30]", "has an element that needs a unit"},
      {"[fetch]\nrecheck = [\"1m\", \"31d\"]", "must lie between \"1s\" and \"30d\""},
      {"[fetch]\nuser_agent = \"\"", "is empty"},
      {"[fetch]\nuser_agent = \"a\\r\\nX: 1\"", "line break"},
      {"[fetch]\nproxy = \"off\"", "not http://host:port or socks5h://host:port"},
      {"[wire]\nlive = \"tcp://127.0.0.1:1\"", "not a list"},
      {"[wire]\nlive = [\"udp://x\"]", "not an endpoint"},
      {"[wire]\nlive = [\"tcp://127.0.0.1:99999\"]", "not an endpoint"},
      {"[wire]\nlive = [\"tcp://127.0.0.1:-1\"]", "not an endpoint"},
      {"[wire]\nlive = [\"tcp://127.0.0.1:5556x\"]", "not an endpoint"},
      {"[wire]\nsync = [\"tcp://127.0.0.1:\"]", "not an endpoint"},
      {"[wire]\nsync = [\"tcp://:5557\"]", "not an endpoint"},
      {"[wire]\nlive = [\"tcp://0.0.0.0:5556\"]", "wire.insecure = true"},
      {"[wire]\nlive = [\"tcp://0.0.0.0:5556\"]", "wire.curve_key"},
      {"[wire]\ncurve_key = \"k\"", "needs wire.clients"},
      {"[wire]\nclients = \"/c\"", "needs wire.curve_key"},
      {"[status]\nlisten = \"9556\"", "not host:port"},
      {"[status]\nlisten = \"h:99999\"", "not host:port"},
      {"store = 1", "write [store]"},
      {"[feed]\nurl = \"http://x/\"", "written [[feed]]"},
      {"[[feed]]\nname = \"x\"", "has no url"},
      {"[[feed]]\nurl = \"ftp://x/\"", "not an http(s) URL"},
      {"[[feed]]\nurl = \"http://x/\"\ncategory = \"World News\"", "it becomes part of topics"},
      {"[[feed]]\nurl = \"http://x/\"\ndrop = [\"titel = x\"]", "no field \"titel\""},
      {"[[host]]\nmatch = \"https://x/\"", "not a host name"},
      {"[poll]\ninterval = ", "nutgraf.toml:2"},
      {"[poll]\na = \"1\"\na = \"2\"", "nutgraf.toml:3"},
  };
  for (const WrongValue& wrong : cases) {
    const auto problems = check(wrong.text);
    ASSERT_FALSE(problems.empty()) << wrong.text;
    std::string all;
    for (const auto& problem : problems) all += problem.str() + "\n";
    EXPECT_THAT(all, HasSubstr(wrong.message)) << wrong.text;
  }
}

TEST_F(LoadConfig, CompletesAFeed) {
  EXPECT_THAT(messages(check("[fetch]\nfull_text = \"feed\"\n"
                             "[[feed]]\nurl = \"https://www.Example.org/World/rss.xml?a=1\"\n"
                             "[[feed]]\nurl = \"https://b.example/\"\nfull_text = \"page\"\n"
                             "id = \"b\"\npublisher = \"B\"\ninterval = \"90s\"\n")),
              ElementsAre());
  ASSERT_THAT(config_.feeds, SizeIs(2));
  EXPECT_EQ(config_.feeds[0].id, "example-org-world-rss-a-1");
  EXPECT_EQ(config_.feeds[0].publisher, "example.org");
  EXPECT_EQ(config_.feeds[0].name, "example.org");
  EXPECT_EQ(config_.feeds[0].category, "other");
  EXPECT_EQ(config_.feeds[0].full_text, FullText::kFeed);
  EXPECT_EQ(config_.feeds[1].id, "b");
  EXPECT_EQ(config_.feeds[1].name, "B");
  EXPECT_EQ(config_.feeds[1].full_text, FullText::kPage);
  EXPECT_EQ(config_.feeds[1].interval, 90s);
}

TEST_F(LoadConfig, TwinsAreNamedWithBothPlaces) {
  const auto problems = check(
      "[[feed]]\nid = \"a\"\nurl = \"http://x/1\"\n"
      "[[feed]]\nid = \"a\"\nurl = \"http://x/2\"\n"
      "[[feed]]\nurl = \"http://x/1\"\n");
  ASSERT_THAT(problems, SizeIs(2));
  EXPECT_EQ(problems[0].line, 4);
  EXPECT_THAT(problems[0].message, HasSubstr("nutgraf.toml:1; give one of them another id"));
  EXPECT_EQ(problems[1].line, 7);
  EXPECT_THAT(problems[1].message, HasSubstr("url http://x/1: here and at"));
}

TEST_F(LoadConfig, DropInsComeAfterInTheOrderOfTheirNames) {
  write("nutgraf.d/20-more.toml",
        "[poll]\ninterval = \"3m\"\n[[feed]]\nurl = \"http://second.example/\"\n");
  write("nutgraf.d/10-some.toml", "[poll]\ninterval = \"2m\"\nmin_interval = \"1m\"\n");
  write("nutgraf.d/ignored.txt", "nonsense");
  EXPECT_THAT(check("[poll]\ninterval = \"1h\"\n[[feed]]\nurl = \"http://first.example/\"\n"),
              SizeIs(0));
  EXPECT_EQ(config_.poll.interval, 3min);
  EXPECT_EQ(config_.poll.min_interval, 1min);
  ASSERT_THAT(config_.feeds, SizeIs(2));
  EXPECT_EQ(config_.feeds[0].id, "first-example");
  EXPECT_THAT(config_.origins.at("poll.interval"), HasSubstr("20-more.toml:2"));
}

TEST_F(LoadConfig, WhatIsPrintedReadsBackTheSame) {
  ASSERT_THAT(messages(check("[poll]\nmax_age = \"1h30m\"\nfirst_poll = \"all\"\n"
                             "[[host]]\nmatch = \"x.org\"\nconcurrency = 4\n"
                             "[[feed]]\nurl = \"http://x/1\"\ntags = [\"a\\\"b\", \"c\\\\d\"]\n"
                             "interval = \"90s\"\nkeep = [\"title ~ /a\\\\/b/i\"]\n")),
              ElementsAre());
  const std::string printed = print_config(config_);
  EXPECT_THAT(printed, HasSubstr("max_age = \"1h30m\"  # "));
  EXPECT_THAT(printed, HasSubstr("nutgraf.toml:2\n"));
  EXPECT_THAT(printed, HasSubstr("\n\n[poll]\n"));
  EXPECT_EQ(printed.front(), '[');
  EXPECT_THAT(printed, HasSubstr("interval = \"15m\"  # default"));
  Config again;
  EXPECT_THAT(messages(check_config(write("printed.toml", printed), &again)), ElementsAre());
  again.origins = config_.origins;
  EXPECT_EQ(print_config(again), printed);
}

TEST_F(LoadConfig, ErrorHasOneProblemALine) {
  const auto result = load_config(write("nutgraf.toml", "[log]\nlevle = \"\"\n[polls]\n"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kBadConfig);
  EXPECT_EQ(std::count(result.error().message.begin(), result.error().message.end(), '\n'), 1);
}

TEST(LoadConfigFile, MissingFileIsAProblem) {
  const auto result = load_config("/nonexistent/nutgraf.toml");
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("/nonexistent/nutgraf.toml: cannot be read"));
}

TEST_F(LoadConfig, TheStateFolderHoldsTheStoreUnlessTheFileSaysWhere) {
  setenv("STATE_DIRECTORY", "/srv/state:/srv/more", 1);
  check("");
  EXPECT_EQ(config_.store.path, "/srv/state/nutgraf.db");
  EXPECT_EQ(config_.origins.at("store.path"), "$STATE_DIRECTORY");
  check("[store]\npath = \"/x/y.db\"\n");
  EXPECT_EQ(config_.store.path, "/x/y.db");
  EXPECT_THAT(config_.origins.at("store.path"), HasSubstr("nutgraf.toml:2"));
  unsetenv("STATE_DIRECTORY");
  check("");
  EXPECT_EQ(config_.store.path, "/var/lib/nutgraf/nutgraf.db");
}

TEST(ControlPath, StandsBesideTheStoreWithoutARuntimeFolder) {
  unsetenv("RUNTIME_DIRECTORY");
  Config config;
  EXPECT_EQ(control_path(config), "/var/lib/nutgraf/control.sock");
  setenv("RUNTIME_DIRECTORY", "/run/nutgraf", 1);
  EXPECT_EQ(control_path(config), "/run/nutgraf/control.sock");
  unsetenv("RUNTIME_DIRECTORY");
  config.control.path = "/tmp/c";
  EXPECT_EQ(control_path(config), "/tmp/c");
}

}  // namespace
}  // namespace nutgraf
