#include "daemon/service/unix_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace nutgraf {
namespace {

constexpr int kBacklog = 16;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return fail(ErrorCode::kBadConfig,
                "control socket \"" + path + "\": a path has 1 to 107 bytes; set control.path");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

tl::unexpected<Error> failed(const std::string& path, const char* what, int error) {
  ErrorCode code = ErrorCode::kTransient;
  if (error == ENOENT || error == ECONNREFUSED) code = ErrorCode::kGone;
  if (error == EACCES || error == EPERM) code = ErrorCode::kRefused;
  return fail(code, "control socket " + path + ": " + what + ": " + std::strerror(error));
}

Descriptor stream_socket() {
  return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

const sockaddr* generic(const sockaddr_un& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

}  // namespace

Result<Descriptor> connect_unix(const std::string& path) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return tl::unexpected<Error>(address.error());
  Descriptor socket = stream_socket();
  if (!socket) return failed(path, "socket", errno);
  // To a unix socket a connect either succeeds at once or fails: EAGAIN is a full backlog.
  if (connect(socket.get(), generic(*address), sizeof *address) != 0) {
    return failed(path, "connect", errno);
  }
  return socket;
}

Result<Descriptor> listen_unix(const std::string& path) {
  const Result<sockaddr_un> address = address_of(path);
  if (!address) return tl::unexpected<Error>(address.error());
  Descriptor socket = stream_socket();
  if (!socket) return failed(path, "socket", errno);
  if (bind(socket.get(), generic(*address), sizeof *address) != 0) {
    if (errno == ENOENT) {
      return fail(ErrorCode::kTransient, "control socket " + path + ": there is no such folder");
    }
    if (errno != EADDRINUSE) return failed(path, "bind", errno);
    const Result<Descriptor> other = connect_unix(path);
    if (other)
      return fail(ErrorCode::kTransient, "control socket " + path + ": in use by another daemon");
    if (other.error().code != ErrorCode::kGone) return tl::unexpected<Error>(other.error());
    struct stat state {};
    if (lstat(path.c_str(), &state) == 0 && !S_ISSOCK(state.st_mode)) {
      return fail(ErrorCode::kBadConfig, "control socket " + path +
                                             ": a file that is no socket is there; move it away, "
                                             "or name another as control.path");
    }
    unlink(path.c_str());
    if (bind(socket.get(), generic(*address), sizeof *address) != 0) {
      return failed(path, "bind", errno);
    }
  }
  // Nobody can connect before listen(), so the mode is never wider than it should be.
  if (chmod(path.c_str(), 0660) != 0) return failed(path, "chmod", errno);
  if (listen(socket.get(), kBacklog) != 0) return failed(path, "listen", errno);
  return socket;
}

}  // namespace nutgraf
