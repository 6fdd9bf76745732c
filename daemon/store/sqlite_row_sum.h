#pragma once

struct sqlite3;

namespace nutgraf::sqlite {

/// Defines the SQL function row_sum(value, …) on a connection; returns SQLite's status. Every table
/// has a stored column of it over its other columns, so SQLite computes it with each write and
/// nothing else needs to know.
///
/// CRC-32 [zlib] of, for each value: "n" for NULL, "i<decimal>;" for an integer, "t<bytes>:" or
/// "b<bytes>:" and the bytes themselves for text or a blob. It finds every burst of up to 32 bits
/// and misses one in 2^32 of what is worse. CRC, because any language has it: who edits a store by
/// hand has to define the function.
int add_row_sum(sqlite3* db);

}  // namespace nutgraf::sqlite
