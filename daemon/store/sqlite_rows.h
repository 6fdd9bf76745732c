#pragma once

#include <utility>

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

}  // namespace nutgraf::sqlite
