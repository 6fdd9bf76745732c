#include "summarizer/word_set.h"

#include "summarizer/words.h"

namespace nutgraf::summarizer {

WordSet::WordSet(std::string_view list) {
  const std::u32string text = decode(list);
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !is_space(text[i])) continue;
    if (i > begin) words_.try_emplace(hash(Text(text).substr(begin, i - begin)), true);
    begin = i + 1;
  }
}

std::uint64_t WordSet::hash(Text word) {
  WordHash hash;
  for (const char32_t c : word) hash.add(c);
  return hash.value();
}

}  // namespace nutgraf::summarizer
