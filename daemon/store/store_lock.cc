#include "daemon/store/store_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace nutgraf {
namespace {

std::string holder_of(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = pread(fd, text.data(), text.size(), 0);
  std::string pid(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!pid.empty() && pid.back() == '\n') pid.pop_back();
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

Result<StoreLock> StoreLock::acquire(const std::filesystem::path& store) {
  // SQLite follows a link to the file it opens: two names of one store have one lock.
  std::error_code unresolved;
  const std::filesystem::path real = std::filesystem::weakly_canonical(store, unresolved);
  const std::string name = (unresolved ? store : real).string() + ".lock";
  const int fd = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return fail(ErrorCode::kTransient, "cannot open " + name + ": " +
                                           std::generic_category().message(errno) +
                                           "; does the folder exist and may we write there?");
  }
  StoreLock lock(fd);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorCode::kRefused, "the store " + store.string() + " is in use by " +
                                         holder_of(fd) + "; stop that one or name another store");
  }
  // Only for the message above; that it could not be written does no harm.
  const std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) < 0) return lock;
  return lock;
}

StoreLock::StoreLock(StoreLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

// The file stays: removing it would let a third process lock another file of the same name.
StoreLock::~StoreLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace nutgraf
