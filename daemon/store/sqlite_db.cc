#include "daemon/store/sqlite_db.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <system_error>

#include "daemon/store/sqlite_row_sum.h"

namespace nutgraf::sqlite {
namespace {

/// Sorted by what the caller can do: wait and repeat, or stop.
ErrorCode code_of(int status) {
  switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_INTERRUPT:
    case SQLITE_PROTOCOL:
      return ErrorCode::kTransient;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return ErrorCode::kRefused;
    default:
      return ErrorCode::kStorage;
  }
}

std::string remedy(int status) {
  switch (status & 0xFF) {
    case SQLITE_CORRUPT:
      return "; the store is damaged: stop nutgrafd, see what `nutgraf verify` finds, and restore "
             "a backup or move the file away to begin a new one";
    case SQLITE_NOTADB:
      return "; it is no store, or one that is past reading: name another, or restore a backup or "
             "move the file away to begin a new one";
    case SQLITE_READONLY:
      return "; are the file and its folder ours, and may we write there?";
    case SQLITE_FULL:
      return "; free some space, the commit is repeated";
    default:
      return "";
  }
}

std::string name_of(sqlite3* db) {
  const char* file = db == nullptr ? nullptr : sqlite3_db_filename(db, nullptr);
  return file == nullptr || *file == '\0' ? "store" : std::string("store ") + file;
}

/// ": Permission denied", of a file that SQLite could not open.
std::string reason(sqlite3* db, int status) {
  const int error = (status & 0xFF) == SQLITE_CANTOPEN ? sqlite3_system_errno(db) : 0;
  return error == 0 ? "" : ": " + std::generic_category().message(error);
}

[[noreturn]] void raise(sqlite3* db, int status) {
  const std::string what = db == nullptr ? sqlite3_errstr(status) : sqlite3_errmsg(db);
  throw Fault{{code_of(status), name_of(db) + ": " + what + reason(db, status) + remedy(status)}};
}

void check(sqlite3* db, int status) {
  if (status != SQLITE_OK) raise(db, status);
}

/// Of a file that keeps no write-ahead log, as a backup. [SQLite's file format, section 1.3.3]
constexpr char kRollbackVersion = 1;
constexpr int kVersionAt = 18;

std::string log_of(sqlite3* db) { return sqlite3_filename_wal(sqlite3_db_filename(db, "main")); }

/// 0: there is none.
std::uint64_t inode_of(const std::string& file) {
  struct stat about {};
  return ::stat(file.c_str(), &about) == 0 ? about.st_ino : 0;
}

/// A store that is used has its log named in its header, a backup has not: a log beside one is of
/// the store that was there before it, and SQLite would write that over the backup. Read through
/// SQLite's own descriptor: to close another would let go of the locks that the process holds.
void refuse_log_of_another(sqlite3* db) {
  sqlite3_file* file = nullptr;
  char version = 0;
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK) return;
  if (file == nullptr || file->pMethods == nullptr) return;
  if (file->pMethods->xRead(file, &version, 1, kVersionAt) != SQLITE_OK) return;  // It is new.
  if (version != kRollbackVersion) return;
  const std::string log = log_of(db);
  std::error_code none;
  const auto size = std::filesystem::file_size(log, none);
  if (none || size == 0) return;
  throw Fault{{ErrorCode::kBadConfig,
               name_of(db) + ": a backup, and " + log +
                   " is of the store that was here before and would be written over it; remove "
                   "that and the -shm beside it"}};
}

}  // namespace

std::int64_t Row::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Row::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Row::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Statement::Statement(Connection& db, std::string_view sql) {
  check(db.handle(), sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

bool Statement::step() {
  const int status = sqlite3_step(statement_);
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  raise(sqlite3_db_handle(statement_), status);
}

int Statement::changes() const { return sqlite3_changes(sqlite3_db_handle(statement_)); }

// The status repeats what step() has raised already.
void Statement::reset() { sqlite3_reset(statement_); }

void Statement::bind(int index, std::int64_t value) {
  check(sqlite3_db_handle(statement_), sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL.
  const char* bytes = text.data() == nullptr ? "" : text.data();
  check(sqlite3_db_handle(statement_),
        sqlite3_bind_text64(statement_, index, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, Blob blob) {
  const char* bytes = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  check(sqlite3_db_handle(statement_),
        sqlite3_bind_blob64(statement_, index, bytes, blob.bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int index, std::nullopt_t) {
  check(sqlite3_db_handle(statement_), sqlite3_bind_null(statement_, index));
}

Connection::Connection(const std::filesystem::path& file, Access access,
                       const ConnectionSettings& settings) {
  const int mode = access == Access::kReadOnly ? SQLITE_OPEN_READONLY
                                               : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int status = sqlite3_open_v2(file.c_str(), &db_,
                                     mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  try {
    if (status != SQLITE_OK) {
      throw Fault{{code_of(status), "store " + file.string() + ": " + sqlite3_errstr(status) +
                                        reason(db_, status) + remedy(status)}};
    }
    refuse_log_of_another(db_);
    check(db_, add_row_sum(db_));
    configure(access, settings);
    if (access == Access::kReadWrite && settings.journal == Journal::kWriteAhead) {
      integer("PRAGMA schema_version");  // Whoever reads first makes the log.
      log_inode_ = inode_of(log_of(db_));
    }
  } catch (Fault&) {
    sqlite3_close(db_);  // Also after a failed open there is something to close.
    throw;
  }
}

void Connection::configure(Access access, const ConnectionSettings& settings) {
  execute("PRAGMA busy_timeout=" + std::to_string(settings.busy_timeout.count()) +
          "; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-" +
          std::to_string(settings.cache_kib));
  if (access == Access::kReadOnly) return execute("PRAGMA query_only=ON");
  if (settings.journal == Journal::kAsItIs) return;
  // What is deleted is overwritten: a text that was purged is in no page that was let go. Debian's
  // SQLite does so anyway.
  execute("PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=ON");
  const bool full = settings.durability == Durability::kPowerLoss;
  execute(full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  if (settings.max_bytes > 0) {
    const std::int64_t pages = settings.max_bytes / integer("PRAGMA page_size");
    execute("PRAGMA max_page_count=" + std::to_string(pages));
  }
}

Connection::~Connection() { sqlite3_close(db_); }

void Connection::execute(const std::string& sql) {
  check(db_, sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
}

void Connection::copy_to(const std::filesystem::path& file) {
  Connection copy(file, Access::kReadWrite, {});
  copy.execute("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF");  // The caller syncs it.
  sqlite3_backup* const backup = sqlite3_backup_init(copy.db_, "main", db_, "main");
  if (backup == nullptr) raise(copy.db_, sqlite3_errcode(copy.db_));
  const int step = sqlite3_backup_step(backup, -1);  // In one step, so from one snapshot.
  check(copy.db_, sqlite3_backup_finish(backup));
  if (step != SQLITE_DONE)
    raise(copy.db_, step);  // That the source was busy, finish() does not say.
}

std::int64_t Connection::integer(std::string_view sql) {
  Statement statement(*this, sql);
  return statement.first([](const Row& row) { return row.integer(0); }).value_or(0);
}

std::string Connection::name() const { return name_of(db_); }

bool Connection::has_moved() const {
  int moved = 0;
  const int asked = sqlite3_file_control(db_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return asked == SQLITE_OK && moved != 0;
}

bool Connection::log_has_moved() const {
  return log_inode_ != 0 && inode_of(log_of(db_)) != log_inode_;
}

Transaction::Transaction(Connection& db, Kind kind) : db_(db) {
  db_.execute(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN");
}

// Some failures have rolled back already; that it fails then is as it should be.
Transaction::~Transaction() {
  if (open_) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  db_.execute("COMMIT");
  open_ = false;
}

}  // namespace nutgraf::sqlite
