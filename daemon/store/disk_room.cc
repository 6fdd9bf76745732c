#include "daemon/store/disk_room.h"

#include <sys/statvfs.h>

#include <string>

namespace nutgraf {
namespace {

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

Result<void> DiskRoom::check() const {
  if (min_free == 0) return {};
  struct statvfs disk {};
  if (statvfs(file.c_str(), &disk) != 0) return {};
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= min_free) return {};
  return fail(ErrorCode::kTransient,
              "store " + file.string() + ": " + mebibytes(free) + " are free on its disk and " +
                  mebibytes(min_free) +
                  " are to stay free (store.min_free); free some space, the commit is repeated");
}

}  // namespace nutgraf
