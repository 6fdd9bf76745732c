// Every figure of the wire with its bar:
//   wire_figures [commit|fetch|stopped|storm|long]...      (default: all of them)
// Subscribers are plain SUB sockets in processes of their own. Where a time is measured, a floor is
// measured in the same seconds: a bare PUB socket, and a commit of one row in a database of its
// own, at the same pace to the same subscribers.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <thread>
#include <zmq.hpp>

#include "daemon/client/subscriber.h"
#include "daemon/pipeline/reader.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/wire/envelope.h"
#include "daemon/wire/zmq_publisher.h"
#include "tests/bench/crowd.h"

namespace nutgraf::bench {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kStory = 2'000;  ///< Bytes of a message.

/// Topics are "t.<number>."; the one for ourselves and the one for the floor.
constexpr int kOurs = 1;
constexpr int kFloor = 2;
constexpr int kOursStopped = 3;
constexpr int kFloorStopped = 4;

void figure(const std::string& what, double value, const char* unit, const std::string& beside) {
  std::printf("  %-58s %9.2f %-4s %s\n", what.c_str(), value, unit, beside.c_str());
}

void bar(const std::string& what, double value, const char* unit, bool met,
         const std::string& wanted) {
  figure(what, value, unit, (met ? "ok:     " : "MISSED: ") + wanted);
}

void p99(const std::string& what, const std::vector<double>& ours, const std::vector<double>& floor,
         double most) {
  const double value = percentile(ours, 0.99);
  figure(what + ", p50", percentile(ours, 0.5), "ms", "");
  bar(what + ", p99", value, "ms", value < most,
      "< " + std::to_string(static_cast<int>(most)) + " ms");
  figure("  the floor's p50", percentile(floor, 0.5), "ms", "");
  figure("  the floor's p99", percentile(floor, 0.99), "ms", "");
}

std::string loopback(int port) { return "tcp://127.0.0.1:" + std::to_string(port); }

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nutgraf-wire-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder");
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

/// What it takes at least: one row and its fsync, two frames.
class Floor {
 public:
  Floor(const Folder& folder, int port) {
    sqlite3_open((folder.path / "floor.db").c_str(), &db_);
    sqlite3_exec(db_,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER "
                 "PRIMARY KEY, body TEXT)",
                 nullptr, nullptr, nullptr);
    sqlite3_prepare_v2(db_, "INSERT INTO t(body) VALUES (?)", -1, &insert_, nullptr);
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::sndhwm, WireOptions{}.send_hwm);
    socket_.bind(loopback(port));
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;
  ~Floor() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
  }

  void commit() {
    const std::string body = stamped(kStory);
    sqlite3_bind_text(insert_, 1, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
    if (sqlite3_step(insert_) != SQLITE_DONE) throw std::runtime_error("no floor");
    sqlite3_reset(insert_);
  }
  void send(const std::string& topic, const std::string& body) {
    socket_.send(zmq::buffer(topic), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(body), zmq::send_flags::none);
  }

 private:
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
  zmq::context_t context_;
  zmq::socket_t socket_{context_, zmq::socket_type::pub};
};

/// Store, wire and reader, as the daemon has them.
class Ours {
 public:
  Ours(const Folder& folder, int live, int sync)
      : store_(std::move(*SqliteStore::open(folder.path / "n.db", envelope))) {
    WireOptions options;
    options.live = {loopback(live)};
    options.sync = {loopback(sync)};
    auto wire = ZmqWire::start(options, ledger().position().value(), clock_, "bench");
    if (!wire) throw std::runtime_error(wire.error().message);
    wire_ = std::move(*wire);
    reader_ = std::make_unique<Reader>(std::move(*store_->reader()), *wire_,
                                       [](std::string_view url) { return std::string(url); });
  }

  Ledger& ledger() { return store_->ledger(); }
  ZmqWire& wire() { return *wire_; }

  std::vector<Publication> commit(int count, const std::string& topic, std::size_t bytes) {
    const Draft draft{.type = "t",
                      .topic = topic,
                      .name = "x",
                      .payload = "{\"x\":\"" + std::string(bytes, 'x') + "\"}"};
    Batch batch;
    batch.polls.resize(static_cast<std::size_t>(count));
    for (PollCommit& poll : batch.polls) {
      poll.state.feed_id = "f";
      poll.message = draft;
    }
    auto published = ledger().commit(batch, clock_.utc());
    if (!published) throw std::runtime_error(published.error().message);
    return std::move(*published);
  }

  /// To plain subscribers, who read only the time at the body's begin: that of now.
  void send(Sequence seq, const std::string& topic, std::size_t bytes) {
    wire_->publish({{seq, topic, stamped(bytes)}});
  }
  void end() { send(1LL << 40, "end.", 1); }

 private:
  const SystemClock clock_;
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<ZmqWire> wire_;
  std::unique_ptr<Reader> reader_;
};

/// Calls `send` so many times, evenly spread.
void evenly(int count, int per_second, const std::function<void()>& send) {
  auto due = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    send();
    due += std::chrono::microseconds(1'000'000 / per_second);
    std::this_thread::sleep_until(due);
  }
}

/// A bare fsync of one page, in milliseconds.
std::vector<double> fsyncs(const Folder& folder) {
  const int file = ::open((folder.path / "sync").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const std::string page(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 200; ++i) {
    const double begin = now_ms();
    if (::pwrite(file, page.data(), page.size(), 4096 * i) < 0 || ::fdatasync(file) != 0) break;
    times.push_back(now_ms() - begin);
  }
  ::close(file);
  return times;
}

/// Another client, in its own process: fetches the log again and again until it is told to end,
/// then says how many messages it had and in how many milliseconds.
void fetch_on_and_on(Child& parent, const SubscriberOptions& options) {
  parent.hear();
  double messages = 0;
  const double begin = now_ms();
  while (!parent.heard_within(0)) {
    auto subscriber = std::move(*Subscriber::connect(options));
    for (bool done = false; !done && !parent.heard_within(0);) {
      for (int i = 0; i < 1000 && !done; ++i) {
        auto delivery = subscriber->next(milliseconds(100));
        if (!delivery || !*delivery) break;
        const auto* notice = std::get_if<Notice>(&**delivery);
        messages += notice == nullptr ? 1 : 0;
        done = notice != nullptr && notice->kind == Notice::Kind::kCaughtUp;
      }
    }
  }
  parent.say(messages);
  parent.say(now_ms() - begin);
}

/// From the commit's return to ten subscribers, in turns with the floor, 100 a second each.
void live(bool with_fetch) {
  const int port = free_port();
  const int floor_port = free_port();
  const int sync_port = free_port();
  Crowd crowd(10, {loopback(port), loopback(floor_port)}, {"$hb", "floor."});
  Child fetcher([&](Child& parent) {
    fetch_on_and_on(parent, {.live = loopback(port), .prefixes = {"log."}, .start = FromOldest{}});
  });
  const Folder folder;
  Ours ours(folder, port, sync_port);
  Floor floor(folder, floor_port);
  for (int i = 0; with_fetch && i < 500; ++i) ours.commit(100, "log.", kStory);
  crowd.until_ready([&] { floor.send("floor.", "x"); });
  if (with_fetch) {
    fetcher.say(0);
    std::this_thread::sleep_for(milliseconds(500));
  }
  std::vector<double> commits;
  for (int turn = 0; turn < 10; ++turn) {
    evenly(100, 100, [&] {
      const double begin = now_ms();
      const Sequence seq = ours.commit(1, "t.1.", kStory).front().seq;
      commits.push_back(now_ms() - begin);
      ours.send(seq, "t.1.", kStory);
    });
    evenly(100, 100, [&] {
      floor.commit();
      floor.send("t.2.", stamped(kStory));
    });
  }
  if (with_fetch) fetcher.say(0);
  ours.end();
  const Ways ways = crowd.ways();
  if (!with_fetch) {
    const std::vector<double> syncs = fsyncs(folder);
    p99("from the commit to 10 subscribers, 100 a second", ways.at(kOurs), ways.at(kFloor), 5);
    figure("  the commit itself, p50", percentile(commits, 0.5), "ms", "");
    figure("  the commit itself, p99", percentile(commits, 0.99), "ms", "");
    figure("  a bare fsync of the disk, p50", percentile(syncs, 0.5), "ms", "");
    figure("  a bare fsync of the disk, p99", percentile(syncs, 0.99), "ms", "");
    return;
  }
  const double fetched = fetcher.hear();
  const double rate = 1e3 * fetched / fetcher.hear();
  p99("the same while a client fetches the log", ways.at(kOurs), ways.at(kFloor), 10);
  bar("its fetch, messages a second", rate, "", rate >= 30'000, ">= 30,000");
}

void stopped() {
  constexpr int kPerSecond = 200;
  constexpr std::size_t kBody = 4096;
  const int port = free_port();
  const int floor_port = free_port();
  const std::vector<std::string> both = {loopback(port), loopback(floor_port)};
  Crowd crowd(50, both, {"$hb", "floor."});
  Crowd more(49, both, {"$hb", "floor."});
  Crowd one(1, {loopback(port)}, {"$hb"});
  Crowd other(1, {loopback(floor_port)}, {"floor."});
  const Folder folder;
  Ours ours(folder, port, free_port());
  Floor floor(folder, floor_port);
  const auto sign = [&] { floor.send("floor.", "x"); };
  crowd.until_ready(sign);
  more.until_ready(sign);
  one.until_ready();
  other.until_ready(sign);
  const auto run = [&](int messages, int our_number, int floor_number) {
    const std::string our_topic = "t." + std::to_string(our_number) + ".";
    const std::string floor_topic = "t." + std::to_string(floor_number) + ".";
    for (int i = 0; i < messages; i += 500) {
      evenly(500, kPerSecond, [&] { ours.send(1, our_topic, kBody); });
      evenly(500, kPerSecond, [&] { floor.send(floor_topic, stamped(kBody)); });
    }
  };
  run(1'000, kOurs, kFloor);
  const double before = resident_mb();
  one.stop();
  // So many that what is kept for one who does not read is full.
  evenly(5'000, 2 * kPerSecond, [&] { ours.send(1, "fill.", kBody); });
  std::this_thread::sleep_for(std::chrono::seconds(2));  // The others have read theirs by then.
  const double grown = resident_mb() - before;
  other.stop();
  run(1'000, kOursStopped, kFloorStopped);
  ours.end();
  Ways ways = crowd.ways();
  for (const auto& [number, times] : more.ways()) {
    ways[number].insert(ways[number].end(), times.begin(), times.end());
  }
  const auto ratio = [&](int now, int then) {
    return percentile(ways.at(now), 0.99) / percentile(ways.at(then), 0.99);
  };
  figure("99 subscribers, 4 KB at 200 a second, p99", percentile(ways.at(kOurs), 0.99), "ms", "");
  figure("  with one more that is stopped, p99", percentile(ways.at(kOursStopped), 0.99), "ms", "");
  const double ours_ratio = ratio(kOursStopped, kOurs);
  const double noise = ratio(kFloorStopped, kFloor);
  bar("  p99 with the stopped one / without", ours_ratio, "", ours_ratio < 1.5 * noise + 0.2,
      "as the floor's, " + std::to_string(noise).substr(0, 4));
  const auto lost =
      static_cast<double>(2 * 99 * 1'000 - ways.at(kOurs).size() - ways.at(kOursStopped).size());
  bar("  messages that the 99 lost", lost, "", lost == 0, "none");
  bar("  memory that the stopped one costs", grown, "MB", grown < 32, "< 32 MB");
}

/// 1,000 sockets that connect when told, are greeted, and go.
void come_and_go(Child& parent, const std::string& endpoint) {
  for (;;) {
    parent.hear();
    zmq::context_t context;
    context.set(zmq::ctxopt::max_sockets, 1'100);
    std::vector<zmq::socket_t> sockets;
    std::vector<zmq::pollitem_t> items;
    for (int i = 0; i < 1'000; ++i) {
      zmq::socket_t& socket = sockets.emplace_back(context, zmq::socket_type::sub);
      socket.set(zmq::sockopt::linger, 0);
      socket.set(zmq::sockopt::subscribe, "$hello");
      socket.set(zmq::sockopt::subscribe, "$hb");
      socket.connect(endpoint);
      items.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
    }
    for (int greeted = 0; greeted < 1'000;) {
      zmq::poll(items.data(), items.size(), milliseconds(-1));
      for (zmq::pollitem_t& item : items) {
        if ((item.revents & ZMQ_POLLIN) == 0) continue;
        item.events = 0;
        item.revents = 0;
        ++greeted;
      }
    }
    parent.say(now_ms());
  }
}

void storm() {
  constexpr int kStorms = 5;
  const int port = free_port();
  Crowd steady(10, {loopback(port)}, {"$hb"});
  Child many([&](Child& parent) { come_and_go(parent, loopback(port)); });
  const Folder folder;
  Ours ours(folder, port, free_port());
  steady.until_ready();
  int sent = 0;
  const auto send = [&](int number) {
    ours.send(1, "t." + std::to_string(number) + ".", kStory);
    ++sent;
  };
  evenly(200, 100, [&] { send(1); });
  double longest = 0;
  for (int i = 0; i < kStorms; ++i) {
    const double begin = now_ms();
    many.say(0);
    while (!many.heard_within(0)) evenly(1, 100, [&] { send(2); });
    longest = std::max(longest, many.hear() - begin);
  }
  ours.end();
  const Ways ways = steady.ways();
  const auto lost =
      static_cast<double>(sent) * 10 - static_cast<double>(ways.at(1).size() + ways.at(2).size());
  bar("1,000 clients come at once, five times: the others lose", lost, "", lost == 0, "none");
  figure("  all of them greeted after, at most", longest, "ms", "");
  figure("  the others' p99 before", percentile(ways.at(1), 0.99), "ms", "");
  figure("  the others' p99 meanwhile", percentile(ways.at(2), 0.99), "ms", "");
}

/// Says how many it has had each time it is asked.
void follow(Child& parent, const SubscriberOptions& options) {
  auto subscriber = std::move(*Subscriber::connect(options));
  double messages = 0;
  for (;;) {
    auto delivery = subscriber->next(milliseconds(20));
    if (delivery && *delivery && std::holds_alternative<Message>(**delivery)) ++messages;
    while (parent.heard_within(0)) {
      parent.hear();
      parent.say(messages);
    }
  }
}

void long_run() {
  constexpr int kBatch = 100;
  constexpr int kMessages = 1'000'000;
  constexpr int kWarm = 300'000;  // Retention has begun by then.
  const int port = free_port();
  Child follower([&](Child& parent) {
    follow(parent, {.live = loopback(port), .prefixes = {}, .start = FromOldest{}});
  });
  const Folder folder;
  Ours ours(folder, port, free_port());
  double warm = 0;
  int files = 0;
  double received = 0;
  const double begin = now_ms();
  for (int sent = 0; sent < kMessages;) {
    ours.wire().publish(ours.commit(kBatch, "log.", 500));
    sent += kBatch;
    if (sent % 10'000 != 0) continue;
    while (ours.ledger().prune({.log_count = 100'000}).value()) {
    }
    ours.wire().set_floor(ours.ledger().position()->floor);
    // Not faster than it reads by more than the log keeps.
    do {
      follower.say(0);
      received = follower.hear();
    } while (received < sent - 50'000);
    if (sent != kWarm) continue;
    warm = resident_mb();
    files = open_files();
  }
  const double seconds = (now_ms() - begin) / 1e3;
  while (received < kMessages && now_ms() < begin + 1e3 * seconds + 30e3) {
    follower.say(0);
    received = follower.hear();
  }
  const double grown = resident_mb() - warm;
  bar("1,000,000 messages in " + std::to_string(static_cast<int>(seconds)) + " s: one client had",
      received, "", received == kMessages, "all");
  bar("  memory at the end against that at 300,000", grown, "MB", grown < 4,
      "< 4 MB more; it was " + std::to_string(static_cast<int>(warm)));
  bar("  open files likewise", open_files() - files, "", open_files() == files,
      "no more than " + std::to_string(files));
}

struct Figure {
  const char* name;
  void (*run)();
};
constexpr Figure kFigures[] = {{"commit", [] { live(false); }},
                               {"fetch", [] { live(true); }},
                               {"stopped", stopped},
                               {"storm", storm},
                               {"long", long_run}};

/// In a process of its own, so that none leaves memory or threads to the next.
bool run(const Figure& figure) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 0;
    try {
      figure.run();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "wire_figures %s: %s\n", figure.name, error.what());
      status = 1;
    }
    std::fflush(stdout);
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status == 0;
}

}  // namespace
}  // namespace nutgraf::bench

int main(int argc, char** argv) {
  using namespace nutgraf::bench;
  bool well = true;
  int known = 0;
  for (const Figure& figure : kFigures) {
    bool wanted = argc == 1;
    for (int i = 1; i < argc; ++i) wanted = wanted || std::strcmp(argv[i], figure.name) == 0;
    if (!wanted) continue;
    ++known;
    well = run(figure) && well;
  }
  if (known == 0) {
    std::fprintf(stderr, "usage: wire_figures [commit|fetch|stopped|storm|long]...\n");
    return 64;
  }
  return well ? 0 : 1;
}
