#include "daemon/base/heap.h"

#include <malloc.h>

#include <array>
#include <cstddef>
#include <cstdlib>

namespace nutgraf {

void release_free_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

void widen_heap() {
#ifdef __GLIBC__
  // Below what is mapped for itself [mallopt(3), M_MMAP_THRESHOLD]. Memory that is freed at the top
  // of a thread's heap goes back to the kernel, but stays writable. All at once, if what is at the
  // top is freed last.
  constexpr std::size_t kPiece = std::size_t{120} << 10;
  std::array<void*, (std::size_t{16} << 20) / kPiece> pieces{};
  for (void*& piece : pieces) piece = std::malloc(kPiece);
  for (void* const piece : pieces) std::free(piece);
#endif
}

}  // namespace nutgraf
