#include "daemon/base/heap.h"

#include <malloc.h>

namespace nutgraf {

void release_free_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace nutgraf
