#include "daemon/service/tcp_listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "daemon/base/port.h"

namespace nutgraf {
namespace {

constexpr int kBacklog = 64;

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

std::optional<int> port_of(std::string_view listen) {
  const auto colon = listen.rfind(':');
  return colon == std::string_view::npos ? std::nullopt : parse_port(listen.substr(colon + 1));
}

int bound_port(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&address);
  const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&address);
  return ntohs(address.ss_family == AF_INET6 ? v6->sin6_port : v4->sin_port);
}

}  // namespace

std::string listen_host(const std::string& listen) {
  if (!port_of(listen)) return {};
  std::string host = listen.substr(0, listen.rfind(':'));
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  return host;
}

Result<TcpListener> listen_tcp(const std::string& listen) {
  const std::string host = listen_host(listen);
  if (host.empty()) {
    return fail(ErrorCode::kBadConfig, "status.listen: \"" + listen + "\" is not host:port");
  }
  addrinfo wanted{};
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(*port_of(listen));
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &wanted, &found); error != 0) {
    return fail(ErrorCode::kBadConfig, "status.listen: " + host + ": " + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, FreeAddresses> owned(found);
  Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  // Not SO_REUSEPORT, with which two daemons share a port and nobody notices.
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    if (errno == EADDRINUSE) {
      return fail(ErrorCode::kTransient, listen +
                                             " is in use: stop the other program (ss -ltnp "
                                             "shows it) or change status.listen");
    }
    const auto code = errno == EADDRNOTAVAIL ? ErrorCode::kBadConfig : ErrorCode::kTransient;
    return fail(code, "status.listen: cannot listen on " + listen + ": " + std::strerror(errno));
  }
  const int bound = bound_port(socket.get());
  return TcpListener{std::move(socket), bound};
}

bool is_address(std::string_view host) {
  in6_addr address{};
  const std::string text(host);
  return inet_pton(AF_INET, text.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host == "::1" || (host.starts_with("127.") && is_address(host));
}

}  // namespace nutgraf
