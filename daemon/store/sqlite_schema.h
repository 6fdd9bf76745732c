#pragma once

#include "daemon/store/sqlite_db.h"

namespace nutgraf::sqlite {

/// What a pending row is waiting for.
enum class PendingState : int {
  kReady = 0,    ///< May be claimed.
  kWaiting = 1,  ///< Until its not_before.
  kClaimed = 2,  ///< In flight.
};

/// Makes the tables of a new store and brings those of an old one up to date, in one transaction a
/// step. Faults: kBadConfig for somebody else's database and for a store of a later version.
void migrate(Connection& db);

/// Faults like migrate() and changes nothing.
void refuse_foreign(Connection& db);

/// Faults like migrate(), and with kRefused unless the store is of exactly this version: for
/// readers, who may not migrate.
void require_current(Connection& db);

/// Is what we find plainly our own and whole? The tables, the counter against the log, and its ends
/// against their checksums; of a store below 64 MiB every page and every row.
/// So the work is bounded, whatever the size. Faults with kStorage and the next step.
void verify(Connection& db);

/// The checksum of a log row. XXH3 [daemon/base/hash.h], for it is here and faster than the disk.
std::int64_t checksum(std::string_view topic, std::string_view body);

}  // namespace nutgraf::sqlite
