#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "daemon/base/words.h"

namespace nutgraf {

/// Half-open range of word indexes.
struct WordRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The parts of a text that change without the story changing: "Updated 3:37 pm" lines, prompts to
/// read on, and within the first 25 words bylines and datelines. English patterns and the shape of
/// datelines; elsewhere nothing is found, which errs on the side of telling an update.
std::vector<WordRange> volatile_ranges(std::string_view text, const Words& words);

/// Whether a title announces an update: "UPDATE 2 - …", "Updated: …", "CORRECTED: …".
bool marks_update(const Words& title);

}  // namespace nutgraf
