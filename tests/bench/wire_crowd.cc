// What a crowd of subscribers costs, and what one of them can do to the others:
//   wire_crowd stopped   1 of 100 subscribers is stopped (SIGSTOP), bodies of 4 KB
//   wire_crowd storm     1,000 subscribers come back after a restart
//   wire_crowd commit    from commit to receipt, 100 a second, 10 subscribers
//   wire_crowd fetch     the same while a client fetches the log as fast as it can
// Subscribers are plain SUB sockets in processes of their own; one line of JSON is printed.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "daemon/client/subscriber.h"
#include "daemon/pipeline/reader.h"
#include "daemon/store/sqlite_store.h"
#include "daemon/wire/envelope.h"
#include "daemon/wire/zmq_publisher.h"

namespace nutgraf {
namespace {

using std::chrono::milliseconds;

/// The machine's own, the same in all processes.
double now_ms() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return -1;
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<std::size_t>(share * last)];
}

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

/// What subscribers report: milliseconds on the way, by phase.
using Ways = std::map<int, std::vector<double>>;

/// Topic "t.<phase>."; the body begins with the time at which it was sent.
std::string stamped(std::size_t bytes) {
  char time[32];
  std::snprintf(time, sizeof time, "%025.6f ", now_ms());
  return time + std::string(bytes, 'x');
}

/// Processes with `count` subscribers: say when all have heard a heartbeat, then take messages
/// until each has had one of "end.", and write down how long they were on the way.
class Crowd {
 public:
  Crowd(int count, const std::string& endpoint) {
    if (::pipe(pipe_) != 0) throw std::runtime_error("no pipe");
    child_ = ::fork();
    if (child_ == 0) {
      subscribe(count, endpoint);
      ::_exit(0);
    }
    ::close(pipe_[1]);
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    ::close(pipe_[0]);
  }

  void until_ready() { number(); }
  void stop() const { ::kill(child_, SIGSTOP); }

  Ways ways() {
    Ways ways;
    for (double phase = number(); phase >= 0; phase = number()) {
      ways[static_cast<int>(phase)].push_back(number());
    }
    return ways;
  }
  double number() {
    double value = 0;
    for (std::size_t got = 0; got < sizeof value;) {
      const auto size = ::read(pipe_[0], reinterpret_cast<char*>(&value) + got, sizeof value - got);
      if (size <= 0) throw std::runtime_error("a crowd has died");
      got += static_cast<std::size_t>(size);
    }
    return value;
  }

 private:
  void say(double value) const {
    if (::write(pipe_[1], &value, sizeof value) != sizeof value) ::_exit(1);
  }

  void subscribe(int count, const std::string& endpoint) const {
    zmq::context_t context;
    context.set(zmq::ctxopt::max_sockets, count + 16);
    std::vector<zmq::socket_t> sockets;
    std::vector<zmq::pollitem_t> items;
    for (int i = 0; i < count; ++i) {
      zmq::socket_t& socket = sockets.emplace_back(context, zmq::socket_type::sub);
      socket.set(zmq::sockopt::subscribe, "");
      socket.set(zmq::sockopt::reconnect_ivl, 100);
      socket.set(zmq::sockopt::reconnect_ivl_max, 2'000);
      socket.connect(endpoint);
      items.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
    }
    std::vector<int> heard(sockets.size(), 0);
    std::vector<int> ended(sockets.size(), 0);
    std::vector<int> greeted(sockets.size(), 0);
    std::vector<std::pair<int, double>> ways;
    const auto all = [](const std::vector<int>& of) {
      return std::count(of.begin(), of.end(), 0) == 0;
    };
    bool ready = false;
    bool back = false;
    while (!all(ended)) {
      zmq::poll(items.data(), items.size(), milliseconds(-1));
      for (std::size_t i = 0; i < sockets.size(); ++i) {
        if ((items[i].revents & ZMQ_POLLIN) == 0) continue;
        zmq::message_t topic;
        zmq::message_t body;
        if (!sockets[i].recv(topic) || !topic.more()) {
          ++greeted[i];
          continue;
        }
        if (!sockets[i].recv(body)) continue;
        const std::string_view name = topic.to_string_view();
        if (name == "$hb") heard[i] = 1;
        if (name == "end.") ended[i] = 1;
        if (!name.starts_with("t.")) continue;
        ways.emplace_back(std::atoi(std::string(name.substr(2)).c_str()),
                          now_ms() - std::atof(body.to_string().substr(0, 26).c_str()));
      }
      if (!ready && all(heard)) {
        ready = true;
        say(0);
      }
      const auto twice = [](int times) { return times >= 2; };
      if (!back && std::all_of(greeted.begin(), greeted.end(), twice)) {
        back = true;
        ways.emplace_back(0, now_ms());  // Of phase 0: when everyone was back.
      }
    }
    for (const auto& [phase, way] : ways) {
      say(phase);
      say(way);
    }
    say(-1);
  }

  int pipe_[2] = {-1, -1};
  pid_t child_ = -1;
};

WireOptions options_at(int port) {
  WireOptions options;
  options.live = {"tcp://127.0.0.1:" + std::to_string(port)};
  options.sync = {"tcp://127.0.0.1:*"};
  return options;
}

/// A port that was free a moment ago, known before anyone forks.
int free_port() {
  zmq::context_t context;
  zmq::socket_t probe(context, zmq::socket_type::pull);
  probe.bind("tcp://127.0.0.1:*");
  const std::string endpoint = probe.get(zmq::sockopt::last_endpoint);
  return std::atoi(endpoint.substr(endpoint.rfind(':') + 1).c_str());
}

std::unique_ptr<ZmqWire> start(const WireOptions& options, const Clock& clock,
                               LogPosition position = {.epoch = "e"}) {
  auto wire = ZmqWire::start(options, std::move(position), clock, "bench");
  if (!wire) throw std::runtime_error(wire.error().message);
  return std::move(*wire);
}

/// Calls `send` so many times, evenly spread.
void evenly(int count, int per_second, const std::function<void()>& send) {
  auto due = std::chrono::steady_clock::now();
  for (int i = 0; i < count; ++i) {
    send();
    due += std::chrono::microseconds(1'000'000 / per_second);
    std::this_thread::sleep_until(due);
  }
}

void stopped() {
  const SystemClock clock;
  const int port = free_port();
  Crowd crowd(99, "tcp://127.0.0.1:" + std::to_string(port));
  Crowd one(1, "tcp://127.0.0.1:" + std::to_string(port));
  const auto wire = start(options_at(port), clock);
  crowd.until_ready();
  one.until_ready();
  Sequence seq = 0;
  const auto publish = [&](const char* topic) { wire->publish({{++seq, topic, stamped(4096)}}); };
  evenly(2'000, 200, [&] { publish("t.1."); });
  const double before = resident_mb();
  one.stop();
  evenly(8'000, 200, [&] { publish("t.2."); });
  const double after = resident_mb();
  publish("end.");
  const Ways ways = crowd.ways();
  std::printf(
      "{\"subscribers\":100,\"rss_before_mb\":%.1f,\"rss_after_mb\":%.1f,\"grown_mb\":%.1f,"
      "\"p99_all_read_ms\":%.2f,\"p99_one_stopped_ms\":%.2f,\"received\":%zu}\n",
      before, after, after - before, percentile(ways.at(1), 0.99), percentile(ways.at(2), 0.99),
      ways.at(2).size());
}

void storm() {
  const SystemClock clock;
  const int port = free_port();
  Crowd crowd(1000, "tcp://127.0.0.1:" + std::to_string(port));
  auto wire = start(options_at(port), clock);
  crowd.until_ready();
  wire.reset();
  const double down = now_ms();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  wire = start(options_at(port), clock);
  const double up = now_ms();
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (wire->figures().subscribers < 1000 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  const double subscribed = now_ms() - up;
  std::this_thread::sleep_for(std::chrono::seconds(1));
  wire->publish({{1, "end.", "x"}});
  const Ways ways = crowd.ways();
  std::printf(
      "{\"subscribers\":1000,\"down_s\":%.1f,\"all_subscribed_s\":%.2f,\"all_greeted_s\":%.2f}\n",
      (up - down) / 1e3, subscribed / 1e3, (ways.at(0).at(0) - up) / 1e3);
}

Batch message(const std::string& topic) {
  Batch batch;
  PollCommit poll;
  poll.state.feed_id = "f";
  // The stamp is taken before the commit; the body would be JSON, here only its time is read.
  poll.message = Draft{.type = "t", .topic = topic, .name = "x", .payload = stamped(2'000)};
  batch.polls.push_back(std::move(poll));
  return batch;
}

std::string payload_alone(const Draft& draft, const Stamp&) { return draft.payload; }

void commit(bool with_fetch) {
  const SystemClock clock;
  const int port = free_port();
  Crowd crowd(10, "tcp://127.0.0.1:" + std::to_string(port));
  std::string folder = (std::filesystem::temp_directory_path() / "nutgraf-crowd-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder");
  auto store = SqliteStore::open(std::filesystem::path(folder) / "n.db",
                                 with_fetch ? envelope : payload_alone);
  if (!store) throw std::runtime_error(store.error().message);
  Ledger& ledger = (*store)->ledger();
  for (int i = 0; with_fetch && i < 500; ++i) {
    Batch many;
    for (int k = 0; k < 100; ++k) {
      many.polls.push_back(message("log.").polls.front());
      many.polls.back().message->payload = "{\"x\":\"" + std::string(2'000, 'x') + "\"}";
    }
    if (!ledger.commit(many, clock.utc())) throw std::runtime_error("no commit");
  }
  const auto wire = start(options_at(port), clock, ledger.position().value());
  std::unique_ptr<Reader> reader = std::make_unique<Reader>(
      std::move(*(*store)->reader()), *wire, [](std::string_view url) { return std::string(url); });
  crowd.until_ready();
  std::int64_t fetched = 0;
  double fetching_ms = 0;
  std::jthread fetcher([&](const std::stop_token& stop) {
    const double begin = now_ms();
    while (with_fetch && !stop.stop_requested()) {
      auto subscriber = Subscriber::connect(
          {.live = wire->live_endpoints().front(), .prefixes = {"log."}, .start = FromOldest{}});
      for (bool done = false; !done && !stop.stop_requested();) {
        auto delivery = (*subscriber)->next(milliseconds(100));
        if (!delivery || !*delivery) continue;
        if (std::holds_alternative<Message>(**delivery)) ++fetched;
        const auto* notice = std::get_if<Notice>(&**delivery);
        done = notice != nullptr && notice->kind == Notice::Kind::kCaughtUp;
      }
    }
    fetching_ms = now_ms() - begin;
  });
  evenly(2'000, 100, [&] {
    auto published = ledger.commit(message("t.1."), clock.utc());
    if (!published) throw std::runtime_error(published.error().message);
    // What was committed carries its time in the payload; on the wire only that is needed.
    const std::string& body = published->front().body;
    const auto at = body.find_first_of("0123456789", with_fetch ? body.find("\"x\":") : 0);
    wire->publish({{published->front().seq, "t.1.", body.substr(at)}});
  });
  fetcher.request_stop();
  fetcher.join();
  wire->publish({{1'000'000, "end.", "x"}});
  const Ways ways = crowd.ways();
  std::printf("{\"messages\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"fetched_per_s\":%.0f}\n",
              ways.at(1).size(), percentile(ways.at(1), 0.5), percentile(ways.at(1), 0.99),
              fetching_ms > 0 ? 1e3 * static_cast<double>(fetched) / fetching_ms : 0);
  reader.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace nutgraf

int main(int argc, char** argv) {
  using namespace nutgraf;
  const std::string what = argc == 2 ? argv[1] : "";
  try {
    if (what == "stopped") return stopped(), 0;
    if (what == "storm") return storm(), 0;
    if (what == "commit") return commit(false), 0;
    if (what == "fetch") return commit(true), 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wire_crowd: %s\n", error.what());
    return 1;
  }
  std::fprintf(stderr, "usage: wire_crowd stopped|storm|commit|fetch\n");
  return 64;
}
