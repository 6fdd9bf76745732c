#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "daemon/service/unix_socket.h"

namespace nutgraf {

struct TcpListener {
  Descriptor socket;  ///< Non-blocking.
  int port = 0;
};

/// Listens on `listen` ("127.0.0.1:9556", "[::1]:0"; a name means its first address). kTransient
/// if the port is in use, kBadConfig for what is no address of this machine.
Result<TcpListener> listen_tcp(const std::string& listen);

/// The host of "host:port", without the brackets of an IPv6 address; empty if that is no such text.
std::string listen_host(const std::string& listen);

/// Whether it is an address and not a name.
bool is_address(std::string_view host);

/// Whether no other machine can reach what listens there.
bool is_loopback_host(std::string_view host);

}  // namespace nutgraf
