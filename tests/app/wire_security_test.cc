// From the files that [wire] names to who may connect.
#include "daemon/app/wire_security.h"

#include <gmock/gmock.h>

#include "daemon/wire/curve.h"
#include "tests/config/config_files.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class WireSecurityTest : public ConfigFiles {
 protected:
  WireSecurityTest() {
    config_.wire.curve_key = write("curve.key", server_.secret_key + "\n");
    fs::permissions(config_.wire.curve_key, fs::perms::owner_read | fs::perms::owner_write);
    const std::string alice = write("clients/alice.toml", client("[\"story.en.\", \"feed.\"]"));
    config_.wire.clients = fs::path(alice).parent_path().string();
  }

  std::string client(const std::string& topics) const {
    return "key = \"" + alice_.public_key + "\"\ntopics = " + topics + "\n";
  }
  std::string problem() const {
    const auto security = wire_security(config_);
    return security ? "no problem" : security.error().message;
  }

  const CurveKeys server_ = new_curve_keys().value();
  const CurveKeys alice_ = new_curve_keys().value();
  Config config_;
};

TEST_F(WireSecurityTest, ReadsTheKeyAndTheClients) {
  write("clients/bob.toml", "key = \"" + new_curve_keys()->public_key + "\"\ntopics = [\"\"]\n");
  write("clients/README", "not a client\n");
  const auto security = wire_security(config_);
  ASSERT_TRUE(security) << security.error().message;
  EXPECT_EQ(security->secret_key, server_.secret_key);
  ASSERT_THAT(security->clients, SizeIs(2));
  EXPECT_EQ(security->clients[0].name, "alice");
  EXPECT_EQ(security->clients[0].key, alice_.public_key);
  EXPECT_THAT(security->clients[0].topics, ElementsAre("story.en.", "feed."));
  EXPECT_THAT(security->clients[1].topics, ElementsAre(""));
}

TEST_F(WireSecurityTest, WithoutAKeyNothingIsEncrypted) {
  config_.wire.curve_key.clear();
  EXPECT_FALSE(wire_security(config_)->encrypted());
}

TEST_F(WireSecurityTest, SaysWhatIsWrongWithAClient) {
  const std::pair<std::string, const char*> cases[] = {
      {"topics = [\"\"]\n", "has no key"},
      {"key = \"short\"\ntopics = [\"\"]\n", "alice.toml:1: key is not the 40 characters"},
      {"key = 1\n", "key is not the 40 characters"},
      {client("[]"), "has no topics"},
      {"key = \"" + alice_.public_key + "\"\n", "has no topics"},
      {client("\"story.\""), "topics is a list"},
      {client("[\"story.en\"]"), "no prefix"},
      {client("[\"$hb\"]"), "no prefix"},
      {client("[\"Story.\"]"), "no prefix"},
      {client("[1]"), "no prefix"},
      {client("[\"\"]") + "topic = [\"\"]\n", "alice.toml:3: unknown key \"topic\""},
      {"key = \n", "alice.toml:1"},
  };
  for (const auto& [text, what] : cases) {
    write("clients/alice.toml", text);
    EXPECT_THAT(problem(), HasSubstr(what)) << text;
  }
}

TEST_F(WireSecurityTest, TellsAllProblemsAtOnce) {
  write("clients/also-alice.toml", client("[\"\"]"));
  write("clients/Bob.toml", client("[\"\"]"));
  write("clients/carol.toml", "x = 1\n");
  EXPECT_THAT(problem(), AllOf(HasSubstr("also-alice.toml: has the key of alice"),
                               HasSubstr("Bob.toml: a client's name"),
                               HasSubstr("carol.toml:1: unknown key \"x\"")));
}

TEST_F(WireSecurityTest, WithoutTheFilesThereIsNoOpenDoor) {
  config_.wire.clients += "-not-there";
  EXPECT_THAT(problem(), HasSubstr("wire.clients cannot be read"));
  config_.wire.curve_key += "-not-there";
  EXPECT_THAT(problem(), HasSubstr("nutgraf keygen"));
}

TEST_F(WireSecurityTest, ASecretIsNoSecretIfEveryoneCanReadIt) {
  fs::permissions(config_.wire.curve_key, fs::perms::others_read, fs::perm_options::add);
  EXPECT_THAT(problem(), HasSubstr("chmod 600"));
  fs::permissions(config_.wire.curve_key, fs::perms::others_read, fs::perm_options::remove);
  write("curve.key", "not a key\n");
  EXPECT_THAT(problem(), HasSubstr("no key of 40 characters"));
}

}  // namespace
}  // namespace nutgraf
