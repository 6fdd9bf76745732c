#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/model/furniture.h"

namespace nutgraf {

/// A line of a story as the learner sees it.
struct SeenLine {
  std::uint64_t line = 0;  ///< Hash of its folded words, the story's title among them taken out.
  bool inside = false;     ///< Neither among the first lines nor among the last.
  bool running = false;    ///< A sentence of some length: it may be news.
  std::string text;        ///< Cut to kLineText; empty inside.
};

/// Bytes of a line that are kept, for people.
inline constexpr std::size_t kLineText = 120;

/// The lines of a story by which its feed's furniture can be learned, each once, in their order: at
/// its edges those that could be furniture, and inside those short enough for headings. Left out
/// are lines of more than 300 characters, lines that end in ':' or '?' (they lead to something) and
/// corrections (they say something). A story of one line has none. Pure, linear.
std::vector<SeenLine> seen_lines(std::string_view title, std::string_view text);

/// `text` without the lines at its edges that are furniture to an item first seen at `first_seen`;
/// as it is if nothing would remain. What stays, stays byte for byte. Pure, linear.
std::string without_furniture(std::string_view title, std::string_view text,
                              const Furniture& furniture, Time first_seen);

}  // namespace nutgraf
