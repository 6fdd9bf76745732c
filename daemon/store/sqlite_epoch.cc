#include "daemon/store/sqlite_epoch.h"

#include <fcntl.h>
#include <sys/stat.h>

namespace nutgraf::sqlite {
namespace {

struct Counter {
  std::string epoch;
  Sequence head = 0;
  std::string home;
};

Counter read_counter(Connection& db) {
  Statement counter(db, "SELECT epoch, head, home FROM counter");
  return counter
      .first([](const Row& row) {
        return Counter{row.string(0), row.integer(1), row.string(2)};
      })
      .value_or(Counter{});
}

/// Inode and time of birth: the same for as long as the file lives, another for each copy of it.
/// Not the device, whose number may change with a restart of the machine.
std::string home_of(const std::filesystem::path& file) {
  struct statx about {};
  if (statx(AT_FDCWD, file.c_str(), 0, STATX_INO | STATX_BTIME, &about) != 0) return {};
  std::string home = std::to_string(about.stx_ino);
  if ((about.stx_mask & STATX_BTIME) != 0) {
    home += ":" + std::to_string(about.stx_btime.tv_sec) + "." +
            std::to_string(about.stx_btime.tv_nsec);
  }
  return home;
}

std::optional<std::string> reason(const Counter& counter, const std::string& home,
                                  const std::optional<HighWater::Mark>& mark) {
  if (counter.home == kBackupHome) return "the store was restored from a backup";
  if (!counter.home.empty() && !home.empty() && counter.home != home) {
    return "the store's file is a copy of the one that was in use";
  }
  if (!mark) return std::nullopt;
  if (mark->epoch != counter.epoch) {
    if (counter.head == 0) return std::nullopt;  // A new store, and the mark is of the one before.
    return "the high-water mark is of another epoch: the store is an older one";
  }
  if (mark->head > counter.head) {
    return "message " + std::to_string(mark->head) + " was sent and the store ends at " +
           std::to_string(counter.head) + ": it went back in time";
  }
  return std::nullopt;
}

}  // namespace

SettledEpoch settle_epoch(Connection& db, const std::filesystem::path& file,
                          const HighWater& mark) {
  Transaction transaction(db, Transaction::Kind::kWrite);
  const Counter counter = read_counter(db);
  const std::string home = home_of(file);
  std::optional<std::string> why = reason(counter, home, mark.read());
  if (why) db.execute("UPDATE counter SET epoch = lower(hex(randomblob(16)))");
  if (counter.home != home) {
    Statement settle(db, "UPDATE counter SET home = ?");
    settle.run(home);
  }
  const Counter now = read_counter(db);
  transaction.commit();
  mark.write(now.epoch, now.head);
  mark.sync();  // An old epoch's mark, back after a loss of power, would void all cursors again.
  return {now.epoch, why};
}

}  // namespace nutgraf::sqlite
