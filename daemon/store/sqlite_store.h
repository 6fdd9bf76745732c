#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/model/publication.h"
#include "daemon/store/ledger.h"
#include "daemon/store/log_reader.h"
#include "daemon/store/work_store.h"

namespace nutgraf {

/// The wire's envelope around a draft: the body of the message. Called inside the commit, which
/// alone knows the stamp. A plain function, so that a repeated commit gives the same bytes.
using EnvelopeWriter = std::string (*)(const Draft&, const Stamp&);

struct StoreOptions {
  std::chrono::milliseconds busy_timeout{5'000};  ///< Wait for another writer; then kTransient.
  /// File of the high-water mark, best outside the folder of the store, so that what is restored
  /// with the one is not restored with the other. Empty: beside the store, with ".mark" added.
  std::filesystem::path high_water;
  /// Room that commits leave on the disk: with less, they fail kTransient and nothing is written.
  std::uint64_t min_free = 0;
  std::int64_t max_bytes = 0;  ///< The file grows no larger (commits fail kTransient); 0: no limit.
};

/// The store on one SQLite file in WAL mode, with a connection for each role.
///
/// Durability: a ledger commit that returned survives a loss of power (synchronous=FULL), a claim
/// the death of the process. Messages carry a checksum that is verified whenever they are read.
///
/// Each role is for one thread, as its interface says; the store itself is made, asked for its
/// roles and destroyed on one thread. Readers may outlive it.
class SqliteStore {
 public:
  /// Opens or creates the store, brings its tables up to date, begins a new epoch if it is a copy
  /// or went back in time, and clears all claims. Bounded work, whatever the size.
  ///
  /// kRefused: another process uses it. kBadConfig: it is another program's database, which stays
  /// as it is, or a later nutgraf wrote it, or it is a backup beside the write-ahead log of the
  /// store that was there before it. kTransient: the folder or file cannot be opened. kStorage: it
  /// is damaged; the message names the next step.
  static Result<std::unique_ptr<SqliteStore>> open(const std::filesystem::path& file,
                                                   EnvelopeWriter envelope,
                                                   const StoreOptions& options = {});
  ~SqliteStore();
  SqliteStore(const SqliteStore&) = delete;
  SqliteStore& operator=(const SqliteStore&) = delete;

  /// Why this store began a new epoch when it was opened; nullopt: it did not. All cursors are void
  /// then, and an operator should know.
  const std::optional<std::string>& new_epoch() const;

  Ledger& ledger();
  WorkStore& work();

  /// A reader of its own for the thread that asks. Thread-safe.
  Result<std::unique_ptr<LogReader>> reader() const;

 private:
  struct Parts;
  explicit SqliteStore(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// A reader without the store: for tools beside a running daemon, or none. kRefused: there is no
/// store at `file`, or one that is yet to be migrated; kBadConfig as open().
Result<std::unique_ptr<LogReader>> open_log_reader(const std::filesystem::path& file,
                                                   const StoreOptions& options = {});

}  // namespace nutgraf
