#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/model/story.h"

namespace nutgraf {

/// For each of some stories the number of the source that it comes from, 0, 1, … in order of
/// appearance.
struct Sources {
  /// Stories of one publisher are one source, and so are a story and the copy of it, and stories
  /// that credit one agency and have word triples in common that cover at least 0.3 of the words of
  /// one of them. (A shared credit alone says nothing: outlets write their own text under "with
  /// Reuters".)
  std::vector<std::size_t> credited;
  /// The same, and stories of 60 words and more of which 0.6 is so covered, whatever they credit:
  /// who leaves the agency's name out is no second witness.
  std::vector<std::size_t> independent;
  std::size_t count = 0;  ///< Of the independent ones.
};

/// The first 800 words of a text are compared. Quadratic in the stories; each text is read once.
Sources sources_of(const std::vector<Story>& stories);

/// Who published it, for counting: the publisher, else the host, else the feed.
std::string_view publisher_of(const Story& story);

}  // namespace nutgraf
