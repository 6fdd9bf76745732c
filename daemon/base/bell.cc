#include "daemon/base/bell.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace nutgraf {

Bell::Bell() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Bell::ring() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(event_.get(), &one, sizeof one);
}

void Bell::hush() const {
  std::uint64_t rings = 0;
  [[maybe_unused]] const ssize_t got = read(event_.get(), &rings, sizeof rings);
}

}  // namespace nutgraf
