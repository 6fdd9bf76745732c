#include "daemon/event/author_voice.h"

#include <string_view>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

/// "I", "I'm", "I’d"; "my".
bool is_pronoun(std::string_view word) {
  if (equals_ignoring_case(word, "my")) return true;
  return word == "I" || word.starts_with("I'") || word.starts_with("I’");
}

/// Whether an odd number of straight marks, or an open curly one, stands in `text`.
bool leaves_quotation_open(std::string_view text) {
  bool straight = false;
  for (const char c : text) straight ^= c == '"';
  const std::size_t opened = text.rfind("“");
  const std::size_t closed = text.rfind("”");
  const bool curly =
      opened != std::string_view::npos && (closed == std::string_view::npos || closed < opened);
  return straight || curly;
}

}  // namespace

bool is_in_first_person(const summarizer::Analysis& analysis, std::size_t sentence) {
  if (analysis.language != "en") return false;
  const std::string_view text = analysis.sentences[sentence].text;
  const auto words = analysis.words_of(sentence);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_pronoun(analysis.spelling(sentence, words[i]))) continue;
    // "In World War I"; but "What I did".
    if (words[i].size == 1 && i > 1 && words[i - 1].capitalised) continue;
    if (!leaves_quotation_open(text.substr(0, words[i].begin))) return true;
  }
  return false;
}

bool asks_the_reader(const summarizer::Analysis& analysis, std::size_t sentence) {
  return analysis.sentences[sentence].text.ends_with('?');
}

}  // namespace nutgraf
