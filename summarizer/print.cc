#include "summarizer/print.h"

#include <algorithm>
#include <tuple>

#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

void put_in_order(Summary& summary) {
  std::ranges::sort(summary.sentences, {},
                    [](const Pick& p) { return std::tuple(p.document, p.position); });
  summary.text.clear();
  for (const Pick& pick : summary.sentences) {
    if (pick.text.empty()) continue;
    const bool wide = is_unspaced(decode_at(pick.text, 0).c);
    if (!summary.text.empty() && !wide) summary.text += ' ';
    summary.text += pick.text;
  }
}

}  // namespace nutgraf::summarizer
