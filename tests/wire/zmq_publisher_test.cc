#include "daemon/wire/zmq_publisher.h"

#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/wire/hostile_requests.h"
#include "tests/wire/plain_client.h"

namespace nutgraf {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

WireOptions loopback() {
  WireOptions options;
  options.live = {"tcp://127.0.0.1:*"};
  options.sync = {"tcp://127.0.0.1:*"};
  options.heartbeat = milliseconds(20);
  return options;
}

Publication message(Sequence seq, const std::string& topic, std::size_t size = 0) {
  return {seq, topic,
          R"({"seq":)" + std::to_string(seq) + R"(,"x":")" + std::string(size, 'x') + "\"}"};
}

class Wire : public ::testing::Test {
 protected:
  void start(const WireOptions& options, LogPosition position = {.epoch = "e"}) {
    auto started = ZmqWire::start(options, std::move(position), clock_, "0.1.0");
    ASSERT_TRUE(started) << started.error().message;
    wire_ = std::move(*started);
  }

  /// A subscriber that the publisher surely knows: it has received a heartbeat.
  zmq::socket_t join(std::vector<std::string> prefixes, int high_water_mark = 0) {
    prefixes.emplace_back("$hb");
    zmq::socket_t socket =
        client_.subscribe(wire_->live_endpoints().front(), prefixes, high_water_mark);
    receive_topic(socket, "$hb");
    return socket;
  }

  zmq::socket_t dealer() { return client_.dealer(wire_->sync_endpoints().front()); }

  SystemClock clock_;
  PlainClient client_;
  std::unique_ptr<ZmqWire> wire_;
};

TEST_F(Wire, ANewSubscriberIsGreetedInOneFrame) {
  start(loopback(), {.epoch = "e1", .head = 9, .floor = 4, .topics = {{"story.en.x.", 9}}});
  zmq::socket_t socket = client_.subscribe(wire_->live_endpoints().front(), {"$hello"});
  const auto frames = receive(socket);
  ASSERT_TRUE(frames);
  ASSERT_EQ(frames->size(), 1u);
  ASSERT_TRUE(frames->front().starts_with("$hello{"));
  const Json hello = Json::parse(frames->front().substr(6));
  EXPECT_EQ(hello["epoch"], "e1");
  EXPECT_EQ(hello["head"], 9);
  EXPECT_EQ(hello["floor"], 4);
  EXPECT_EQ(hello["sync"], wire_->sync_endpoints().front());
}

TEST_F(Wire, TheGreetingFollowsTheLog) {
  start(loopback());
  zmq::socket_t early = join({"story."});
  wire_->publish({message(1, "story.en.x.")});
  wire_->set_floor(1);
  while (Json::parse(receive_topic(early, "$hb").at(1))["head"] != 1) {
  }
  receive_topic(early, "$hb");  // The greeting is renewed after the beat that told the head.
  zmq::socket_t late = client_.subscribe(wire_->live_endpoints().front(), {"$hello"});
  EXPECT_EQ(Json::parse(must_receive(late).front().substr(6))["head"], 1);
}

TEST_F(Wire, PublishesTopicAndBodyByteForByteInOrder) {
  start(loopback());
  zmq::socket_t all = join({""});
  zmq::socket_t some = join({"story.en."});
  wire_->publish({message(1, "story.en.x."), message(2, "story.de.x.")});
  wire_->publish({message(3, "story.en.x.")});
  for (const Sequence seq : {1, 2, 3}) {
    const Publication sent = message(seq, seq == 2 ? "story.de.x." : "story.en.x.");
    EXPECT_THAT(receive_topic(all, "story."), ElementsAre(sent.topic, sent.body));
  }
  for (const Sequence seq : {1, 3}) {
    EXPECT_EQ(receive_topic(some, "story.").at(1), message(seq, "").body);
  }
}

TEST_F(Wire, HeartbeatsCountAndCarryTheHeads) {
  start(loopback(), {.epoch = "e", .head = 5, .floor = 1, .topics = {{"feed.a.", 5}}});
  zmq::socket_t socket = join({});
  wire_->publish({message(6, "story.en.x.")});
  std::int64_t last = 0;
  Json beat;
  do {
    const Frames frames = receive_topic(socket, "$hb");
    ASSERT_EQ(frames.size(), 2u);
    ASSERT_EQ(frames[0], "$hb");
    beat = Json::parse(frames[1]);
    if (last != 0) {
      EXPECT_EQ(beat["beat"], last + 1);
    }
    last = beat["beat"];
  } while (beat["head"] != 6 || beat["after"] != 0);
  EXPECT_EQ(beat["topics"], Json::parse(R"([["feed.a.",5],["story.en.x.",6]])"));
}

TEST_F(Wire, ServesIpcAndTcpAtOnce) {
  const std::string path = ::testing::TempDir() + "nutgraf_wire_" + std::to_string(::getpid());
  WireOptions options = loopback();
  options.live.push_back("ipc://" + path + ".live");
  options.sync.push_back("ipc://" + path + ".sync");
  start(options);
  for (const std::string& endpoint : wire_->live_endpoints()) {
    zmq::socket_t socket = client_.subscribe(endpoint, {"$hello"});
    EXPECT_TRUE(receive(socket)) << endpoint;
  }
  for (const std::string& endpoint : wire_->sync_endpoints()) {
    zmq::socket_t socket = client_.dealer(endpoint);
    send(socket, {"?"});
    EXPECT_EQ(must_receive(socket).front(), "ERR") << endpoint;
  }
  wire_.reset();
  std::filesystem::remove(path + ".live");
  std::filesystem::remove(path + ".sync");
}

TEST_F(Wire, AnAddressInUseIsTransientAndNamed) {
  start(loopback());
  for (auto [list, setting] :
       {std::pair{&WireOptions::live, "wire.live"}, std::pair{&WireOptions::sync, "wire.sync"}}) {
    WireOptions second = loopback();
    second.*list = wire_->live_endpoints();
    const auto refused = ZmqWire::start(second, {.epoch = "e"}, clock_, "0.1.0");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr(wire_->live_endpoints().front()), HasSubstr(setting)));
  }
}

/// libzmq removes what is at the path and listens there itself.
TEST_F(Wire, AnIpcPathIsTakenFromNobody) {
  const std::string path = ::testing::TempDir() + "nutgraf_taken_" + std::to_string(::getpid());
  WireOptions options = loopback();
  options.live = {"ipc://" + path};
  start(options);
  const auto refused = ZmqWire::start(options, {.epoch = "e"}, clock_, "0.1.0");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kTransient);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(path), HasSubstr("wire.live")));
  zmq::socket_t socket = client_.subscribe(options.live.front(), {"$hello"});
  EXPECT_TRUE(receive(socket)) << "the first one still listens";
  wire_.reset();

  std::filesystem::remove(path);
  std::ofstream(path) << "a file of somebody's";
  const auto file = ZmqWire::start(options, {.epoch = "e"}, clock_, "0.1.0");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kBadConfig);
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
  std::filesystem::remove(path);
}

TEST_F(Wire, AnIpcPathThatADeadProcessLeftIsUsedAgain) {
  const std::string path = ::testing::TempDir() + "nutgraf_left_" + std::to_string(::getpid());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(left);  // The path stays.
  ASSERT_TRUE(std::filesystem::is_socket(path));
  WireOptions options = loopback();
  options.live = {"ipc://" + path};
  start(options);
  zmq::socket_t socket = client_.subscribe(options.live.front(), {"$hello"});
  EXPECT_TRUE(receive(socket));
  wire_.reset();
  std::filesystem::remove(path);
}

TEST_F(Wire, AnAddressThatIsNotOursIsABadConfig) {
  WireOptions options = loopback();
  options.insecure = true;
  options.live = {"tcp://192.0.2.1:5556"};  // TEST-NET-1 [RFC 5737]
  const auto refused = ZmqWire::start(options, {.epoch = "e"}, clock_, "0.1.0");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kBadConfig);
  EXPECT_THAT(refused.error().message, HasSubstr("tcp://192.0.2.1:5556"));
  options.live = {"tcp://no-such-host.invalid:5556"};
  const auto unknown = ZmqWire::start(options, {.epoch = "e"}, clock_, "0.1.0");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("it is no address or interface of this machine"));
}

TEST_F(Wire, WithoutInsecureOnlyLoopbackIsBound) {
  WireOptions options = loopback();
  options.sync = {"tcp://*:*"};
  const auto refused = ZmqWire::start(options, {.epoch = "e"}, clock_, "0.1.0");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("insecure = true"));
}

TEST_F(Wire, CountsItsSubscribers) {
  start(loopback());
  const auto until = [&](std::int64_t wanted) {
    const auto deadline = std::chrono::steady_clock::now() + PlainClient::kDeadline;
    while (wire_->figures().subscribers != wanted) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
  };
  {
    const zmq::socket_t one = join({"story."});
    const zmq::socket_t two = join({"story."});
    until(2);
    EXPECT_EQ(wire_->figures().subscriptions, 4);
  }
  until(0);
}

TEST_F(Wire, CountsNothingOfFramesThatAreNoSubscriptions) {
  start(loopback());
  zmq::socket_t client(client_.context(), zmq::socket_type::xsub);
  client.set(zmq::sockopt::linger, 0);
  client.connect(wire_->live_endpoints().front());
  for (const char* frame : {"\x01story.", "\x02story.", "x",
                            "\x01"
                            "feed.",
                            "\x01$hb"}) {
    client.send(zmq::buffer(std::string_view(frame)), zmq::send_flags::none);
  }
  EXPECT_EQ(must_receive(client).at(0).substr(0, 6), "$hello");
  const auto deadline = std::chrono::steady_clock::now() + PlainClient::kDeadline;
  while (wire_->figures().subscribers < 1 && std::chrono::steady_clock::now() < deadline) {
  }
  EXPECT_EQ(wire_->figures().subscriptions, 3);
}

TEST_F(Wire, HandsOutRequestsAndSendsTheAnswers) {
  start(loopback());
  zmq::socket_t socket = dealer();
  send(socket, {R"({"op":"fetch","after":0,"id":"q"})"});
  auto request = wire_->requests().pop();
  ASSERT_TRUE(request);
  EXPECT_TRUE(std::holds_alternative<FetchRequest>(request->call));
  wire_->reply(end_reply(request->client, {message(1, "a."), message(2, "b.")}, {.next = 2}));
  EXPECT_THAT(must_receive(socket), ElementsAre("MSG", "a.", message(1, "").body));
  EXPECT_THAT(must_receive(socket), ElementsAre("MSG", "b.", message(2, "").body));
  EXPECT_THAT(must_receive(socket), ElementsAre("END", R"({"id":"q","more":false,"next":2})"));
}

TEST_F(Wire, AnswersOfTwoClientsAreInterleaved) {
  start(loopback());
  std::vector<zmq::socket_t> sockets;
  for (int i = 0; i < 2; ++i) {
    sockets.push_back(dealer());
    send(sockets.back(), {R"({"op":"fetch","after":0})"});
  }
  std::vector<Publication> page;
  for (Sequence seq = 1; seq <= kMaxPageMessages; ++seq) page.push_back(message(seq, "a."));
  for (int i = 0; i < 2; ++i) {
    wire_->reply(end_reply(wire_->requests().pop()->client, page, {.next = kMaxPageMessages}));
  }
  for (zmq::socket_t& socket : sockets) {
    for (const Publication& sent : page) ASSERT_EQ(must_receive(socket).at(2), sent.body);
    EXPECT_EQ(must_receive(socket).front(), "END");
  }
}

TEST_F(Wire, LiveMessagesPassWhileAnswersAreSent) {
  start(loopback());
  zmq::socket_t socket = join({"story."});
  zmq::socket_t puller = dealer();
  send(puller, {R"({"op":"fetch","after":0})"});
  const auto request = wire_->requests().pop();
  wire_->reply(end_reply(request->client, std::vector<Publication>(1000, message(1, "a.", 4000)),
                         {.next = 1}));
  wire_->publish({message(1, "story.en.x.")});
  EXPECT_EQ(receive_topic(socket, "story.").at(1), message(1, "").body);
  while (must_receive(puller).front() != "END") {
  }
}

TEST_F(Wire, TellsClientsToComeBackWhenTooManyAsk) {
  start(loopback());
  zmq::socket_t socket = dealer();
  const std::size_t room = wire_->requests().capacity();
  for (std::size_t i = 0; i < room + 1; ++i) send(socket, {R"({"op":"get","story":"a"})"});
  const auto frames = receive(socket);
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->front(), "ERR");
  EXPECT_EQ(Json::parse(frames->at(1))["code"], "busy");
  EXPECT_GT(Json::parse(frames->at(1))["retry_ms"], 0);
  EXPECT_EQ(wire_->requests().size(), room);
  // Counted once it was sent, which may be after it came.
  const auto deadline = std::chrono::steady_clock::now() + PlainClient::kDeadline;
  while (wire_->figures().requests_of(SyncOutcome::kBusy) != 1) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
}

TEST_F(Wire, HostileRequestsAreRefusedAndChangeNothing) {
  start(loopback());
  zmq::socket_t socket = dealer();
  for (const std::string& bytes : hostile_requests()) {
    send(socket, {bytes});
    const auto frames = receive(socket);
    ASSERT_TRUE(frames);
    ASSERT_EQ(frames->size(), 2u);
    EXPECT_EQ(frames->front(), "ERR");
    EXPECT_EQ(Json::parse(frames->at(1))["code"], "bad_request") << bytes.substr(0, 100);
  }
  for (const Frames& shape : {Frames{"", R"({"op":"get","story":"a"})"}, Frames{"a", "b", "c"},
                              Frames(500, "x"), Frames{""}}) {
    send(socket, shape);
    EXPECT_EQ(Json::parse(must_receive(socket).at(1))["code"], "bad_request");
  }
  send(socket, {R"({"op":"get","story":"a"})"});
  EXPECT_TRUE(wire_->requests().pop());
}

TEST_F(Wire, AnOversizedRequestEndsItsConnectionAndNoOther) {
  start(loopback());
  zmq::socket_t good = dealer();
  zmq::socket_t evil = dealer();
  send(evil, {std::string(kMaxRequestBytes + 1, ' ')});
  send(evil, {std::string(10 << 20, ' ')});
  send(good, {R"({"op":"get","story":"a"})"});
  EXPECT_TRUE(wire_->requests().pop());
  EXPECT_EQ(wire_->figures().requests_of(SyncOutcome::kMalformed), 0);  // Never got as far as us.
}

TEST_F(Wire, WhatSubscribersSendIsIgnored) {
  start(loopback());
  zmq::socket_t rude(client_.context(), zmq::socket_type::xsub);
  rude.set(zmq::sockopt::linger, 0);
  rude.connect(wire_->live_endpoints().front());
  send(rude, {std::string("\1$hb")});
  receive_topic(rude, "$hb");
  for (int i = 0; i < 5000; ++i) send(rude, {"noise" + std::to_string(i)});
  send(rude, {"noise", "in", "parts"});
  zmq::socket_t polite = join({"story."});
  wire_->publish({message(1, "story.en.x.")});
  EXPECT_EQ(receive_topic(polite, "story.").at(1), message(1, "").body);
  receive_topic(rude, "$hb");
}

TEST_F(Wire, ASubscriberThatDoesNotReadLosesMessagesAndDelaysNobody) {
  WireOptions options = loopback();
  // libzmq hears of what a reader has taken in lots of half the mark, and looks for that once in a
  // millisecond: a mark of 10 is passed by a reader that keeps up.
  options.send_hwm = 100;
  options.heartbeat = milliseconds(500);  // Heartbeats alone must not fill what the reader is kept.
  start(options);
  zmq::socket_t stuck = join({"story."}, 1);
  zmq::socket_t reader = join({"story."});
  constexpr Sequence kMessages = 3000;
  // As fast as the reader reads: only then is it not slow itself.
  for (Sequence seq = 1; seq <= kMessages; ++seq) {
    wire_->publish({message(seq, "story.en.x.", 8000)});
    ASSERT_EQ(receive_topic(reader, "story.").at(1), message(seq, "", 8000).body);
  }
  Sequence last = 0;
  int received = 0;
  while (const auto frames = receive(stuck)) {
    if (frames->front() == "$hb") {
      if (Json::parse(frames->at(1))["head"] == kMessages) break;  // Reveals what never came.
      continue;
    }
    last = Json::parse(frames->at(1))["seq"];
    ++received;
  }
  EXPECT_LT(received, kMessages);
  EXPECT_LT(last, kMessages);
}

TEST_F(Wire, AClientThatAsksAndDoesNotReadIsDropped) {
  start(loopback());
  zmq::socket_t stuck(client_.context(), zmq::socket_type::dealer);
  stuck.set(zmq::sockopt::linger, 0);
  stuck.set(zmq::sockopt::rcvhwm, 1);
  stuck.connect(wire_->sync_endpoints().front());
  zmq::socket_t good = dealer();
  const std::vector<Publication> page(1000, message(1, "a.", 4000));
  while (wire_->figures().requests_of(SyncOutcome::kUnread) == 0) {
    send(stuck, {R"({"op":"fetch","after":0})"});
    wire_->reply(end_reply(wire_->requests().pop()->client, page, {.next = 1}));
  }
  send(good, {R"({"op":"get","story":"a"})"});
  wire_->reply(end_reply(wire_->requests().pop()->client, {}, {}));
  EXPECT_THAT(must_receive(good), ElementsAre("END", R"({"more":false})"));
}

TEST_F(Wire, StopSendsWhatWasHandedOverAndALastHeartbeat) {
  start(loopback());
  zmq::socket_t socket = join({"story."});
  std::vector<Publication> batch;
  for (Sequence seq = 1; seq <= 500; ++seq) batch.push_back(message(seq, "story.en.x."));
  wire_->publish(batch);
  wire_->stop();
  for (const Publication& sent : batch) EXPECT_EQ(receive_topic(socket, "story.").at(1), sent.body);
  EXPECT_EQ(Json::parse(receive_topic(socket, "$hb").at(1))["head"], 500);
  EXPECT_FALSE(wire_->requests().pop());  // Closed: the reader ends too.
  wire_->publish({message(501, "story.en.x.")});
  wire_->reply(bad_request({.identity = "x", .id = {}}, "late"));
  EXPECT_EQ(wire_->figures().messages, 500);
}

}  // namespace
}  // namespace nutgraf
