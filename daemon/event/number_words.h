#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "daemon/base/words.h"

namespace nutgraf {

/// A number as a text writes it: "1,204", "twenty-three", "two hundred", "1.2 million", "50bn".
struct WrittenNumber {
  double value = 0;
  double grain = 1;       ///< Place of its last digit that is not zero: 100,000 for "1.2 million".
  std::size_t after = 0;  ///< The word behind it.
  bool digits = false;    ///< In figures and without a word of scale.
  char suffix = 0;        ///< 'm' of "50m", which is a million or metres; else 0.
};

/// The number that begins at a word. English only. "hundreds" and "a dozen" are none, nor is what
/// has letters behind it ("4th", "30ish"); `suffix` apart. Constant time.
std::optional<WrittenNumber> written_number(const Words& words, std::size_t at);

/// Whether an English text may write a number: cheaper by far than to split it into words.
bool may_hold_number(std::string_view text);

}  // namespace nutgraf
