#include "daemon/wire/endpoint.h"

#include <algorithm>

namespace nutgraf {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";

/// 127.0.0.0/8 [RFC 1122 section 3.2.1.3], written as libzmq takes it: four decimal numbers.
bool is_loopback_v4(std::string_view host) {
  return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::string_view endpoint_host(std::string_view endpoint) {
  if (!endpoint.starts_with(kTcp)) return {};
  const std::string_view address = endpoint.substr(kTcp.size());
  return address.substr(0, address.rfind(':'));
}

bool is_local_endpoint(std::string_view endpoint) {
  if (endpoint.starts_with(kIpc)) return true;
  const std::string_view host = endpoint_host(endpoint);
  return is_loopback_v4(host) || host == "[::1]" || host == "localhost" || host == "lo";
}

bool is_wildcard_endpoint(std::string_view endpoint) {
  const std::string_view host = endpoint_host(endpoint);
  return host == "*" || host == "0.0.0.0" || host == "[::]";
}

Result<void> check_bind(std::string_view endpoint, bool open_to_all) {
  const std::string name(endpoint);
  if (!endpoint.starts_with(kTcp) && !endpoint.starts_with(kIpc)) {
    return fail(ErrorCode::kBadConfig, name + ": endpoints begin with tcp:// or ipc://");
  }
  if (!open_to_all && !is_local_endpoint(endpoint)) {
    return fail(ErrorCode::kBadConfig,
                name +
                    ": other machines could read and nothing is encrypted; bind to 127.0.0.1, "
                    "set curve_key and clients in [wire], or insecure = true if the network is "
                    "trusted");
  }
  return {};
}

}  // namespace nutgraf
