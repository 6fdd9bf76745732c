#include "daemon/fetch/socket_book.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "daemon/base/hash.h"

namespace nutgraf {
namespace {

int port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -1;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return -1;
}

}  // namespace

std::uint64_t SocketBook::ends(std::string_view remote, int remote_port, std::string_view local,
                               int local_port) {
  std::string text;
  text.append(remote).append(" ").append(std::to_string(remote_port)).append(" ");
  text.append(local).append(" ").append(std::to_string(local_port));
  return hash64(text);
}

void SocketBook::closed(int socket) {
  ++closed_;
  const auto found = ends_of_.find(socket);
  if (found == ends_of_.end()) return;
  socket_of_.erase(found->second);
  ends_of_.erase(found);
}

void SocketBook::connected(std::uint64_t ends, const std::vector<int>& candidates, int local_port) {
  for (const int socket : candidates) {
    if (port_of(socket) != local_port) continue;
    socket_of_[ends] = socket;
    ends_of_[socket] = ends;
  }
}

bool SocketBook::has_input(std::uint64_t ends) const {
  const auto found = socket_of_.find(ends);
  if (found == socket_of_.end()) return false;
  char byte = 0;
  // What has closed is libcurl's to find out.
  return recv(found->second, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

std::optional<std::uint64_t> SocketBook::read_from(std::uint64_t ends) const {
  const auto found = socket_of_.find(ends);
  if (found == socket_of_.end()) return std::nullopt;
  tcp_info info{};
  socklen_t size = sizeof info;
  int waiting = 0;
  if (getsockopt(found->second, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
      size < offsetof(tcp_info, tcpi_bytes_received) + sizeof info.tcpi_bytes_received ||
      ioctl(found->second, FIONREAD, &waiting) != 0) {
    return std::nullopt;
  }
  return info.tcpi_bytes_received -
         std::min<std::uint64_t>(info.tcpi_bytes_received, static_cast<std::uint64_t>(waiting));
}

std::size_t SocketBook::idle(std::size_t busy) const {
  const std::size_t open = opened_ - closed_;
  return open > busy ? open - busy : 0;
}

}  // namespace nutgraf
