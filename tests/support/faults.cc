// A machine that fails, for a daemon under test, by LD_PRELOAD. The faults are switched while it
// runs, through a file that both sides map (NUTGRAF_FAULTS names it; tests/integration/faults.py):
//
//   0  errno of every write to, and growth of, a file below the folder; 0: none
//   1  errno of opening a file there for writing; 0: none
//   2  seconds that the wall clock is ahead of the true one
//   3  not 0: no name can be resolved (EAI_AGAIN); else those in .test are 127.0.0.1
//   4  bytes that statvfs() says are free there; below 0: what is true
//   5  errno of fsync() and fdatasync(); 0: none
//
// NUTGRAF_FAULTS_FOLDER is the folder: all others are well. Logs and sockets do not fail.
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

namespace {

enum Fault { kWrite, kOpen, kClock, kNames, kFree, kSync, kFaults };

/// Looked up at the first call, when threads may be many: a function of its own for each.
template <typename Function>
Function libc(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

using Open = int (*)(const char*, int, ...);
using Write = ssize_t (*)(int, const void*, size_t);
using Pwrite = ssize_t (*)(int, const void*, size_t, off_t);
using Truncate = int (*)(int, off_t);
using Sync = int (*)(int);
using Clock = int (*)(clockid_t, timespec*);
using Look = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
using Stat = int (*)(const char*, struct statvfs*);

const volatile std::int64_t* faults() {
  static const volatile std::int64_t* const mapped = [] {
    static const std::int64_t none[kFaults] = {0, 0, 0, 0, -1, 0};
    const char* const file = std::getenv("NUTGRAF_FAULTS");
    const int fd = file == nullptr ? -1 : libc<Open>("open")(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return static_cast<const volatile std::int64_t*>(none);
    void* const at = mmap(nullptr, kFaults * sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    return at == MAP_FAILED ? static_cast<const volatile std::int64_t*>(none)
                            : static_cast<const volatile std::int64_t*>(at);
  }();
  return mapped;
}

const std::string& folder() {
  static const std::string path = [] {
    const char* const named = std::getenv("NUTGRAF_FAULTS_FOLDER");
    return std::string(named == nullptr ? "/nonexistent" : named);
  }();
  return path;
}

bool is_there(std::string_view path) { return path.starts_with(folder()); }

bool is_there(int fd) {
  char link[64];
  char path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof path);
  return size > 0 && is_there(std::string_view(path, static_cast<std::size_t>(size)));
}

/// Whether the call fails; errno is set.
bool fails(Fault fault, int fd) {
  const auto error = static_cast<int>(faults()[fault]);
  if (error == 0 || !is_there(fd)) return false;
  errno = error;
  return true;
}

bool open_fails(const char* path, int flags) {
  const auto error = static_cast<int>(faults()[kOpen]);
  if (error == 0 || (flags & (O_WRONLY | O_RDWR)) == 0 || !is_there(path)) return false;
  errno = error;
  return true;
}

int open_with(const char* symbol, const char* path, int flags, mode_t mode) {
  return open_fails(path, flags) ? -1 : libc<Open>(symbol)(path, flags, mode);
}

mode_t mode_of(int flags, std::va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_with("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_with("open64", path, flags, mode);
}

ssize_t write(int fd, const void* bytes, size_t count) {
  static const auto next = libc<Write>("write");
  return fails(kWrite, fd) ? -1 : next(fd, bytes, count);
}

ssize_t pwrite(int fd, const void* bytes, size_t count, off_t at) {
  static const auto next = libc<Pwrite>("pwrite");
  return fails(kWrite, fd) ? -1 : next(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t at) {
  static const auto next = libc<Pwrite>("pwrite64");
  return fails(kWrite, fd) ? -1 : next(fd, bytes, count, at);
}

int ftruncate64(int fd, off64_t size) noexcept {
  static const auto next = libc<Truncate>("ftruncate64");
  return fails(kWrite, fd) ? -1 : next(fd, size);
}

int fsync(int fd) {
  static const auto next = libc<Sync>("fsync");
  return fails(kSync, fd) ? -1 : next(fd);
}

int fdatasync(int fd) {
  static const auto next = libc<Sync>("fdatasync");
  return fails(kSync, fd) ? -1 : next(fd);
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  static const auto next = libc<Clock>("clock_gettime");
  const int status = next(clock, time);
  if (status == 0 && clock == CLOCK_REALTIME) time->tv_sec += faults()[kClock];
  return status;
}

int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** out) {
  static const auto next = libc<Look>("getaddrinfo");
  const std::string_view host = name == nullptr ? "" : name;
  const bool numeric =
      host.empty() || host.find_first_not_of("0123456789.:abcdef") == std::string_view::npos;
  if (!numeric && faults()[kNames] != 0) return EAI_AGAIN;
  return next(host.ends_with(".test") ? "127.0.0.1" : name, service, hints, out);
}

int statvfs(const char* path, struct statvfs* out) noexcept {
  static const auto next = libc<Stat>("statvfs");
  const int status = next(path, out);
  const std::int64_t bytes = faults()[kFree];
  if (status == 0 && bytes >= 0 && is_there(path)) {
    out->f_bavail = static_cast<fsblkcnt_t>(bytes) / out->f_frsize;
  }
  return status;
}

int statvfs64(const char* path, struct statvfs64* out) noexcept {
  return statvfs(path, reinterpret_cast<struct statvfs*>(out));  // The same on 64 bits.
}
}
