#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "daemon/store/backup.h"
#include "daemon/store/sqlite_epoch.h"
#include "daemon/store/sqlite_schema.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using sqlite::Fault;

[[noreturn]] void refuse(const fs::path& path, int error) {
  const auto code = error == EEXIST ? ErrorCode::kRefused : ErrorCode::kTransient;
  throw Fault{{code, path.string() + ": " + std::generic_category().message(error)}};
}

/// Gone unless it was renamed.
struct Partial {
  fs::path path;
  ~Partial() {
    std::error_code ignored;
    fs::remove(path, ignored);
    fs::remove(path.string() + "-journal", ignored);
  }
};

/// The file's or folder's bytes are on the disk once this returned.
void sync(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) refuse(path, errno);
  const int status = ::fsync(fd);
  const int error = errno;
  ::close(fd);
  if (status != 0) refuse(path, error);
}

/// An empty file that nobody may read who may not read `file`: the service's store is its own, and
/// whoever backs it up is root, with another umask.
void create_like(const fs::path& file, const fs::path& path) {
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) refuse(file, errno);
  const mode_t mode = state.st_mode & (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) refuse(path, errno);
  ::close(fd);
}

void copy_into(const fs::path& file, const fs::path& to) {
  sqlite::Connection db(file, sqlite::Access::kReadOnly, {});
  sqlite::require_current(db);
  db.copy_to(to);
}

/// Whoever opens the copy must not go on in the epoch of the original.
void mark_as_backup(const fs::path& path) {
  sqlite::Connection db(path, sqlite::Access::kReadWrite, {});
  db.execute("PRAGMA journal_mode=DELETE");
  sqlite::Statement home(db, "UPDATE counter SET home = ?");
  home.run(sqlite::kBackupHome);
}

/// Never over a file that is there.
void name_it(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) refuse(to, errno);
  // A file system that cannot rename so can link.
  if (::link(from.c_str(), to.c_str()) != 0) refuse(to, errno);
}

}  // namespace

Result<std::uintmax_t> backup_store(const fs::path& file, const fs::path& destination) {
  std::error_code error;
  if (!fs::exists(file, error)) {
    return fail(ErrorCode::kRefused, "there is no store at " + file.string());
  }
  if (fs::exists(destination, error)) {
    return fail(ErrorCode::kRefused,
                destination.string() + " exists already; a backup is never written over a file");
  }
  const fs::path there = fs::absolute(destination, error).parent_path();
  if (!fs::is_directory(there, error)) {
    return fail(ErrorCode::kRefused, "there is no folder " + there.string());
  }
  return sqlite::attempt([&] {
    const Partial partial{destination.string() + ".partial." + std::to_string(::getpid())};
    create_like(file, partial.path);
    copy_into(file, partial.path);
    mark_as_backup(partial.path);
    sync(partial.path);
    name_it(partial.path, destination);
    const fs::path folder = destination.parent_path();
    sync(folder.empty() ? fs::path(".") : folder);
    return fs::file_size(destination);
  });
}

}  // namespace nutgraf
