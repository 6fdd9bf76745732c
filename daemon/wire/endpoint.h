#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace nutgraf {

/// The host of "tcp://host:port", brackets kept; empty for other transports.
std::string_view endpoint_host(std::string_view endpoint);

/// True if no other machine can reach the endpoint: ipc://, or tcp:// on a loopback address.
bool is_local_endpoint(std::string_view endpoint);

/// Whether we may listen there. kBadConfig names the endpoint and the remedy: a transport other
/// than tcp and ipc, or an address that other machines reach while it is not `open_to_all`: neither
/// encrypted nor meant to be insecure.
Result<void> check_bind(std::string_view endpoint, bool open_to_all);

/// Whether the path of an ipc:// endpoint is free, or left by a process that died: libzmq removes
/// what is there. kTransient: somebody listens there; kBadConfig: it is no socket. Other endpoints
/// the system looks after.
Result<void> check_path(std::string_view endpoint, std::string_view setting);

}  // namespace nutgraf
