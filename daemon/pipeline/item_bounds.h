#pragma once

#include <cstddef>

#include "daemon/model/item.h"

namespace nutgraf {

/// Bytes of a text that are looked at: what the summarizer takes, too. A book has a megabyte.
inline constexpr std::size_t kMaxItemText = std::size_t{1} << 20;
/// Of a title, a name, a URL, a GUID. A longer one is no use to anybody, and every message would
/// carry it.
inline constexpr std::size_t kMaxItemField = 8192;
/// Cuts each field at its bound, at a whole character; a URL beyond it goes.
void bound(FeedItem& item);

}  // namespace nutgraf
