#include "daemon/wire/endpoint.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace nutgraf {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";

/// 127.0.0.0/8 [RFC 1122 section 3.2.1.3], written as libzmq takes it: four decimal numbers.
bool is_loopback_v4(std::string_view host) {
  return host.starts_with("127.") && std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Of a socket's path. What cannot be told is taken for nobody: to listen there then fails.
bool somebody_listens(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  path.copy(address.sun_path, path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return false;
  const int status = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const bool refused = status != 0 && (errno == ECONNREFUSED || errno == ENOENT);
  ::close(fd);
  return !refused;  // EAGAIN: with a full backlog. EACCES: somebody's, whom we may not ask.
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

Result<void> check_path(std::string_view endpoint, std::string_view setting) {
  if (!endpoint.starts_with(kIpc)) return {};
  const std::string path(endpoint.substr(kIpc.size()));
  if (path.empty() || path.front() == '*' || path.front() == '@') return {};  // No path.
  std::error_code unknown;
  const auto type = std::filesystem::status(path, unknown).type();
  if (type == std::filesystem::file_type::not_found || type == std::filesystem::file_type::none) {
    return {};
  }
  if (type != std::filesystem::file_type::socket) {
    return fail(ErrorCode::kBadConfig, std::string(setting) + ": " + path +
                                           " is there and is no socket; name another path");
  }
  if (!somebody_listens(path)) return {};
  return fail(ErrorCode::kTransient, std::string(endpoint) +
                                         " is in use: stop the other program (ss -lxp shows it) "
                                         "or change " +
                                         std::string(setting));
}

}  // namespace nutgraf
