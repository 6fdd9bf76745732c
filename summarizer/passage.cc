#include "summarizer/passage.h"

namespace nutgraf::summarizer {

Characters::Characters(std::string_view bytes)
    : alnum(bytes.size()),
      upper(bytes.size()),
      digit(bytes.size()),
      space(bytes.size()),
      marks(bytes.size()),
      beyond(bytes.size()) {
  for (std::size_t i = 0; i < bytes.size(); i += Block::kSize) {
    const Block block(bytes, i);
    const std::size_t k = i / Block::kSize;
    const std::uint64_t capitals = block.upper();
    const std::uint64_t digits = block.digit();
    const std::uint64_t words = capitals | digits | block.lower();
    const std::uint64_t spaces = block.space();
    alnum.set(k, words);
    upper.set(k, capitals);
    digit.set(k, digits);
    space.set(k, spaces);
    marks.set(k, ~(words | spaces));
    beyond.set(k, block.beyond_ascii());
  }
}

std::span<const std::uint32_t> edges_of(const Passage& passage, Passage::Row row,
                                        std::vector<std::uint32_t>& memory) {
  if (memory.size() <= passage.size()) memory.resize(passage.size() + 1);
  std::size_t edges = 0;
  std::uint64_t inside = 0;  // Whether the last character is in a run.
  for (std::size_t begin = 0; begin < passage.size(); begin += Block::kSize) {
    const std::uint64_t mask = passage.mask(row, begin);
    for (std::uint64_t left = mask ^ (mask << 1 | inside); left != 0; left &= left - 1) {
      memory[edges++] = static_cast<std::uint32_t>(begin + std::countr_zero(left));
    }
    inside = mask >> (Block::kSize - 1);
  }
  if (inside != 0) memory[edges++] = static_cast<std::uint32_t>(passage.size());
  return std::span(memory).first(edges);
}

}  // namespace nutgraf::summarizer
