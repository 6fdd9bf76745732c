#include "daemon/base/heap.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

namespace nutgraf {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

/// Of the process, of which nothing else runs meanwhile.
std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Addresses around `at` that may be written to without another system call [proc(5), maps].
std::size_t writable_bytes(const void* at) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long end = 0;
    char write = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %*c%c", &first, &end, &write) != 3) continue;
    const auto address = reinterpret_cast<std::uintptr_t>(at);
    if (address >= first && address < end) return write == 'w' ? end - first : 0;
  }
  return 0;
}

TEST(WidenHeap, GivesTheThreadAddressesAndTakesNoMemory) {
#if !defined(__GLIBC__) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "another malloc than glibc's";
#endif
  std::size_t narrow = 0;
  std::size_t wide = 0;
  std::size_t before = 0;
  std::size_t after = 0;
  std::thread([&] {
    const auto here = std::make_unique<std::string>(100, 'x');
    narrow = writable_bytes(here->data());
    before = resident_bytes();
    widen_heap();
    after = resident_bytes();
    wide = writable_bytes(here->data());
  }).join();
  ASSERT_GT(narrow, 0u);
  EXPECT_GE(wide, narrow + 15 * kMegabyte);
  EXPECT_LT(after, before + 2 * kMegabyte);
}

}  // namespace
}  // namespace nutgraf
