// The commented default is the manual: it has to name every key with its real default.
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "daemon/config/config.h"
#include "daemon/config/keys.h"
#include "tests/config/config_files.h"

namespace nutgraf {
namespace {

using ::testing::SizeIs;

std::string shipped() { return NUTGRAF_CONFIG_DIR "/nutgraf.toml"; }

/// The file with its settings uncommented: "#key = …" and "#[[feed]]", not "# prose".
std::string uncommented() {
  std::ifstream in(shipped());
  std::ostringstream out;
  for (std::string line; std::getline(in, line);) {
    const bool setting = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    out << (setting ? line.substr(1) : line) << '\n';
  }
  return out.str();
}

using DefaultConfig = ConfigFiles;

TEST_F(DefaultConfig, AsShippedIsTheDefault) {
  Config config;
  EXPECT_THAT(check_config(shipped(), &config), SizeIs(0));
  EXPECT_EQ(print_config(config), print_config(Config{}));
}

TEST_F(DefaultConfig, UncommentedIsTheDefaultToo) {
  Config config;
  for (const auto& problem : check_config(write("all.toml", uncommented()), &config)) {
    ADD_FAILURE() << problem.str();
  }
  EXPECT_THAT(config.feeds, SizeIs(1));
  EXPECT_THAT(config.poll.hosts, SizeIs(1));
  config.feeds.clear();
  config.poll.hosts.clear();
  config.origins.clear();
  EXPECT_EQ(print_config(config), print_config(Config{}));
}

TEST_F(DefaultConfig, NamesEveryKey) {
  Config config;
  check_config(write("all.toml", uncommented()), &config);
  for (const auto& key : config_keys()) EXPECT_TRUE(config.origins.contains(key.name)) << key.name;
  for (const auto& key : feed_keys()) EXPECT_TRUE(config.origins.contains("feed.0." + key.name));
  for (const auto& key : host_keys()) EXPECT_TRUE(config.origins.contains("host.0." + key.name));
}

TEST(DemoConfig, IsRight) {
  Config config;
  for (const auto& problem : check_config(NUTGRAF_CONFIG_DIR "/demo/nutgraf.toml", &config)) {
    ADD_FAILURE() << problem.str();
  }
  EXPECT_THAT(config.feeds, SizeIs(10));
  for (const auto& feed : config.feeds) EXPECT_TRUE(feed.allow_private) << feed.id;
}

}  // namespace
}  // namespace nutgraf
