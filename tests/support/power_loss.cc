// LD_PRELOADed into a daemon under test: a journal of what it writes to the files of one folder, so
// that a loss of power can be played after it was killed [tests/integration/power_loss.py]; and its
// death in the middle of it.
//
//   NUTGRAF_POWER_FOLDER   the folder; files that end with "-shm" are memory and left out.
//   NUTGRAF_POWER_JOURNAL  gets a record before each change and after each sync: what one process
//                          did, in order.
//   NUTGRAF_POWER_DEATH    "N" or "N:SUFFIX": SIGKILL at the Nth record [of a file that ends so],
//                          before the change itself is made.
//
// A record: op, 3 bytes of zero, sizes of name and data (32 bits each), a number (64 bits), name,
// data. Ops: O created; W write of data at the number; T truncated to it; s sync number n begins,
// S it has returned; U unlinked.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

namespace {

constexpr int kMaxFd = 4096;

template <typename Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

struct Header {
  char op;
  char zero[3];
  std::uint32_t name_size;
  std::uint32_t data_size;
  std::int64_t number;
} __attribute__((packed));

class Journal {
 public:
  Journal() {
    const char* folder = getenv("NUTGRAF_POWER_FOLDER");
    const char* file = getenv("NUTGRAF_POWER_JOURNAL");
    if (folder == nullptr || file == nullptr) return;
    folder_ = std::string(folder) + "/";
    fd_ = real<int (*)(const char*, int, ...)>("open")(
        file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const std::string death = getenv("NUTGRAF_POWER_DEATH") ? getenv("NUTGRAF_POWER_DEATH") : "";
    left_ = std::atoi(death.c_str());
    if (const auto colon = death.find(':'); colon != std::string::npos) {
      suffix_ = death.substr(colon + 1);
    }
  }

  /// The name of a file below the folder; empty for any other.
  std::string name_of(const char* path) const {
    const std::string_view whole = path == nullptr ? "" : path;
    if (fd_ < 0 || !whole.starts_with(folder_) || whole.ends_with("-shm")) return {};
    return std::string(whole.substr(folder_.size()));
  }

  void opened(int fd, const std::string& name) {
    if (fd < 0 || fd >= kMaxFd) return;
    const std::lock_guard lock(mutex_);
    names_[static_cast<std::size_t>(fd)] = name;
  }

  std::string name_of(int fd) {
    if (fd_ < 0 || fd < 0 || fd >= kMaxFd) return {};
    const std::lock_guard lock(mutex_);
    return names_[static_cast<std::size_t>(fd)];
  }

  void record(char op, const std::string& name, std::int64_t number, const void* data = nullptr,
              std::size_t size = 0) {
    const std::lock_guard lock(mutex_);
    Header header{
        op, {}, static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(size), number};
    const std::array parts = {iovec{&header, sizeof header},
                              iovec{const_cast<char*>(name.data()), name.size()},
                              iovec{const_cast<void*>(data), size}};
    const auto all = static_cast<ssize_t>(sizeof header + name.size() + size);
    if (::writev(fd_, parts.data(), static_cast<int>(parts.size())) != all) abort();
    if (left_ > 0 && name.ends_with(suffix_) && --left_ == 0) ::kill(::getpid(), SIGKILL);
  }

  std::int64_t next_sync() { return ++syncs_; }

 private:
  std::mutex mutex_;
  std::string folder_;
  int fd_ = -1;
  int left_ = 0;
  std::string suffix_;
  std::array<std::string, kMaxFd> names_;
  std::atomic<std::int64_t> syncs_ = 0;
};

/// Never destroyed: others write until the very end.
Journal& journal() {
  static Journal* const it = new Journal;
  return *it;
}

template <typename Open>
int open_one(const char* path, int flags, const Open& open) {
  const std::string name = journal().name_of(path);
  if (name.empty()) {
    const int other = open();
    journal().opened(other, {});
    return other;
  }
  struct stat about {};
  if ((flags & O_CREAT) != 0 && ::stat(path, &about) != 0) journal().record('O', name, 0);
  const int fd = open();
  journal().opened(fd, name);
  if (fd >= 0 && (flags & O_TRUNC) != 0) journal().record('T', name, 0);
  return fd;
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

int sync_one(int fd, const char* function) {
  const auto sync = real<int (*)(int)>(function);
  const std::string name = journal().name_of(fd);
  if (name.empty()) return sync(fd);
  const std::int64_t number = journal().next_sync();
  journal().record('s', name, number);
  const int status = sync(fd);
  if (status == 0) journal().record('S', name, number);
  return status;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  static const auto next = real<int (*)(const char*, int, ...)>("open");
  return open_one(path, flags, [&] { return next(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  static const auto next = real<int (*)(const char*, int, ...)>("open64");
  return open_one(path, flags, [&] { return next(path, flags, mode); });
}

int close(int fd) {
  static const auto next = real<int (*)(int)>("close");
  journal().opened(fd, {});
  return next(fd);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t, off_t)>("pwrite");
  if (const std::string name = journal().name_of(fd); !name.empty()) {
    journal().record('W', name, at, bytes, size);
  }
  return next(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  if (const std::string name = journal().name_of(fd); !name.empty()) {
    journal().record('W', name, at, bytes, size);
  }
  return next(fd, bytes, size, at);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  static const auto next = real<ssize_t (*)(int, const void*, size_t)>("write");
  if (const std::string name = journal().name_of(fd); !name.empty()) {
    const off_t at = ::lseek(fd, 0, SEEK_CUR);
    journal().record('W', name, at, bytes, size);
  }
  return next(fd, bytes, size);
}

int ftruncate(int fd, off_t size) {
  static const auto next = real<int (*)(int, off_t)>("ftruncate");
  if (const std::string name = journal().name_of(fd); !name.empty()) {
    journal().record('T', name, size);
  }
  return next(fd, size);
}

int ftruncate64(int fd, off64_t size) {
  static const auto next = real<int (*)(int, off64_t)>("ftruncate64");
  if (const std::string name = journal().name_of(fd); !name.empty()) {
    journal().record('T', name, size);
  }
  return next(fd, size);
}

int fsync(int fd) { return sync_one(fd, "fsync"); }
int fdatasync(int fd) { return sync_one(fd, "fdatasync"); }

int unlink(const char* path) {
  static const auto next = real<int (*)(const char*)>("unlink");
  if (const std::string name = journal().name_of(path); !name.empty()) {
    journal().record('U', name, 0);
  }
  return next(path);
}

}  // extern "C"
