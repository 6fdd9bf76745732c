#pragma once

#include <utility>

#include "daemon/model/furniture.h"
#include "daemon/model/json.h"
#include "daemon/store/sqlite_db.h"

namespace nutgraf::sqlite {

/// A value that we wrote ourselves. That it does not read back is damage, not bad input.
template <typename T>
T own(Result<T> value) {
  if (!value) {
    throw Fault{{ErrorCode::kStorage, "store: a row is damaged: " + value.error().message +
                                          "; stop nutgrafd and restore a backup"}};
  }
  return std::move(*value);
}

/// Columns: version, line, since, until, text.
inline void add_furniture_line(const Row& row, Furniture& furniture) {
  furniture.version = row.integer(0);
  furniture.lines.push_back({.line = static_cast<std::uint64_t>(row.integer(1)),
                             .since = row.time(2),
                             .until = row.optional_time(3).value_or(Time::max()),
                             .text = row.string(4)});
}

}  // namespace nutgraf::sqlite
