#include "daemon/store/sqlite_integrity.h"

#include <map>
#include <vector>

#include "daemon/store/sqlite_schema.h"

namespace nutgraf::sqlite {
namespace {

/// What a schema consists of, by name; where it lies in the file is the pages' matter.
std::map<std::string, std::string> schema_of(Connection& db) {
  std::map<std::string, std::string> parts;
  Statement rows(db,
                 "SELECT name, type || ' ' || tbl_name || ' ' || coalesce(sql, '') "
                 "FROM sqlite_schema");
  rows.each([&](const Row& row) {
    parts.emplace(row.string(0), row.string(1));
    return true;
  });
  return parts;
}

struct Table {
  std::string name;
  std::string sum;  ///< The expression of its column `sum`.
};

/// Of a schema that check_schema() found as it should be.
std::vector<Table> tables_of(Connection& db) {
  std::vector<Table> tables;
  Statement rows(db, "SELECT name, sql FROM sqlite_schema WHERE sql LIKE '%row_sum(%'");
  rows.each([&](const Row& row) {
    const std::string_view sql = row.text(1);
    const auto from = sql.find("row_sum(");
    const auto to = sql.find(") STORED", from);
    tables.push_back({row.string(0), std::string(sql.substr(from, to - from))});
    return true;
  });
  return tables;
}

void check_table(Connection& db, const Table& table, const OnDamage& found) {
  Statement damaged(db, "SELECT count(*) FROM " + table.name + " WHERE sum IS NOT " + table.sum);
  damaged.each([&](const Row& row) {
    const std::int64_t count = row.integer(0);
    if (count > 0) {
      found("rows", std::to_string(count) + (count == 1 ? " row" : " rows") + " of table " +
                        table.name + " not matching the checksum");
    }
    return true;
  });
}

/// AUTOINCREMENT never gives a number again, as long as it knows the highest.
void check_numbers(Connection& db, const OnDamage& found) {
  for (const std::string table : {"pending", "fingerprint", "member"}) {
    const std::int64_t highest = db.integer("SELECT max(id) FROM " + table);
    const std::int64_t counted =
        db.integer("SELECT seq FROM sqlite_sequence WHERE name = '" + table + "'");
    if (counted >= highest) continue;
    found("rows", "table " + table + " has row " + std::to_string(highest) + " and counted to " +
                      std::to_string(counted));
  }
}

}  // namespace

void check_schema(Connection& db, const OnDamage& found) {
  Connection fresh(":memory:", Access::kReadWrite, {});
  migrate(fresh);
  const auto expected = schema_of(fresh);
  const auto there = schema_of(db);
  for (const auto& [name, part] : expected) {
    const auto same = there.find(name);
    if (same == there.end()) {
      found("database", name + " is missing");
    } else if (same->second != part) {
      found("database", name + " is not as it was made");
    }
  }
  for (const auto& [name, part] : there) {
    if (!expected.contains(name)) found("database", "there is a " + name + ", which is not ours");
  }
}

void check_pages(Connection& db, const OnDamage& found) {
  Statement check(db, "PRAGMA integrity_check");
  check.each([&](const Row& row) {
    if (row.text(0) != "ok") found("database", row.string(0));
    return true;
  });
}

void check_rows(Connection& db, const OnDamage& found) {
  for (const Table& table : tables_of(db)) check_table(db, table, found);
  check_numbers(db, found);
}

}  // namespace nutgraf::sqlite
