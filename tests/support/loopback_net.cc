// A world of its own for a daemon under test, by LD_PRELOAD: names and public addresses, all of
// them on the loopback interface, and a record of what was asked of the network.
//
//   NUTGRAF_NET_HOSTS   file of lines "NAME ANSWER [ANSWER …]", one answer a look-up, the last one
//   for ever after.
//                       ANSWER: addresses joined by commas, or "hang" (never answers), or "none"
//                       (no such name).
//   NUTGRAF_NET_CA      file of the certificates to be trusted in place of the system's.
//   NUTGRAF_NET_LOG     file that gets a line for each look-up, stream socket and connection:
//                       "lookup NAME", "socket", "connect ADDRESS", "escape ADDRESS".
//
// 50.b.c.d stands for 127.b.c.d: a connection to it goes there, and the peer's name is 50.b.c.d
// again. Any other address outside 127.0.0.0/8 and ::1 is an escape: it is recorded and gets
// ENETUNREACH, never a packet.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr std::uint32_t kPublic = 50u << 24;
constexpr std::uint32_t kLoopback = 127u << 24;
constexpr std::uint32_t kNetwork = 255u << 24;

template <typename Function>
Function libc(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

class Net {
 public:
  Net() {
    const char* log = std::getenv("NUTGRAF_NET_LOG");
    if (log != nullptr) log_ = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const char* hosts = std::getenv("NUTGRAF_NET_HOSTS");
    std::ifstream file(hosts == nullptr ? "" : hosts);
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string name;
      words >> name;
      for (std::string answer; words >> answer;) answers_[name].push_back(answer);
    }
  }

  void note(const std::string& line) const {
    if (log_ < 0) return;
    const std::string text = line + '\n';
    (void)!write(log_, text.data(), text.size());  // One piece: O_APPEND keeps lines whole.
  }

  /// "" for a name that is not ours.
  std::string answer(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(name);
    if (found == answers_.end()) return "";
    std::vector<std::string>& left = found->second;
    std::string next = left.front();
    if (left.size() > 1) left.erase(left.begin());
    return next;
  }

  static Net& get() {
    static Net net;
    return net;
  }

 private:
  int log_ = -1;
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> answers_;
};

/// The addresses, joined by commas, as one list that freeaddrinfo() takes.
int look_up(const std::string& addresses, const char* service, const addrinfo* hints,
            addrinfo** found) {
  static const auto real = libc<decltype(&getaddrinfo)>("getaddrinfo");
  addrinfo numeric{};
  if (hints != nullptr) numeric = *hints;
  numeric.ai_flags = AI_NUMERICHOST;
  addrinfo** end = found;
  *found = nullptr;
  std::istringstream list(addresses);
  for (std::string address; std::getline(list, address, ',');) {
    if (real(address.c_str(), service, &numeric, end) != 0) continue;  // Of the other family.
    while (*end != nullptr) end = &(*end)->ai_next;
  }
  return *found == nullptr ? EAI_NONAME : 0;
}

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address->sa_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(address);
    inet_ntop(AF_INET, &in->sin_addr, text.data(), text.size());
    return std::string(text.data()) + ':' + std::to_string(ntohs(in->sin_port));
  }
  const auto* in = reinterpret_cast<const sockaddr_in6*>(address);
  inet_ntop(AF_INET6, &in->sin6_addr, text.data(), text.size());
  return '[' + std::string(text.data()) + "]:" + std::to_string(ntohs(in->sin6_port));
}

bool is_loopback(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(address);
    return (ntohl(in->sin_addr.s_addr) & kNetwork) == kLoopback;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr) != 0;
}

/// Sockets whose peer is known by its public name.
std::array<bool, 65536> g_renamed{};

void rename(int fd, bool renamed) {
  if (fd >= 0 && static_cast<std::size_t>(fd) < g_renamed.size()) g_renamed[fd] = renamed;
}

}  // namespace

extern "C" {

int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  const std::string wanted = name == nullptr ? "" : name;
  const std::string answer = Net::get().answer(wanted);
  if (answer.empty()) return look_up(wanted.empty() ? "127.0.0.1" : wanted, service, hints, found);
  Net::get().note("lookup " + wanted);
  while (answer == "hang") pause();
  return answer == "none" ? EAI_NONAME : look_up(answer, service, hints, found);
}

int socket(int family, int type, int protocol) noexcept {
  static const auto real = libc<decltype(&socket)>("socket");
  const int fd = real(family, type, protocol);
  rename(fd, false);
  const bool stream = (type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) == SOCK_STREAM;
  if (stream && (family == AF_INET || family == AF_INET6)) Net::get().note("socket");
  return fd;
}

int connect(int fd, const sockaddr* address, socklen_t length) {
  static const auto real = libc<decltype(&connect)>("connect");
  if (address->sa_family != AF_INET && address->sa_family != AF_INET6) {
    return real(fd, address, length);
  }
  sockaddr_in in{};
  if (address->sa_family == AF_INET) std::memcpy(&in, address, sizeof in);
  if (address->sa_family == AF_INET && (ntohl(in.sin_addr.s_addr) & kNetwork) == kPublic) {
    Net::get().note("connect " + text_of(address));
    in.sin_addr.s_addr = htonl((ntohl(in.sin_addr.s_addr) & ~kNetwork) | kLoopback);
    rename(fd, true);
    return real(fd, reinterpret_cast<const sockaddr*>(&in), sizeof in);
  }
  const bool inside = is_loopback(address);
  Net::get().note((inside ? "connect " : "escape ") + text_of(address));
  if (inside) return real(fd, address, length);
  errno = ENETUNREACH;
  return -1;
}

int getpeername(int fd, sockaddr* address, socklen_t* length) noexcept {
  static const auto real = libc<decltype(&getpeername)>("getpeername");
  const int result = real(fd, address, length);
  if (result != 0 || static_cast<std::size_t>(fd) >= g_renamed.size() || !g_renamed[fd]) {
    return result;
  }
  auto* in = reinterpret_cast<sockaddr_in*>(address);
  if (address->sa_family == AF_INET) {
    in->sin_addr.s_addr = htonl((ntohl(in->sin_addr.s_addr) & ~kNetwork) | kPublic);
  }
  return result;
}

/// Of OpenSSL, where libcurl loads the authorities; declared here so that nothing needs its
/// headers.
int X509_STORE_load_file(void* store, const char* file) {
  static const auto real = libc<int (*)(void*, const char*)>("X509_STORE_load_file");
  const char* ours = std::getenv("NUTGRAF_NET_CA");
  return real(store, ours == nullptr ? file : ours);
}

}  // extern "C"
