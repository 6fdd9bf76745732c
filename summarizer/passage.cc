#include "summarizer/passage.h"

namespace nutgraf::summarizer {

Characters::Characters(std::string_view bytes) {
  for (BitRow* row : {&alnum, &upper, &digit, &space, &marks, &beyond}) row->reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); i += Block::kSize) {
    const Block block(bytes, i);
    const std::uint64_t capitals = block.upper();
    const std::uint64_t digits = block.digit();
    const std::uint64_t words = capitals | digits | block.lower();
    const std::uint64_t spaces = block.space();
    alnum.append(words);
    upper.append(capitals);
    digit.append(digits);
    space.append(spaces);
    marks.append(~(words | spaces));
    beyond.append(block.beyond_ascii());
  }
}

}  // namespace nutgraf::summarizer
