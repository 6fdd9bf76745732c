// libFuzzer's way into one target, which the build names.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  nutgraf::fuzz::NUTGRAF_FUZZ_TARGET({reinterpret_cast<const char*>(bytes), size});
  return 0;
}
