#pragma once

namespace nutgraf {

/// Gives pages of freed memory back to the kernel: malloc keeps what lies below something that
/// lives on, and a long-lived process that now and then reads something large would stay as large.
/// Any thread; some ms, by the number of free pieces, in which other threads' calls of malloc may
/// wait. Nothing where the C library is not glibc. [malloc_trim(3)]
void release_free_memory();

}  // namespace nutgraf
