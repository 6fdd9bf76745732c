#pragma once

#include <string>
#include <utility>

#include "daemon/base/result.h"

namespace nutgraf {

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

/// A socket that listens at `path`, non-blocking, mode 0660. See ControlServer::open() for what
/// stands in the way.
Result<Descriptor> listen_unix(const std::string& path);

/// A non-blocking socket connected to `path`.
Result<Descriptor> connect_unix(const std::string& path);

}  // namespace nutgraf
