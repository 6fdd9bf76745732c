#pragma once

#include <string>

#include "daemon/base/date.h"
#include "daemon/model/item.h"

namespace nutgraf {

/// The page of a story that is to be looked at again: all that this takes. One a story.
struct Recheck {
  std::string story_id;
  Time told_at{};             ///< When the edition was published that the looks are counted from.
  PendingItem item;           ///< That the story was made of: `id` is 0, it is no pending row.
  std::string etag;           ///< Of the page as last read. Byte-exact.
  std::string last_modified;  ///< Likewise.
  int missing = 0;            ///< Looks in a row that were answered 404.
};

}  // namespace nutgraf
