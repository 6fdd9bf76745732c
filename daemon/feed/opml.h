#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/model/feed.h"

namespace nutgraf {

/// Bytes of a list that is read, and feeds of it that are taken. Readers of people export some
/// hundred feeds in 100 KB.
inline constexpr std::size_t kMaxOpmlBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMaxOpmlFeeds = 200'000;

struct OpmlFeeds {
  /// As far as the list says: url and name always, language, category and tags where there are
  /// some; id and publisher if nutgraf wrote it. In document order, no URL twice.
  std::vector<FeedSource> feeds;
  std::vector<std::string> left_out;  ///< What was not taken and why, one line each, 100 at most.
  std::size_t left_out_count = 0;
};

/// Reads a list of subscriptions [OPML 2.0, http://opml.org/spec2.opml]: every <outline> that has
/// an xmlUrl, whatever its case and `type`. The outermost folder becomes the category, in the
/// letters that topics may have ("Économie": "economie"); the folders inside it, of the outermost
/// 64, and the `category` attribute become tags. Outlines that are commented out, and what is in
/// them, are no subscriptions.
///
/// What breaks off is read as far as it goes, which is said in left_out. kMalformed: no OPML, or
/// nothing could be read of it. kTooLarge: more than kMaxOpmlBytes, or markup that would take more
/// than 256 MiB of memory. Linear; recursion nowhere, no entity is expanded or fetched.
Result<OpmlFeeds> read_opml(std::string_view bytes);

/// A list that read_opml() reads back, and that feed readers import: a folder for each category
/// but "other", in the order of their first feeds. What OPML has no words for (id and publisher) is
/// in attributes of a namespace of ours; how a feed is asked and what is kept of it is not written.
/// User names and passwords in URLs are left out.
std::string write_opml(const std::vector<FeedSource>& feeds);

}  // namespace nutgraf
