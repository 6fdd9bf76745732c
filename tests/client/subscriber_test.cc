#include "daemon/client/subscriber.h"

#include <gmock/gmock.h>

#include <atomic>
#include <functional>
#include <set>
#include <thread>
#include <zmq.hpp>
#include <zmq_addon.hpp>

#include "tests/client/server.h"

namespace nutgraf {
namespace {

using std::chrono::milliseconds;
using Kind = Notice::Kind;

/// Nothing that a test waits for takes this long; it only ends a test that would hang.
constexpr milliseconds kDeadline{20'000};

/// A client and all that it was given.
struct Client {
  explicit Client(SubscriberOptions options)
      : subscriber(std::move(*Subscriber::connect(std::move(options)))) {}

  /// Takes deliveries until `done`; false if that does not come about.
  bool until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    while (!done()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      auto delivery = subscriber->next(milliseconds(50));
      if (!delivery) {
        error = delivery.error();
        return done();
      }
      if (!*delivery) continue;
      if (const auto* message = std::get_if<Message>(&**delivery)) {
        seqs.push_back(message->seq);
        live += message->live ? 1 : 0;
        bodies.push_back(message->body);
      } else {
        notices.push_back(std::get<Notice>(**delivery).kind);
      }
    }
    return true;
  }
  bool until_notice(Kind kind) {
    return until([&] { return count(kind) > 0; });
  }
  bool until_messages(std::size_t wanted) {
    return until([&] { return seqs.size() >= wanted; });
  }
  bool until_cursor(Sequence seq) {
    return until([&] { return subscriber->cursor().seq >= seq; });
  }
  std::ptrdiff_t count(Kind kind) const { return std::count(notices.begin(), notices.end(), kind); }

  std::unique_ptr<Subscriber> subscriber;
  std::vector<Sequence> seqs;
  std::vector<std::string> bodies;
  std::vector<Kind> notices;
  int live = 0;
  std::optional<Error> error;
};

std::vector<Sequence> up_to(Sequence last, Sequence first = 1) {
  std::vector<Sequence> all;
  for (Sequence seq = first; seq <= last; ++seq) all.push_back(seq);
  return all;
}

TEST(Subscriber, FromNowGetsWhatIsPublishedFromThenOn) {
  TinyLog log("e1");
  log.append("story.en.x.");
  Server server(log);
  Client client(server.client());
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  server.publish("story.en.x.");
  server.publish("feed.a.");
  ASSERT_TRUE(client.until_messages(2));
  EXPECT_EQ(client.seqs, (std::vector<Sequence>{2, 3}));
  EXPECT_EQ(client.live, 2);
  EXPECT_EQ(client.bodies[0], log.at(2)->body);
}

TEST(Subscriber, FromOldestReadsTheWholeLogInPagesAndFollows) {
  TinyLog log("e1");
  for (int i = 0; i < 1234; ++i) log.append(i % 3 == 0 ? "story.en.x." : "story.de.x.");
  Server server(log);
  auto options = server.client({}, FromOldest{});
  options.page = 100;
  Client client(options);
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.seqs, up_to(1234));
  EXPECT_EQ(client.live, 0);
  server.publish("story.en.x.");
  ASSERT_TRUE(client.until_messages(1235));
  EXPECT_EQ(client.live, 1);
}

TEST(Subscriber, PrefixesHoldForPagesAndForLive) {
  TinyLog log("e1");
  for (int i = 0; i < 10; ++i) log.append(i % 2 == 0 ? "story.en.x." : "story.de.x.");
  Server server(log);
  Client client(server.client({"story.en."}, FromOldest{}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  server.publish("story.de.x.");
  server.publish("story.en.x.");
  ASSERT_TRUE(client.until_messages(6));
  EXPECT_EQ(client.seqs, (std::vector<Sequence>{1, 3, 5, 7, 9, 12}));
  EXPECT_EQ(client.count(Kind::kGapFound), 0);
  EXPECT_TRUE(client.until_cursor(12));  // Past what it did not subscribe to.
}

TEST(Subscriber, FromTimeBeginsThere) {
  TinyLog log("e1");
  for (int i = 0; i < 10; ++i) log.append("story.en.x.");
  Server server(log);
  Client client(server.client({}, FromTime{TinyLog::time_of(8)}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.seqs, up_to(10, 8));
}

TEST(Subscriber, ALossInTheMiddleIsSeenByTheNextMessageOfItsTopicAndMended) {
  TinyLog log("e1");
  Server server(log);
  Client client(server.client());
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  server.publish("story.en.x.");
  server.lose("story.en.x.");
  server.publish("story.en.x.");
  ASSERT_TRUE(client.until_notice(Kind::kGapMended));
  EXPECT_EQ(client.seqs, up_to(3));
  EXPECT_EQ(client.count(Kind::kGapFound), 1);
}

/// Sends what a publisher sends, and leaves out what a test wants lost.
class LossyChannel {
 public:
  explicit LossyChannel(TinyLog& log, milliseconds heartbeat = std::chrono::minutes(1))
      : log_(log), heads_(log.position()), heartbeat_(heartbeat) {
    socket_.set(zmq::sockopt::linger, 0);
    server_.emplace(log);
    hello();
    socket_.bind("tcp://127.0.0.1:*");
  }
  void send(const Publication& message) {
    heads_.sent(message);
    put(message.topic, message.body);
  }
  void lose(const Publication& message) { heads_.sent(message); }
  void beat() {
    const auto listing = heads_.next_beat();
    put("$hb", beat_body({.epoch = heads_.position().epoch,
                          .number = listing.beat,
                          .head = heads_.position().head,
                          .floor = 1,
                          .after = listing.after,
                          .time = TinyLog::time_of(heads_.position().head),
                          .topics = listing.topics}));
  }
  /// Greets whoever came.
  void greet() {
    zmq::message_t subscription;
    while (socket_.recv(subscription, zmq::recv_flags::dontwait)) {
    }
  }
  /// The client is served, its subscription known.
  void join(Client& client) {
    std::atomic<bool> stop = false;
    std::thread beats([&] {
      while (!stop) {
        zmq::message_t subscription;
        if (socket_.recv(subscription, zmq::recv_flags::dontwait)) continue;
        zmq::pollitem_t item{socket_.handle(), 0, ZMQ_POLLIN, 0};
        zmq::poll(&item, 1, milliseconds(5));
      }
    });
    const bool joined = client.until_notice(Kind::kCaughtUp);
    stop = true;
    beats.join();
    ASSERT_TRUE(joined);
  }
  SubscriberOptions client(std::vector<std::string> prefixes = {}) {
    return {.live = socket_.get(zmq::sockopt::last_endpoint), .prefixes = std::move(prefixes)};
  }

 private:
  void hello() {
    const std::string frame =
        "$hello" + hello_body({.epoch = heads_.position().epoch,
                               .head = heads_.position().head,
                               .version = "0",
                               .sync = server_->wire().sync_endpoints().front(),
                               .heartbeat = heartbeat_});
    socket_.set(zmq::sockopt::xpub_welcome_msg, frame);
  }
  void put(std::string_view topic, std::string_view body) {
    socket_.send(zmq::buffer(topic), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(body), zmq::send_flags::none);
  }

  TinyLog& log_;
  Heads heads_;
  const milliseconds heartbeat_;
  std::optional<Server> server_;
  zmq::context_t context_;
  zmq::socket_t socket_{context_, zmq::socket_type::xpub};
};

TEST(Subscriber, ALossAtTheTailIsSeenByTheNextHeartbeat) {
  TinyLog log("e1");
  log.append("story.en.x.");
  LossyChannel channel(log);
  Client client(channel.client());
  channel.join(client);
  channel.send(log.append("story.en.x."));
  channel.lose(log.append("story.en.x."));
  channel.lose(log.append("story.de.x."));  // Nothing of this topic has ever come.
  channel.beat();
  ASSERT_TRUE(client.until_notice(Kind::kGapMended));
  EXPECT_EQ(client.seqs, up_to(4, 2));
  EXPECT_EQ(client.count(Kind::kGapFound), 1);
}

TEST(Subscriber, LossesOfWhatWasNotSubscribedToAreNone) {
  TinyLog log("e1");
  LossyChannel channel(log);
  Client client(channel.client({"story.en."}));
  channel.join(client);
  channel.lose(log.append("story.de.x."));
  channel.send(log.append("story.en.x."));
  channel.beat();
  ASSERT_TRUE(client.until_cursor(2));
  EXPECT_EQ(client.seqs, (std::vector<Sequence>{2}));
  EXPECT_EQ(client.count(Kind::kGapFound), 0);
}

TEST(Subscriber, TheCursorDoesNotPassALossThatWasNotYetNoticed) {
  TinyLog log("e1");
  LossyChannel channel(log);
  Client client(channel.client());
  channel.join(client);
  channel.lose(log.append("story.de.x."));
  for (int i = 0; i < 5; ++i) channel.send(log.append("story.en.x."));
  ASSERT_TRUE(client.until_messages(5));
  EXPECT_EQ(client.seqs, up_to(6, 2));
  EXPECT_EQ(client.subscriber->cursor().seq, 0);
  channel.beat();
  ASSERT_TRUE(client.until_cursor(6));
  EXPECT_EQ(client.seqs, (std::vector<Sequence>{2, 3, 4, 5, 6, 1}));
}

TEST(Subscriber, TheCursorCoversOnlyWhatWasTaken) {
  TinyLog log("e1");
  for (int i = 0; i < 20; ++i) log.append("story.en.x.");
  Server server(log);
  Client client(server.client({}, FromOldest{}));
  ASSERT_TRUE(client.until_messages(20));
  EXPECT_LT(client.subscriber->cursor().seq, 20);  // The last may not have taken effect yet.
  ASSERT_TRUE(client.until_cursor(20));
  EXPECT_EQ(client.subscriber->cursor().epoch, "e1");
}

TEST(Subscriber, GoesOnFromAStoredCursor) {
  TinyLog log("e1");
  for (int i = 0; i < 20; ++i) log.append("story.en.x.");
  Server server(log);
  Client client(
      server.client({}, Cursor{.epoch = "e1", .seq = 15, .message_time = TinyLog::time_of(15)}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.seqs, up_to(20, 16));
  ASSERT_TRUE(client.until_cursor(20));
  EXPECT_EQ(client.subscriber->cursor().message_time, TinyLog::time_of(20));
}

TEST(Subscriber, ACursorAtTheHeadStaysAsItWas) {
  TinyLog log("e1");
  for (int i = 0; i < 20; ++i) log.append("story.en.x.");
  Server server(log);
  Client client(
      server.client({}, Cursor{.epoch = "e1", .seq = 20, .message_time = TinyLog::time_of(20)}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_THAT(client.seqs, testing::IsEmpty());
  EXPECT_EQ(client.subscriber->cursor().seq, 20);
  EXPECT_EQ(client.subscriber->cursor().message_time, TinyLog::time_of(20));
}

TEST(Subscriber, FromASnapshotGetsEachOfItOnceAndThenWhatIsPublished) {
  TinyLog log("e1");
  for (int i = 0; i < 250; ++i) log.append("event.en.x.");
  Server server(log);
  Client client(server.client({}, FromSnapshot{}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.seqs, up_to(250));
  server.publish("event.en.x.");
  ASSERT_TRUE(client.until_messages(251));
  EXPECT_EQ(client.live, 1);
  EXPECT_TRUE(client.until_cursor(251));
}

TEST(Subscriber, ACursorOfAnotherEpochReadsFromItsTime) {
  TinyLog log("e2");
  for (int i = 0; i < 100; ++i) log.append("story.en.x.");
  Server server(log);
  Client client(
      server.client({}, Cursor{.epoch = "e1", .seq = 4000, .server_time = TinyLog::time_of(70)}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.count(Kind::kEpochChanged), 1);
  EXPECT_EQ(client.seqs, up_to(100, 10));  // A minute before that.
}

TEST(Subscriber, ARestoredLogHasMessagesOfTheEpochBefore) {
  TinyLog log("e1");
  for (int i = 0; i < 100; ++i) log.append("story.en.x.");
  log.begin_epoch("e2");
  log.append("story.en.x.");
  Server server(log);
  Client client(
      server.client({}, Cursor{.epoch = "e1", .seq = 90, .server_time = TinyLog::time_of(90)}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.seqs, up_to(101, 30));
}

TEST(Subscriber, AStoreThatWentBackWithItsEpochIsFoundOut) {
  TinyLog log("e1");
  for (int i = 0; i < 5; ++i) log.append("story.en.x.");
  Server server(log);
  for (const Cursor& cursor : {Cursor{.epoch = "e1", .seq = 9}}) {
    Client client(server.client({}, cursor));
    ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
    EXPECT_EQ(client.count(Kind::kEpochChanged), 1);
    EXPECT_EQ(client.seqs, up_to(5));
  }
}

TEST(Subscriber, WhatIsNoLongerKeptIsNamedAndTheRestComes) {
  TinyLog log("e1");
  for (int i = 0; i < 20; ++i) log.append("story.en.x.");
  log.drop_before(11);
  Server server(log);
  Client client(server.client({}, Cursor{.epoch = "e1", .seq = 4}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.count(Kind::kGapLost), 1);
  EXPECT_EQ(client.seqs, up_to(20, 11));
}

TEST(Subscriber, ASequenceNumberThatIsNotThereYetIsRefused) {
  TinyLog log("e1");
  Server server(log);
  Client client(server.client({}, FromSequence{7}));
  ASSERT_TRUE(client.until([&] { return client.error.has_value(); }));
  EXPECT_EQ(client.error->code, ErrorCode::kRefused);
}

TEST(Subscriber, WaitsForAServerThatIsNotThere) {
  Client client({.live = "ipc://" + ::testing::TempDir() + "nobody", .patience = milliseconds(10)});
  EXPECT_TRUE(client.until_notice(Kind::kWaiting));
}

TEST(Subscriber, IsToldWhatIsNoEndpoint) {
  const auto refused = Subscriber::connect({.live = "127.0.0.1:5556"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
}

TEST(Subscriber, IsToldWhatIsNoKey) {
  for (const auto& [server, own] : {std::pair<std::string, std::string>{"short", "short"},
                                    {std::string(40, 'a'), "short"},
                                    {"short", std::string(40, 'a')}}) {
    const auto refused = Subscriber::connect(
        {.live = "tcp://127.0.0.1:5556", .curve = {.server_key = server, .secret_key = own}});
    ASSERT_FALSE(refused) << server << " " << own;
    EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("nutgraf keygen"));
  }
}

TEST(Subscriber, ReachesAServerOverIpv6) {
  TinyLog log("e1");
  log.append("story.en.x.");
  WireOptions options = Server::loopback();
  options.live = options.sync = {"tcp://[::1]:*"};
  std::optional<Server> server;
  try {
    server.emplace(log, options);
  } catch (const std::runtime_error& none) {
    GTEST_SKIP() << none.what();
  }
  Client client(server->client({}, FromOldest{}));
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  EXPECT_EQ(client.seqs, up_to(1));
}

/// The same endpoints, so that clients come back by themselves.
WireOptions same_place(ZmqWire& wire) {
  WireOptions options = Server::loopback();
  options.live = wire.live_endpoints();
  options.sync = wire.sync_endpoints();
  return options;
}

TEST(Subscriber, ARestartOfTheServerLosesNothing) {
  TinyLog log("e1");
  std::optional<Server> server(std::in_place, log);
  Client client(server->client());
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  server->publish("story.en.x.");
  ASSERT_TRUE(client.until_messages(1));
  const WireOptions place = same_place(server->wire());
  server.reset();
  for (int i = 0; i < 5; ++i) log.append("story.en.x.");  // While the client is away.
  server.emplace(log, place);
  server->publish("story.en.x.");
  ASSERT_TRUE(client.until_messages(7));
  EXPECT_EQ(client.seqs, up_to(7));
  EXPECT_GE(client.count(Kind::kReconnected), 1);
  EXPECT_EQ(client.count(Kind::kEpochChanged), 0);
}

TEST(Subscriber, AnotherStoreIsANewEpoch) {
  TinyLog first("e1");
  std::optional<Server> server(std::in_place, first);
  Client client(server->client());
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  server->publish("story.en.x.");
  ASSERT_TRUE(client.until_cursor(1));
  const WireOptions place = same_place(server->wire());
  server.reset();
  TinyLog second("e2");
  server.emplace(second, place);
  ASSERT_TRUE(client.until_notice(Kind::kEpochChanged));
  server->publish("story.en.x.");
  ASSERT_TRUE(client.until([&] { return client.subscriber->cursor().epoch == "e2"; }));
  ASSERT_TRUE(client.until_cursor(1));
  EXPECT_EQ(client.seqs.back(), 1);
  EXPECT_EQ(client.bodies.back(), second.at(1)->body);
}

TEST(Subscriber, SilenceIsTold) {
  TinyLog log("e1");
  std::optional<Server> server(std::in_place, log);
  Client client(server->client());
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  server.reset();
  EXPECT_TRUE(client.until_notice(Kind::kStale));
}

TEST(Subscriber, LongSilenceEndsWithANewConnection) {
  TinyLog log("e1");
  LossyChannel channel(log, milliseconds(20));
  Client client(channel.client());
  channel.join(client);
  EXPECT_TRUE(client.until([&] {
    channel.greet();
    return client.count(Kind::kReconnected) > 0;
  }));
  EXPECT_GE(client.count(Kind::kStale), 1);
}

TEST(Notice, EveryKindHasItsName) {
  std::set<std::string_view> names;
  for (const Kind kind :
       {Kind::kWaiting, Kind::kCaughtUp, Kind::kGapFound, Kind::kGapMended, Kind::kGapLost,
        Kind::kTooSlow, Kind::kStale, Kind::kReconnected, Kind::kEpochChanged, Kind::kMalformed}) {
    names.insert(to_string(kind));
  }
  EXPECT_EQ(names.size(), 10U);
  EXPECT_FALSE(names.contains(""));
  EXPECT_EQ(to_string(Kind::kStale), "stale");
}

TEST(Subscriber, OneThatReadsTooSlowlyLosesMessagesAndEndsWithEverything) {
  TinyLog log("e1");
  WireOptions wire = Server::loopback();
  wire.send_hwm = 20;
  Server server(log, wire);
  auto options = server.client();
  options.receive_hwm = 5;
  options.page = 200;
  Client client(options);
  ASSERT_TRUE(client.until_notice(Kind::kCaughtUp));
  const std::string payload = "{\"x\":\"" + std::string(20'000, 'x') + "\"}";
  constexpr Sequence kMessages = 1000;
  for (Sequence i = 0; i < kMessages; ++i) {
    server.publish(i % 2 == 0 ? "story.en.x." : "story.de.x.", payload);
  }
  ASSERT_TRUE(client.until_cursor(kMessages));
  EXPECT_GE(client.count(Kind::kGapFound) + client.count(Kind::kReconnected), 1);
  EXPECT_EQ(std::set<Sequence>(client.seqs.begin(), client.seqs.end()).size(), kMessages);
  EXPECT_EQ(client.seqs.size(), kMessages);  // Nothing twice.
}

TEST(Subscriber, GarbageOnTheLiveSocketIsDroppedAndTold) {
  TinyLog log("e1");
  LossyChannel channel(log);
  Client client(channel.client());
  channel.join(client);
  channel.send({0, "story.en.x.", "not json"});
  channel.send({0, "story.en.x.", "{}"});
  channel.send({0, "$hb", "[]"});
  channel.send(log.append("story.en.x."));
  ASSERT_TRUE(client.until_messages(1));
  EXPECT_EQ(client.count(Kind::kMalformed), 3);
}

TEST(Subscriber, GarbageOnTheSyncSocketIsDroppedAndTold) {
  zmq::context_t context;
  zmq::socket_t live(context, zmq::socket_type::xpub);
  zmq::socket_t sync(context, zmq::socket_type::router);
  for (zmq::socket_t* socket : {&live, &sync}) socket->set(zmq::sockopt::linger, 0);
  sync.bind("tcp://127.0.0.1:*");
  live.set(zmq::sockopt::xpub_welcome_msg,
           "$hello" + hello_body({.epoch = "e1",
                                  .head = 1,
                                  .version = "0",
                                  .sync = sync.get(zmq::sockopt::last_endpoint),
                                  .heartbeat = std::chrono::minutes(1)}));
  live.bind("tcp://127.0.0.1:*");
  Client client({.live = live.get(zmq::sockopt::last_endpoint), .start = FromOldest{}});
  const std::vector<std::vector<std::string>> garbage = {
      {"MSG", "x"}, {"x"}, {"MSG", "a.", "{}", "more"}, {"MSG", "a.", "no json"}, {"END", "[]"}};
  const auto answer = [&] {
    zmq::message_t subscription;
    (void)live.recv(subscription, zmq::recv_flags::dontwait);
    std::vector<zmq::message_t> request;
    if (!zmq::recv_multipart(sync, std::back_inserter(request), zmq::recv_flags::dontwait)) return;
    for (const auto& frames : garbage) {
      sync.send(zmq::buffer(request[0].to_string()), zmq::send_flags::sndmore);
      for (std::size_t i = 0; i < frames.size(); ++i) {
        const bool more = i + 1 < frames.size();
        sync.send(zmq::buffer(frames[i]), more ? zmq::send_flags::sndmore : zmq::send_flags::none);
      }
    }
  };
  EXPECT_TRUE(client.until([&] {
    answer();
    return client.count(Kind::kMalformed) == static_cast<std::ptrdiff_t>(garbage.size());
  }));
  EXPECT_TRUE(client.seqs.empty());
}

}  // namespace
}  // namespace nutgraf
