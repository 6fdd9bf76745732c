#include "daemon/store/high_water.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

namespace nutgraf {
namespace {

/// Longer than any record, and what is longer is none of ours.
constexpr std::size_t kMaxRecord = 128;

std::optional<HighWater::Mark> parse(std::string_view record) {
  if (!record.ends_with('\n')) return std::nullopt;
  record.remove_suffix(1);
  const auto space = record.find(' ');
  if (space == 0 || space == std::string_view::npos) return std::nullopt;
  HighWater::Mark mark{.epoch = std::string(record.substr(0, space))};
  const char* const end = record.data() + record.size();
  const auto [stop, error] = std::from_chars(record.data() + space + 1, end, mark.head);
  if (error != std::errc() || stop != end) return std::nullopt;
  return mark;
}

}  // namespace

Result<HighWater> HighWater::open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return fail(ErrorCode::kTransient,
                "cannot write " + file.string() + ": " + std::generic_category().message(errno) +
                    "; it holds the store's high-water mark: make its folder writable or name "
                    "another file as store.high_water");
  }
  HighWater mark(fd);
  // A file system without locks is no reason not to start.
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    return fail(ErrorCode::kTransient,
                file.string() +
                    " is the high-water mark of another store that is in use; name "
                    "another file as store.high_water");
  }
  return mark;
}

HighWater::HighWater(HighWater&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

HighWater::~HighWater() {
  if (fd_ >= 0) ::close(fd_);
}

std::optional<HighWater::Mark> HighWater::read() const {
  std::array<char, kMaxRecord> record{};
  const ssize_t size = ::pread(fd_, record.data(), record.size(), 0);
  if (size <= 0) return std::nullopt;
  return parse({record.data(), static_cast<std::size_t>(size)});
}

void HighWater::write(const std::string& epoch, Sequence head) const {
  // Of one length, so that a shorter one leaves no rest of a longer.
  std::array<char, kMaxRecord> record{};
  const int size = std::snprintf(record.data(), record.size(), "%s %020lld\n", epoch.c_str(),
                                 static_cast<long long>(head));
  if (size <= 0 || static_cast<std::size_t>(size) >= record.size()) return;
  // A mark that was not written proves less; the commit it belongs to stands.
  [[maybe_unused]] const auto written =
      ::pwrite(fd_, record.data(), static_cast<std::size_t>(size), 0);
}

void HighWater::sync() const { ::fdatasync(fd_); }

}  // namespace nutgraf
