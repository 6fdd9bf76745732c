#pragma once

#include <functional>
#include <string>

#include "daemon/store/sqlite_db.h"

namespace nutgraf::sqlite {

// Together these find every byte of the file that changed and that anything we read depends on.

/// Called for each damage: the check's name [verify.h] and a line for people.
using OnDamage = std::function<void(const char* check, std::string what)>;

/// The tables and indexes are those that this version makes. Reads the schema only.
void check_schema(Connection& db, const OnDamage& found);

/// Every page is where it belongs, every row has its entry in every index (PRAGMA integrity_check).
/// It looks at no row's values beyond the indexed ones. Linear in the file.
void check_pages(Connection& db, const OnDamage& found);

/// Every row's checksum, and that numbers that must not return are counted. Linear in the rows; of
/// the log it reads no bodies.
void check_rows(Connection& db, const OnDamage& found);

}  // namespace nutgraf::sqlite
