#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "daemon/base/date.h"
#include "daemon/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace nutgraf::sqlite {

// A thin adapter around SQLite, private to this folder. Inside the folder a failure is thrown as a
// Fault, because a commit is twenty statements long and all it could do with each error is to roll
// back; attempt() turns it into a Result at the face of each role, so that nothing above throws.

/// Only thrown and caught within daemon/store.
struct Fault {
  Error error;
};

/// Runs `body`; a Fault that it throws becomes the Error of the Result.
template <typename Body>
auto attempt(Body&& body) -> Result<decltype(body())> {
  try {
    if constexpr (std::is_void_v<decltype(body())>) {
      body();
      return {};
    } else {
      return body();
    }
  } catch (Fault& fault) {
    return tl::unexpected<Error>(std::move(fault.error));
  }
}

/// Bytes that are not text.
struct Blob {
  std::string_view bytes;
};

/// The row that a statement stands on. Texts are valid until the statement moves.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  ///< Also of a blob; empty for NULL.
  std::string string(int column) const { return std::string(text(column)); }
  bool is_null(int column) const;
  Time time(int column) const { return Time(std::chrono::milliseconds(integer(column))); }
  std::optional<Time> optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
  }

 private:
  sqlite3_stmt* statement_;
};

class Connection;

/// A prepared statement; parameters are given in order with each use.
class Statement {
 public:
  Statement(Connection& db, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  /// Runs to the end; returns the number of rows changed (meaningless for a SELECT).
  template <typename... Args>
  int run(const Args&... args) {
    const Use use(*this, args...);
    while (step()) {
    }
    return changes();
  }

  /// Calls `visit(row)` for each row until it returns false.
  template <typename Visit, typename... Args>
  void each(Visit&& visit, const Args&... args) {
    const Use use(*this, args...);
    while (step()) {
      if (!visit(Row(statement_))) return;
    }
  }

  /// What `visit(row)` makes of the first row; nullopt if there is none.
  template <typename Visit, typename... Args>
  auto first(Visit&& visit, const Args&... args) -> std::optional<decltype(visit(Row(nullptr)))> {
    const Use use(*this, args...);
    if (!step()) return std::nullopt;
    return visit(Row(statement_));
  }

 private:
  /// Binds for one use and resets after it, so that no statement holds a read lock by accident.
  /// Texts are not copied: they outlive the use.
  struct Use {
    template <typename... Args>
    explicit Use(Statement& statement, const Args&... args) : used(statement) {
      int index = 0;
      (statement.bind(++index, args), ...);
    }
    ~Use() { used.reset(); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Statement& used;
  };

  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::size_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view text);
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, Blob blob);
  void bind(int index, std::nullopt_t);
  void bind(int index, Time time) { bind(index, std::int64_t{time.time_since_epoch().count()}); }
  template <typename T>
  void bind(int index, const std::optional<T>& value) {
    value ? bind(index, *value) : bind(index, std::nullopt);
  }

  bool step();  ///< True: stands on a row.
  int changes() const;
  void reset();

  sqlite3_stmt* statement_ = nullptr;
};

enum class Access { kReadOnly, kReadWrite };

/// What a commit that returned survives.
enum class Durability {
  kPowerLoss,     ///< synchronous=FULL: an fsync a commit.
  kProcessDeath,  ///< synchronous=NORMAL: none; all that claims need.
};

enum class Journal {
  kWriteAhead,  ///< A file that has another becomes one with a write-ahead log.
  kAsItIs,      ///< The file may be another program's.
};

struct ConnectionSettings {
  std::chrono::milliseconds busy_timeout{5'000};  ///< Wait for another writer.
  Durability durability = Durability::kPowerLoss;
  std::int64_t max_bytes = 0;  ///< The file grows no larger; 0: no limit.
  std::uint64_t min_free = 0;  ///< Bytes that commits of the ledger leave on the disk.
  int cache_kib = 2048;        ///< Of pages; what is not in it is in the system's, a copy away.
  Journal journal = Journal::kWriteAhead;
};

/// A connection, for one thread at a time.
class Connection {
 public:
  /// Opens in WAL mode; a writer makes the file if there is none. kBadConfig: a backup that lies
  /// beside the write-ahead log of another store.
  Connection(const std::filesystem::path& file, Access access, const ConnectionSettings& settings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// One or more statements without parameters and results.
  void execute(const std::string& sql);

  /// The first column of the first row of `sql`; 0 if there is none.
  std::int64_t integer(std::string_view sql);

  /// Writes all pages, as of one moment, into a new database. Not VACUUM INTO: SQLite 3.40 cannot
  /// do that with generated columns from a connection that was opened for reading only.
  void copy_to(const std::filesystem::path& file);

  /// Whether the file no longer stands where it was opened. One system call.
  bool has_moved() const;

  /// Whether the write-ahead log does not, of a connection that writes. One system call.
  bool log_has_moved() const;

  /// "store /var/lib/nutgraf/nutgraf.db", for messages.
  std::string name() const;

  sqlite3* handle() const { return db_; }

 private:
  void configure(Access access, const ConnectionSettings& settings);

  sqlite3* db_ = nullptr;
  std::uint64_t log_inode_ = 0;  // 0: not known.
};

/// A transaction: rolled back unless committed. kWrite takes the write lock at once, so that it
/// waits for other writers before it has read anything.
class Transaction {
 public:
  enum class Kind { kRead, kWrite };
  Transaction(Connection& db, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Connection& db_;
  bool open_ = true;
};

}  // namespace nutgraf::sqlite
