#include "daemon/store/sqlite_store.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/store/high_water.h"
#include "daemon/store/quiet_file.h"
#include "daemon/store/sqlite_epoch.h"
#include "daemon/store/sqlite_ledger.h"
#include "daemon/store/sqlite_log_reader.h"
#include "daemon/store/sqlite_schema.h"
#include "daemon/store/sqlite_work_store.h"
#include "daemon/store/store_lock.h"

namespace nutgraf {
namespace {

sqlite::ConnectionSettings settings_of(const StoreOptions& options, sqlite::Durability durability) {
  return {.busy_timeout = options.busy_timeout,
          .durability = durability,
          .max_bytes = options.max_bytes,
          .min_free = options.min_free};
}

/// For the one that writes: what it looks up for each story stays at hand.
constexpr int kLedgerCache = 8192;

std::filesystem::path mark_of(const std::filesystem::path& file, const StoreOptions& options) {
  if (!options.high_water.empty()) return options.high_water;
  return file.string() + ".mark";
}

/// What is there already has to be a file: beside a folder or a device a lock would be left, and
/// SQLite would call it a fault of the disk, which passes.
Result<void> refuse_other_kinds(const std::filesystem::path& file) {
  std::error_code error;
  const auto type = std::filesystem::status(file, error).type();
  using std::filesystem::file_type;
  if (error || type == file_type::regular || type == file_type::not_found) return {};
  return fail(ErrorCode::kBadConfig,
              "store " + file.string() +
                  (type == file_type::directory ? ": is a folder" : ": is no regular file") +
                  "; name a file as store.path");
}

/// Another program's database stays as it is: already the change to a write-ahead log could keep
/// that program from opening it.
void refuse_foreign(const std::filesystem::path& file, sqlite::ConnectionSettings settings) {
  settings.journal = sqlite::Journal::kAsItIs;
  sqlite::Connection db(file, sqlite::Access::kReadWrite, settings);
  sqlite::refuse_foreign(db);
}

/// Everything that has to be true before the roles may prepare their statements.
sqlite::SettledEpoch make_ready(const std::filesystem::path& file,
                                const sqlite::ConnectionSettings& settings, const HighWater& mark) {
  refuse_foreign(file, settings);
  sqlite::Connection db(file, sqlite::Access::kReadWrite, settings);
  sqlite::migrate(db);
  sqlite::verify(db);
  sqlite::SettledEpoch epoch = sqlite::settle_epoch(db, file, mark);
  // What is claimed now was in hand when the last process died: it need not have tried and failed.
  db.execute(
      "UPDATE pending SET state = 1, attempts = max(attempts - 1, 0), crashes = crashes + 1 "
      "WHERE state = 2");
  return epoch;
}

}  // namespace

/// In the order of construction: the lock goes last.
struct SqliteStore::Parts {
  StoreLock lock;
  std::filesystem::path file;
  StoreOptions options;
  HighWater mark;
  std::optional<std::string> new_epoch;
  QuietFile notes;
  sqlite::SqliteLedger ledger;
  sqlite::SqliteWorkStore work;
};

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::filesystem::path& file,
                                                       EnvelopeWriter envelope,
                                                       const StoreOptions& options) {
  if (Result<void> regular = refuse_other_kinds(file); !regular) {
    return tl::unexpected(regular.error());
  }
  Result<StoreLock> lock = StoreLock::acquire(file);
  if (!lock) return tl::unexpected(lock.error());
  Result<HighWater> mark = HighWater::open(mark_of(file, options));
  if (!mark) return tl::unexpected(mark.error());
  return sqlite::attempt([&] {
    auto full = settings_of(options, sqlite::Durability::kPowerLoss);
    full.cache_kib = kLedgerCache;
    const auto process = settings_of(options, sqlite::Durability::kProcessDeath);
    sqlite::SettledEpoch epoch = make_ready(file, full, *mark);
    Result<QuietFile> notes = QuietFile::open(file.string() + ".polls", epoch.epoch);
    if (!notes) throw sqlite::Fault{notes.error()};
    // Built in place: connections do not move.
    // NOLINTNEXTLINE(modernize-make-unique): Parts is an aggregate, which needs braces.
    std::unique_ptr<Parts> parts(new Parts{std::move(*lock),
                                           file,
                                           options,
                                           std::move(*mark),
                                           std::move(epoch.new_because),
                                           std::move(*notes),
                                           {file, full, envelope},
                                           {file, process}});
    parts->ledger.mark_with(&parts->mark);
    parts->ledger.note_in(&parts->notes);
    parts->work.note_in(&parts->notes);
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(parts)));
  });
}

SqliteStore::SqliteStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SqliteStore::~SqliteStore() = default;

const std::optional<std::string>& SqliteStore::new_epoch() const { return parts_->new_epoch; }
Ledger& SqliteStore::ledger() { return parts_->ledger; }
WorkStore& SqliteStore::work() { return parts_->work; }

Result<std::unique_ptr<LogReader>> SqliteStore::reader() const {
  return open_log_reader(parts_->file, parts_->options);
}

Result<std::unique_ptr<LogReader>> open_log_reader(const std::filesystem::path& file,
                                                   const StoreOptions& options) {
  if (!std::filesystem::exists(file)) {
    return fail(ErrorCode::kRefused, "there is no store at " + file.string());
  }
  return sqlite::attempt([&]() -> std::unique_ptr<LogReader> {
    const auto settings = settings_of(options, sqlite::Durability::kPowerLoss);
    sqlite::Connection db(file, sqlite::Access::kReadOnly, settings);
    sqlite::require_current(db);
    return std::make_unique<sqlite::SqliteLogReader>(file, settings);
  });
}

}  // namespace nutgraf
