#include "summarizer/word_set.h"

namespace nutgraf::summarizer {

WordSet::WordSet(std::string_view list) {
  const std::u32string text = decode(list);
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !is_space(text[i])) continue;
    if (i > begin) words_.insert(text.substr(begin, i - begin));
    begin = i + 1;
  }
}

}  // namespace nutgraf::summarizer
