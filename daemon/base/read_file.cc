#include "daemon/base/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace nutgraf {
namespace {

constexpr std::size_t kStep = std::size_t{64} << 10;

tl::unexpected<Error> failed(int error) {
  ErrorCode code = ErrorCode::kTransient;
  if (error == ENOENT || error == ENOTDIR) code = ErrorCode::kGone;
  if (error == EACCES || error == EPERM) code = ErrorCode::kRefused;
  return fail(code, std::generic_category().message(error));
}

}  // namespace

std::string size_text(std::size_t bytes) {
  if (bytes >= 1 << 20) return std::to_string(bytes >> 20) + " MiB";
  if (bytes >= 1 << 10) return std::to_string(bytes >> 10) + " KiB";
  return std::to_string(bytes) + " bytes";
}

Result<Descriptor> open_to_read(const std::string& path, bool regular) {
  // Without O_NONBLOCK open() waits for the writer of a pipe.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | (regular ? O_NONBLOCK : 0)));
  if (!file) return failed(errno);
  struct stat state {};
  if (fstat(file.get(), &state) != 0) return failed(errno);
  if (S_ISDIR(state.st_mode)) return failed(EISDIR);
  if (regular && !S_ISREG(state.st_mode)) return fail(ErrorCode::kRefused, "not a regular file");
  return file;
}

Result<std::string> read_file(const std::string& path, const ReadLimits& limits) {
  const Result<Descriptor> file = open_to_read(path, limits.regular);
  if (!file) return tl::unexpected<Error>(file.error());
  return read_rest(file->get(), limits.most);
}

Result<std::string> read_rest(int descriptor, std::size_t most) {
  std::string out;
  for (std::size_t held = 0;;) {
    // One byte more than may be: whether there is one says whether it ends.
    out.resize(std::min(most + 1, held + std::max(kStep, held)));
    const ssize_t got = read(descriptor, out.data() + held, out.size() - held);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(errno);
    held += static_cast<std::size_t>(got);
    if (held > most) return fail(ErrorCode::kTooLarge, "it is larger than " + size_text(most));
    if (got > 0) continue;
    out.resize(held);
    return out;
  }
}

}  // namespace nutgraf
