#include "daemon/store/quiet_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "daemon/base/hash.h"

namespace nutgraf {
namespace {

/// The beginning of the file. Another layout of Record has to have another version.
struct Header {
  std::array<char, 8> magic{'n', 'g', 'r', 'f', 'q', 'u', 'i', '2'};
  std::uint64_t epoch = 0;
};
constexpr auto kHeaderSize = static_cast<off_t>(sizeof(Header));

bool write_all(int fd, const void* bytes, std::size_t size, off_t at) {
  return ::pwrite(fd, bytes, size, at) == static_cast<ssize_t>(size);
}

bool read_all(int fd, void* bytes, std::size_t size, off_t at) {
  return ::pread(fd, bytes, size, at) == static_cast<ssize_t>(size);
}

}  // namespace

/// Written as it lies in memory: the file does not leave the machine.
struct QuietFile::Record {
  std::uint64_t key = 0;
  std::int64_t polls = 0;
  std::int64_t not_modified = 0;
  Time last_poll{};
  Time last_success{};
  Time next_poll{};
  double seen_share = 0;
  ServerWishes wishes;
  FeedHabits habits;
  std::array<char, 23> next_reason{};
  std::uint8_t reason_size = 0;
  std::int64_t last_status = 0;

  static std::optional<Record> of(const FeedState& state) {
    Record record;
    if (!state.last_poll || !state.last_success) return std::nullopt;
    if (state.next_reason.size() > record.next_reason.size()) return std::nullopt;
    record.key = hash64(state.feed_id);
    record.polls = state.polls;
    record.not_modified = state.not_modified;
    record.last_poll = *state.last_poll;
    record.last_success = *state.last_success;
    record.next_poll = state.next_poll;
    record.seen_share = state.seen_share;
    record.wishes = state.wishes;
    record.habits = state.habits;
    std::copy(state.next_reason.begin(), state.next_reason.end(), record.next_reason.begin());
    record.reason_size = static_cast<std::uint8_t>(state.next_reason.size());
    record.last_status = state.last_status;
    return record;
  }

  void put_into(FeedState& state) const {
    state.polls = polls;
    state.not_modified = not_modified;
    state.last_poll = last_poll;
    state.last_success = last_success;
    state.next_poll = next_poll;
    state.seen_share = seen_share;
    state.wishes = wishes;
    state.habits = habits;
    state.next_reason.assign(next_reason.data(), reason_size);
    state.last_status = static_cast<int>(last_status);
  }
};

namespace {

/// With the checksum of what stands before it.
template <typename Record>
using Bytes = std::array<char, sizeof(Record) + sizeof(std::uint64_t)>;

template <typename Record>
std::uint64_t sum_of(const Bytes<Record>& bytes) {
  return hash64({bytes.data(), sizeof(Record)});
}

template <typename Record>
off_t place_in_file(std::size_t place) {
  return kHeaderSize + static_cast<off_t>(place * sizeof(Bytes<Record>));
}

}  // namespace

Result<QuietFile> QuietFile::open(const std::filesystem::path& file, const std::string& epoch) {
  static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) == 152,
                "another layout: give Header::magic another number");
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return fail(ErrorCode::kTransient,
                "cannot write " + file.string() + ": " + std::generic_category().message(errno));
  }
  QuietFile quiet(fd);
  if (!quiet.load(epoch) && !quiet.begin(epoch)) {
    return fail(ErrorCode::kTransient,
                "cannot write " + file.string() + ": " + std::generic_category().message(errno));
  }
  return quiet;
}

QuietFile::QuietFile(QuietFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      epoch_(std::move(other.epoch_)),
      places_(std::move(other.places_)),
      end_(other.end_) {}

QuietFile::~QuietFile() {
  if (fd_ >= 0) ::close(fd_);
}

bool QuietFile::covers(const FeedState& before, const FeedState& after) {
  const std::optional<Record> record = Record::of(after);
  if (!record || after.polls <= before.polls) return false;
  FeedState told = before;
  record->put_into(told);
  return told == after;
}

bool QuietFile::put(const FeedState& state) {
  const std::optional<Record> record = Record::of(state);
  if (!record) return false;
  const auto [at, fresh] = places_.try_emplace(record->key, end_);
  end_ += fresh;
  return write(at->second, *record);
}

bool QuietFile::apply(FeedState& state) const {
  const auto found = places_.find(hash64(state.feed_id));
  if (found == places_.end()) return false;
  const std::optional<Record> record = read(found->second);
  if (!record || record->key != found->first || record->polls <= state.polls) return false;
  record->put_into(state);
  return true;
}

void QuietFile::clear() {
  if (end_ > 0) begin(epoch_);
}

/// An empty file.
bool QuietFile::begin(const std::string& epoch) {
  epoch_ = epoch;
  places_ = {};
  end_ = 0;
  Header header;
  header.epoch = hash64(epoch);
  return ::ftruncate(fd_, 0) == 0 && write_all(fd_, &header, sizeof header, 0);
}

/// False if there is nothing of use.
bool QuietFile::load(const std::string& epoch) {
  Header header;
  const Header wanted;
  const off_t size = ::lseek(fd_, 0, SEEK_END);
  if (!read_all(fd_, &header, sizeof header, 0)) return false;
  if (header.magic != wanted.magic || header.epoch != hash64(epoch)) return false;
  epoch_ = epoch;
  while (place_in_file<Record>(end_ + 1) <= size) {
    if (const auto record = read(end_)) places_[record->key] = end_;
    ++end_;
  }
  return true;
}

std::optional<QuietFile::Record> QuietFile::read(std::size_t place) const {
  Bytes<Record> bytes{};
  if (!read_all(fd_, bytes.data(), bytes.size(), place_in_file<Record>(place))) return std::nullopt;
  std::uint64_t sum = 0;
  std::memcpy(&sum, bytes.data() + sizeof(Record), sizeof sum);
  Record record;
  std::memcpy(&record, bytes.data(), sizeof record);
  const bool sound =
      sum == sum_of<Record>(bytes) && record.reason_size <= record.next_reason.size();
  return sound ? std::optional(record) : std::nullopt;
}

bool QuietFile::write(std::size_t place, const Record& record) {
  Bytes<Record> bytes{};
  std::memcpy(bytes.data(), &record, sizeof record);
  const std::uint64_t sum = sum_of<Record>(bytes);
  std::memcpy(bytes.data() + sizeof(Record), &sum, sizeof sum);
  return write_all(fd_, bytes.data(), bytes.size(), place_in_file<Record>(place));
}

}  // namespace nutgraf
