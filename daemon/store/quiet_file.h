#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>

#include "daemon/base/result.h"
#include "daemon/model/feed.h"

namespace nutgraf {

/// What polls that brought nothing have changed: beside the store a file of one small record a
/// feed, each written where it stands.
///
/// Nearly all polls end in 304 and change the feed's times and counters only. As rows of the store
/// they would be most of what the daemon does: a page read, a page logged, a page copied back, and
/// a share of an fsync. Here such a poll costs one write of 160 bytes. A record survives the death
/// of the process; a loss of power may take it, and then the feed is as its row has it: asked as if
/// the polls since had not been, with the validators of the row. Nothing but times and counters is
/// in a record, so none vouches for an item.
///
/// A record counts while it knows of more polls than the row. It is for the store's epoch only:
/// with a restored store all records are void.
///
/// One thread at a time. About 40 bytes of memory a feed, 160 on disk.
class QuietFile {
 public:
  /// Opens or makes the file; what is there and is not of `epoch`, or of another version, goes.
  static Result<QuietFile> open(const std::filesystem::path& file, const std::string& epoch);
  QuietFile(QuietFile&& other) noexcept;
  QuietFile& operator=(QuietFile&&) = delete;
  ~QuietFile();

  /// True if a record can tell the one from the other: only what is in it has changed.
  static bool covers(const FeedState& before, const FeedState& after);

  /// False if it cannot be written: the row has to say it then.
  bool put(const FeedState& state);

  /// Brings up to date what a row says. False: it was.
  bool apply(FeedState& state) const;

  /// Of all feeds.
  void clear();

 private:
  struct Record;

  explicit QuietFile(int fd) : fd_(fd) {}
  bool begin(const std::string& epoch);
  bool load(const std::string& epoch);
  std::optional<Record> read(std::size_t place) const;
  bool write(std::size_t place, const Record& record);

  int fd_ = -1;
  std::string epoch_;
  std::unordered_map<std::uint64_t, std::size_t> places_;  // By the hash of a feed's id.
  std::size_t end_ = 0;                                    // Records in the file.
};

}  // namespace nutgraf
