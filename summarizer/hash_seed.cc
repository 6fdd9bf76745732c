#include "summarizer/hash_seed.h"

#include <random>

namespace nutgraf::summarizer {

std::uint64_t hash_seed() {
  static const std::uint64_t seed = [] {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device() | 1;
  }();
  return seed;
}

}  // namespace nutgraf::summarizer
