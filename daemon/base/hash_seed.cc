#include "daemon/base/hash_seed.h"

#include <random>

namespace nutgraf {

std::uint64_t draw_hash_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device() | 1;
}

}  // namespace nutgraf
