#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// A feed of XML cut into its items and all that is around them, so that the parser has the tree of
/// some items at a time and not of all: that stays in the processor's cache, and memory does not
/// grow with the feed.
struct ItemRuns {
  /// The document with each run of items replaced by one empty element of their name.
  std::string frame;
  std::string_view name;  ///< Of the items, as written: "item" or "entry".
  struct Run {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  /// Where they were in the text, in order: whole items with blanks between.
  std::vector<Run> runs;
};

/// Cuts by the tags as they are written, without parsing: a tag in a comment, in CDATA or in an
/// attribute is taken for one. Then the frame does not parse, or a run does not, or has other than
/// items at its top, or the frame has not one empty element a run; if all that is well, the
/// document is well-formed and its items are those of the runs. The reader has to see to it, and to
/// parse the whole otherwise.
///
/// nullopt: no items, or not such as are worth cutting. Pure; linear.
std::optional<ItemRuns> cut_items(std::string_view text);

}  // namespace nutgraf
