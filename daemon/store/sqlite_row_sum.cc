#include "daemon/store/sqlite_row_sum.h"

#include <sqlite3.h>
#include <zlib.h>

#include <string>

namespace nutgraf::sqlite {
namespace {

uLong add(uLong sum, const void* bytes, std::size_t size) {
  if (size == 0) return sum;  // SQLite's null pointer would have zlib begin anew.
  return crc32_z(sum, static_cast<const Bytef*>(bytes), size);
}

uLong add(uLong sum, const std::string& text) { return add(sum, text.data(), text.size()); }

uLong add_bytes(uLong sum, char type, sqlite3_value* value) {
  const void* const bytes = sqlite3_value_blob(value);  // Before its size: this may convert.
  const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
  return add(add(sum, type + std::to_string(size) + ":"), bytes, size);
}

uLong add(uLong sum, sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
      return add(sum, "n");
    case SQLITE_INTEGER:
      return add(sum, "i" + std::to_string(sqlite3_value_int64(value)) + ";");
    case SQLITE_TEXT:
      return add_bytes(sum, 't', value);
    case SQLITE_BLOB:
      return add_bytes(sum, 'b', value);
    default:
      return add_bytes(sum, 'f', value);  // No column of ours is one; then it is damaged.
  }
}

void row_sum(sqlite3_context* context, int count, sqlite3_value** values) {
  uLong sum = 0;
  for (int i = 0; i < count; ++i) sum = add(sum, values[i]);
  sqlite3_result_int64(context, static_cast<sqlite3_int64>(sum));
}

}  // namespace

int add_row_sum(sqlite3* db) {
  // Innocuous: else a schema may not call it where schemas are not trusted.
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  return sqlite3_create_function_v2(db, "row_sum", -1, kFlags, nullptr, row_sum, nullptr, nullptr,
                                    nullptr);
}

}  // namespace nutgraf::sqlite
