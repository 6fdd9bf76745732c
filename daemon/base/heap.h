#pragma once

namespace nutgraf {

/// Gives pages of freed memory back to the kernel: malloc keeps what lies below something that
/// lives on, and a long-lived process that now and then reads something large would stay as large.
/// Any thread; some ms, by the number of free pieces, in which other threads' calls of malloc may
/// wait. Nothing where the C library is not glibc. [malloc_trim(3)]
void release_free_memory();

/// To be called on a thread that is about to allocate much in small pieces: has its part of the
/// heap grow by 16 MB of addresses at once, for which no memory is taken. By itself glibc's malloc
/// grows it a page at a time on every thread but the first, each by a call of mprotect(2) for which
/// the page faults of all threads wait. Some 100 µs.
void widen_heap();

}  // namespace nutgraf
