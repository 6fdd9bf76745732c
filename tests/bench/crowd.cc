#include "tests/bench/crowd.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <zmq.hpp>

namespace nutgraf::bench {
namespace {

/// What one socket of a crowd has had.
struct Member {
  std::set<std::string> signs;
  bool ended = false;
};

using Times = std::vector<std::pair<int, double>>;

void take(zmq::socket_t& socket, const std::vector<std::string>& signs, Member& member,
          Times& times) {
  zmq::message_t topic;
  zmq::message_t body;
  if (!socket.recv(topic, zmq::recv_flags::dontwait) || !topic.more()) return;
  if (!socket.recv(body)) return;
  const double now = now_ms();
  const std::string name = topic.to_string();
  if (name.starts_with("t.")) {
    times.emplace_back(std::atoi(name.c_str() + 2), now - std::atof(body.to_string().c_str()));
  } else if (name == "end.") {
    member.ended = true;
  } else if (std::find(signs.begin(), signs.end(), name) != signs.end()) {
    member.signs.insert(name);
  }
}

void subscribe(Child& parent, int count, const std::vector<std::string>& endpoints,
               const std::vector<std::string>& signs) {
  zmq::context_t context;
  context.set(zmq::ctxopt::max_sockets, count + 16);
  std::vector<zmq::socket_t> sockets;
  std::vector<zmq::pollitem_t> items;
  for (int i = 0; i < count; ++i) {
    zmq::socket_t& socket = sockets.emplace_back(context, zmq::socket_type::sub);
    socket.set(zmq::sockopt::subscribe, "");
    socket.set(zmq::sockopt::reconnect_ivl, 100);
    socket.set(zmq::sockopt::reconnect_ivl_max, 2'000);
    for (const std::string& endpoint : endpoints) socket.connect(endpoint);
    items.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
  }
  std::vector<Member> members(sockets.size());
  const auto all = [&](auto&& is) { return std::all_of(members.begin(), members.end(), is); };
  Times times;
  bool ready = false;
  while (!all([](const Member& member) { return member.ended; })) {
    zmq::poll(items.data(), items.size(), std::chrono::milliseconds(-1));
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      if ((items[i].revents & ZMQ_POLLIN) != 0) take(sockets[i], signs, members[i], times);
    }
    if (ready || !all([&](const Member& member) { return member.signs.size() == signs.size(); })) {
      continue;
    }
    ready = true;
    parent.say(0);
  }
  for (const auto& [number, way] : times) {
    parent.say(number);
    parent.say(way);
  }
  parent.say(-1);
}

}  // namespace

double now_ms() {
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return -1;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  double size = 0;
  double resident = 0;
  statm >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

int open_files() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return static_cast<int>(std::distance(begin(files), end(files)));
}

int free_port() {
  zmq::context_t context;
  zmq::socket_t probe(context, zmq::socket_type::pull);
  probe.bind("tcp://127.0.0.1:*");
  const std::string endpoint = probe.get(zmq::sockopt::last_endpoint);
  return std::atoi(endpoint.substr(endpoint.rfind(':') + 1).c_str());
}

std::string stamped(std::size_t bytes) {
  char time[32];
  std::snprintf(time, sizeof time, "%025.6f ", now_ms());
  return time + std::string(bytes, 'x');
}

Child::Child(const std::function<void(Child&)>& run) {
  int down[2];
  int up[2];
  if (::pipe(down) != 0 || ::pipe(up) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  const bool child = pid_ == 0;
  in_ = child ? down[0] : up[0];
  out_ = child ? up[1] : down[1];
  ::close(child ? down[1] : up[1]);
  ::close(child ? up[0] : down[0]);
  if (!child) return;
  try {
    run(*this);
  } catch (const std::exception&) {  // The parent has ended.
  }
  ::_exit(0);
}

Child::~Child() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(in_);
  ::close(out_);
}

void Child::say(double value) const {
  if (::write(out_, &value, sizeof value) != sizeof value) throw std::runtime_error("unheard");
}

double Child::hear() const {
  double value = 0;
  for (std::size_t got = 0; got < sizeof value;) {
    const auto size = ::read(in_, reinterpret_cast<char*>(&value) + got, sizeof value - got);
    if (size <= 0) throw std::runtime_error("a process of the crowd has ended");
    got += static_cast<std::size_t>(size);
  }
  return value;
}

bool Child::heard_within(int milliseconds) const {
  pollfd pipe{in_, POLLIN, 0};
  return ::poll(&pipe, 1, milliseconds) > 0;
}

void Child::signal(int number) const { ::kill(pid_, number); }

Crowd::Crowd(int count, std::vector<std::string> endpoints, std::vector<std::string> signs)
    : child_([=](Child& parent) { subscribe(parent, count, endpoints, signs); }) {}

void Crowd::until_ready(const std::function<void()>& meanwhile) {
  while (!child_.heard_within(20)) meanwhile();
  child_.hear();
}

void Crowd::stop() const { child_.signal(SIGSTOP); }
void Crowd::go_on() const { child_.signal(SIGCONT); }

Ways Crowd::ways() const {
  Ways ways;
  for (double number = child_.hear(); number >= 0; number = child_.hear()) {
    ways[static_cast<int>(number)].push_back(child_.hear());
  }
  return ways;
}

}  // namespace nutgraf::bench
