// The encrypted wire: who gets in, and what each may have.
#include "daemon/wire/curve.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "daemon/wire/clients.h"
#include "daemon/wire/zmq_publisher.h"
#include "tests/wire/plain_client.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// How long we look for what must not come, after something has shown that it could have.
constexpr milliseconds kMoment{100};

TEST(CurveKeys, AreTextAndTheSecretGivesThePublic) {
  const CurveKeys keys = new_curve_keys().value();
  EXPECT_TRUE(is_curve_key(keys.public_key));
  EXPECT_TRUE(is_curve_key(keys.secret_key));
  EXPECT_EQ(public_key_of(keys.secret_key), keys.public_key);
  EXPECT_NE(new_curve_keys()->secret_key, keys.secret_key);
}

TEST(CurveKeys, AnythingElseIsNone) {
  for (const char* text :
       {"", "x", "0123456789012345678901234567890123456789x",
        "012345678901234567890123456789012345678 ", "012345678901234567890123456789012345678~"}) {
    EXPECT_FALSE(is_curve_key(text)) << text;
    EXPECT_EQ(public_key_of(text).error().code, ErrorCode::kMalformed) << text;
  }
}

struct Wish {
  const char* wanted;
  std::vector<std::string> given;
};

TEST(Granted, IsWhatLiesInBoth) {
  const std::vector<std::string> allowed = {"story.en.", "story.de.world.", "feed."};
  const Wish wishes[] = {
      {"story.en.", {"story.en."}},
      {"story.en.world.", {"story.en.world."}},
      {"story.", {"story.en.", "story.de.world."}},
      {"story.de.", {"story.de.world."}},
      {"story.fr.", {}},
      {"event.", {}},
      {"story.e", {"story.en."}},
      {"", {"story.en.", "story.de.world.", "feed.", "$"}},
      {"$hb", {"$hb"}},
      {"$", {"$"}},
  };
  for (const Wish& wish : wishes)
    EXPECT_EQ(granted(allowed, wish.wanted), wish.given) << wish.wanted;
  EXPECT_EQ(granted({""}, ""), std::vector<std::string>{""});
  EXPECT_EQ(granted({}, ""), std::vector<std::string>{"$"});
}

class CurveWire : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"alice", "bob", "stranger"}) {
      keys_.emplace(name, new_curve_keys().value());
    }
    WireOptions options;
    options.live = {"tcp://127.0.0.1:*"};
    options.sync = {"tcp://127.0.0.1:*"};
    options.heartbeat = milliseconds(20);
    auto started = ZmqWire::start(
        options, {.epoch = "e"}, clock_, "0.1.0",
        {server_.secret_key, {client("alice", {"story.en.", "feed."}), client("bob", {""})}});
    ASSERT_TRUE(started) << started.error().message;
    wire_ = std::move(*started);
  }

  WireClient client(const std::string& name, std::vector<std::string> topics) const {
    return {name, keys_.at(name).public_key, std::move(topics)};
  }

  zmq::socket_t socket(zmq::socket_type type, const std::string& name,
                       const std::string& server_key) {
    zmq::socket_t socket(sockets_.context(), type);
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::curve_serverkey, server_key);
    socket.set(zmq::sockopt::curve_publickey, keys_.at(name).public_key);
    socket.set(zmq::sockopt::curve_secretkey, keys_.at(name).secret_key);
    return socket;
  }

  zmq::socket_t subscribe(const std::string& name, const std::vector<std::string>& prefixes) {
    zmq::socket_t live = socket(zmq::socket_type::sub, name, server_.public_key);
    for (const std::string& prefix : prefixes) live.set(zmq::sockopt::subscribe, prefix);
    live.set(zmq::sockopt::subscribe, "$hb");
    live.connect(wire_->live_endpoints().front());
    return live;
  }
  /// Every subscription has been decided: that to heartbeats was the last.
  zmq::socket_t join(const std::string& name, const std::vector<std::string>& prefixes) {
    zmq::socket_t live = subscribe(name, prefixes);
    receive_topic(live, "$hb");
    return live;
  }

  zmq::socket_t dealer(const std::string& name) {
    zmq::socket_t sync = socket(zmq::socket_type::dealer, name, server_.public_key);
    sync.connect(wire_->sync_endpoints().front());
    return sync;
  }

  void publish(const std::vector<std::string>& topics) {
    std::vector<Publication> messages;
    for (const std::string& topic : topics) messages.push_back({++seq_, topic, "{}"});
    wire_->publish(std::move(messages));
  }

  /// Topics of all that is received until one second heartbeat after `seq_` has been sent.
  std::set<std::string> topics_of(zmq::socket_t& live) {
    std::set<std::string> topics;
    for (;;) {
      const Frames frames = must_receive(live);
      if (frames.front() == "END") return topics;
      if (frames.front() == "$hb" && Json::parse(frames.at(1))["head"] == seq_) return topics;
      if (!frames.front().starts_with('$')) topics.insert(frames.front());
    }
  }

  void until_turned_away() {
    const auto deadline = std::chrono::steady_clock::now() + PlainClient::kDeadline;
    while (wire_->figures().turned_away == 0) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
  }

  const CurveKeys server_ = new_curve_keys().value();
  std::map<std::string, CurveKeys> keys_;
  SystemClock clock_;
  PlainClient sockets_;
  std::unique_ptr<ZmqWire> wire_;
  Sequence seq_ = 0;
};

TEST_F(CurveWire, AClientGetsOnlyWhatItMayHave) {
  zmq::socket_t alice = join("alice", {""});
  zmq::socket_t bob = join("bob", {""});
  publish({"story.de.world.", "story.en.world.", "event.en.world.", "feed.a."});
  EXPECT_THAT(topics_of(alice), UnorderedElementsAre("story.en.world.", "feed.a."));
  EXPECT_THAT(topics_of(bob), UnorderedElementsAre("story.de.world.", "story.en.world.",
                                                   "event.en.world.", "feed.a."));
}

TEST_F(CurveWire, OneWishIsJudgedApartFromAnothers) {
  zmq::socket_t bob = join("bob", {"story.de."});
  zmq::socket_t alice = join("alice", {"story.de.", "story.en.world."});
  publish({"story.de.world.", "story.en.world.", "story.en.other."});
  EXPECT_THAT(topics_of(alice), ElementsAre("story.en.world."));
  EXPECT_THAT(topics_of(bob), ElementsAre("story.de.world."));
}

TEST_F(CurveWire, TheEndOfOneSubscriptionDoesNotEndAWiderOne) {
  zmq::socket_t alice = join("alice", {"story.", "story.en."});
  alice.set(zmq::sockopt::unsubscribe, "story.en.");
  alice.set(zmq::sockopt::subscribe, "$hello");
  receive_topic(alice, "$hb");
  publish({"story.en.world."});
  EXPECT_THAT(topics_of(alice), ElementsAre("story.en.world."));
}

TEST_F(CurveWire, EveryoneAdmittedIsGreeted) {
  zmq::socket_t alice = join("alice", {"$hello"});
  zmq::socket_t late = subscribe("alice", {"$hello"});
  EXPECT_TRUE(must_receive(late).front().starts_with("$hello{"));
}

TEST_F(CurveWire, AStrangersKeyIsTurnedAway) {
  zmq::socket_t stranger = subscribe("stranger", {""});
  until_turned_away();
  EXPECT_FALSE(receive(stranger, kMoment));
}

TEST_F(CurveWire, WithoutAKeyOrWithTheWrongServersNobodyGetsAnything) {
  zmq::socket_t plain = sockets_.subscribe(wire_->live_endpoints().front(), {""});
  zmq::socket_t wrong = socket(zmq::socket_type::sub, "alice", keys_.at("bob").public_key);
  wrong.set(zmq::sockopt::subscribe, "");
  wrong.connect(wire_->live_endpoints().front());
  zmq::socket_t dumb = sockets_.dealer(wire_->sync_endpoints().front());
  send(dumb, {R"({"op":"fetch","after":0})"});
  zmq::socket_t alice = join("alice", {""});
  publish({"story.en.world."});
  EXPECT_THAT(topics_of(alice), ElementsAre("story.en.world."));
  for (zmq::socket_t* each : {&plain, &wrong, &dumb}) EXPECT_FALSE(receive(*each, kMoment));
}

TEST_F(CurveWire, ARevokedKeyDoesNotComeBackIn) {
  zmq::socket_t alice = join("alice", {""});
  zmq::socket_t sync = dealer("alice");
  send(sync, {R"({"op":"fetch","after":0,"prefixes":["story.en."]})"});
  ASSERT_TRUE(wire_->requests().pop());
  wire_->set_clients({client("bob", {""})});
  zmq::socket_t again = subscribe("alice", {""});
  until_turned_away();
  EXPECT_FALSE(receive(again, kMoment));
  // Nor is what it still asks on the old connection answered.
  send(sync, {R"({"op":"fetch","after":0,"prefixes":["story.en."]})"});
  EXPECT_EQ(Json::parse(must_receive(sync).at(1))["code"], "forbidden");
}

TEST_F(CurveWire, NewClientsAndNewTopicsNeedNoRestart) {
  zmq::socket_t bob = join("bob", {""});
  wire_->set_clients(
      {client("alice", {"event."}), client("bob", {""}), client("stranger", {"story.de."})});
  zmq::socket_t alice = join("alice", {""});
  zmq::socket_t stranger = join("stranger", {""});
  publish({"story.de.world.", "story.en.world.", "event.en.world."});
  EXPECT_THAT(topics_of(alice), ElementsAre("event.en.world."));
  EXPECT_THAT(topics_of(stranger), ElementsAre("story.de.world."));
  EXPECT_EQ(topics_of(bob).size(), 3u);
}

TEST_F(CurveWire, TheLogIsForbiddenWhereTheLiveStreamIs) {
  zmq::socket_t sync = dealer("alice");
  for (const char* request :
       {R"({"op":"fetch","after":0})", R"({"op":"fetch","after":0,"prefixes":["story."]})",
        R"({"op":"fetch","after":0,"prefixes":["story.en.","story.de."]})",
        R"({"op":"snapshot","prefixes":["event."]})", R"({"op":"snapshot"})"}) {
    send(sync, {request});
    const Frames refused = must_receive(sync);
    ASSERT_EQ(refused.front(), "ERR") << request;
    const Json error = Json::parse(refused.at(1));
    EXPECT_EQ(error["code"], "forbidden") << request;
    EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("\"story.en.\" \"feed.\""));
  }
  // The last is counted once it was sent, which may be after it came.
  EXPECT_GE(wire_->figures().requests_of(SyncOutcome::kForbidden), 4);
  send(sync, {R"({"op":"fetch","after":0,"prefixes":["story.en.","feed.a."]})"});
  EXPECT_TRUE(wire_->requests().pop());
  send(sync, {R"({"op":"get","story":"s"})"});  // Whether it may have that shows once it is found.
  const auto request = wire_->requests().pop();
  EXPECT_THAT(request->allowed.value(), ElementsAre("story.en.", "feed."));
}

TEST_F(CurveWire, MayListenOnEveryAddress) {
  WireOptions options;
  options.live = {"tcp://0.0.0.0:*"};
  options.sync = {"tcp://0.0.0.0:*"};
  EXPECT_TRUE(ZmqWire::start(options, {.epoch = "e"}, clock_, "0", {server_.secret_key, {}}));
  EXPECT_FALSE(ZmqWire::start(options, {.epoch = "e"}, clock_, "0"));
}

}  // namespace
}  // namespace nutgraf
