#include "daemon/article/boilerplate.h"

#include <algorithm>
#include <cstddef>

#include "daemon/article/furniture.h"
#include "daemon/article/letters.h"
#include "summarizer/stopwords.h"
#include "summarizer/words.h"

namespace nutgraf {
namespace {

/// A cut heading counts only behind this share of the story's sentences …
constexpr double kCutBegins = 0.5;
/// … with at most this share of them, and this many lines, behind it.
constexpr double kMostBehindCut = 0.15;
constexpr std::size_t kMostLinesBehindCut = 14;
constexpr std::size_t kLongestHeading = 160;
constexpr std::size_t kLongestTitle = 200;
/// Trailing lines that are no sentences: more of them are a list of the story.
constexpr std::size_t kMostTrailing = 5;
/// A line of terms: at least so many words, with next to no function words among them.
constexpr std::size_t kLeastTerms = 8;
constexpr double kFunctionWordsInTerms = 0.06;
/// A menu: the same of capitalized words.
constexpr std::size_t kLeastMenu = 6;
constexpr double kCapitalsInMenu = 0.9;

struct Line {
  std::string text;
  bool gap = false;  ///< A blank line stands before it.
  bool sentence = false;
  bool dropped = false;
};

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = at;
    if (!is_word_char(next_code_point(line, at))) continue;
    while (at < line.size()) {
      std::size_t next = at;
      const char32_t c = next_code_point(line, next);
      if (!is_word_char(c) && c != '\'' && c != 0x2019) break;
      at = next;
    }
    words.push_back(line.substr(begin, at - begin));
  }
  return words;
}

bool is_capital_or_digit(std::string_view word) {
  std::size_t at = 0;
  const char32_t c = next_code_point(word, at);
  return is_upper(c) || (c >= '0' && c <= '9');
}

/// Running text: it has a sentence's end and its length, or is too long for anything else.
bool is_sentence(const std::string& line) {
  if (weighted_length(line) >= 200) return true;
  return has_sentence_end(line) && (words_of(line).size() >= 6 || weighted_length(line) >= 60);
}

/// White space collapsed; unlike append_collapsed() it keeps every character that can be read or
/// copied, soft hyphens too: a text that is clean comes back as it was.
std::string collapsed(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(text, at);
    const bool blank = c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
                       c == 0x2028 || c == 0x2029;
    if (!blank && (c >= 0x80 || !is_space(static_cast<char>(c)))) {
      out += text.substr(begin, at - begin);
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  bool gap = false;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    std::string line = collapsed(text.substr(from, to - from));
    if (line.empty()) {
      gap = true;
    } else {
      const bool sentence = is_sentence(line);
      lines.push_back({std::move(line), gap && !lines.empty(), sentence, false});
      gap = false;
    }
    from = to + 1;
  }
  return lines;
}

class Cleaner {
 public:
  Cleaner(std::string_view title, std::string_view text, std::string_view language)
      : title_(title),
        lines_(lines_of(text)),
        stop_words_(summarizer::stop_words(language.empty() ? "und" : language)) {}

  Cleaned run();

 private:
  void clean_head();
  void cut_tail();
  void drop_lines();
  void drop_terms();
  void drop_trailing();

  bool is_menu(const std::string& line) const;
  bool is_terms(const std::string& line) const;
  std::size_t function_words(const std::vector<std::string_view>& words) const;
  std::size_t first_sentence() const;
  std::size_t behind_last_sentence() const;

  std::string title_;
  std::size_t title_line_ = std::string::npos;  // That the title was taken from.
  std::vector<Line> lines_;
  const summarizer::StopWords& stop_words_;
};

std::size_t Cleaner::first_sentence() const {
  const auto at = std::ranges::find_if(lines_, &Line::sentence);
  return static_cast<std::size_t>(at - lines_.begin());
}

/// Index behind the last sentence that stays.
std::size_t Cleaner::behind_last_sentence() const {
  std::size_t behind = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i].sentence && !lines_[i].dropped) behind = i + 1;
  }
  return behind;
}

std::size_t Cleaner::function_words(const std::vector<std::string_view>& words) const {
  return static_cast<std::size_t>(std::ranges::count_if(words, [this](std::string_view word) {
    return stop_words_.contains(summarizer::hash_word(lower_utf8(word)));
  }));
}

/// "Home World Politics Business Sports Opinion".
bool Cleaner::is_menu(const std::string& line) const {
  if (line.front() == '#') return true;
  const std::vector<std::string_view> words = words_of(line);
  if (words.size() < kLeastMenu || line.find_first_of(":?!,\"") != std::string::npos) return false;
  const auto capitals = static_cast<double>(std::ranges::count_if(words, is_capital_or_digit));
  return capitals >= kCapitalsInMenu * static_cast<double>(words.size()) &&
         function_words(words) == 0 && line.find("“") == std::string::npos &&
         line.find("‘") == std::string::npos;
}

/// "arms deal ballistic missile humanitarian aid": a story's tags in one line.
bool Cleaner::is_terms(const std::string& line) const {
  const std::vector<std::string_view> words = words_of(line);
  if (words.size() < kLeastTerms || has_sentence_end(line)) return false;
  if (std::ranges::any_of(line, is_digit) || line.find_first_of(":;&()") != std::string::npos ||
      line.find("- ") != std::string::npos || line.find("– ") != std::string::npos) {
    return false;
  }
  return static_cast<double>(function_words(words)) <
         kFunctionWordsInTerms * static_cast<double>(words.size());
}

/// A byline: "By Jane Doe".
bool is_byline(const std::string& line) {
  if (!starts_with_ignoring_case(line, "by ") || line.size() > 60 || line.size() < 5) return false;
  return line.find('.') == std::string::npos &&
         is_capital_or_digit(std::string_view(line).substr(3));
}

bool is_junk(const std::string& line) {
  if (line.size() > 330) return false;
  if (plain_junk_lines().matches(line)) return true;
  // "With inputs from agencies.*": the mark at the end is no sentence.
  const bool unpunctuated = line.find(". ") == std::string::npos;
  return (unpunctuated && credit_lines().matches(line)) || is_byline(line);
}

/// Above the first sentence: menus go, the first line that can be a headline is the title.
void Cleaner::clean_head() {
  const std::string given = fold_words(title_);
  const std::size_t first = first_sentence();
  // Above no story a line is all that is said, and no headline of anything.
  const bool no_story = first == lines_.size();
  for (std::size_t i = 0; i < lines_.size() && i <= first; ++i) {
    Line& line = lines_[i];
    if (!given.empty() && title_line_ == std::string::npos && fold_words(line.text) == given) {
      title_line_ = i;
      continue;
    }
    if (i == first) break;
    if (is_junk(line.text) || cut_headings().matches(line.text) || is_menu(line.text)) {
      line.dropped = true;
    } else if (given.empty() && !no_story && title_line_ == std::string::npos &&
               words_of(line.text).size() >= 3 && line.text.size() <= kLongestTitle) {
      title_line_ = i;
      title_ = line.text;
    }
  }
}

void Cleaner::cut_tail() {
  double total = 0;
  for (const Line& line : lines_)
    total += line.sentence ? static_cast<double>(line.text.size()) : 0;
  double passed = 0;
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Line& line = lines_[i];
    const bool bullet =
        line.text.front() == '-' || line.text.front() == '*' || line.text.starts_with("•");
    if (passed >= kCutBegins * total && passed > 0 && !line.sentence &&
        line.text.size() <= kLongestHeading && lines_.size() - i <= kMostLinesBehindCut &&
        !bullet && !ends_sentence(line.text) && total - passed <= kMostBehindCut * total &&
        cut_headings().matches(line.text)) {
      for (std::size_t k = i; k < lines_.size(); ++k) lines_[k].dropped = true;
      return;
    }
    if (line.sentence) passed += static_cast<double>(line.text.size());
  }
}

void Cleaner::drop_lines() {
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (i != title_line_ && is_junk(lines_[i].text)) lines_[i].dropped = true;
  }
}

/// One line of terms behind the story are its tags; two are a list.
void Cleaner::drop_terms() {
  Line* terms = nullptr;
  for (std::size_t i = behind_last_sentence(); i < lines_.size(); ++i) {
    if (lines_[i].dropped || i == title_line_ || !is_terms(lines_[i].text)) continue;
    if (terms != nullptr) return;
    terms = &lines_[i];
  }
  if (terms != nullptr) terms->dropped = true;
}

/// Headlines and names between the story and its furniture.
void Cleaner::drop_trailing() {
  const std::size_t from = behind_last_sentence();
  if (from > 0 && lines_[from - 1].text.back() == ':') return;
  std::vector<Line*> rest;
  bool furniture = false;
  for (std::size_t i = from; i < lines_.size(); ++i) {
    furniture = furniture || lines_[i].dropped;
    if (!lines_[i].dropped && i != title_line_) rest.push_back(&lines_[i]);
  }
  if (!furniture || rest.size() > kMostTrailing) return;
  for (Line* line : rest) {
    if (!ends_sentence(line->text) && line->text.size() < kLongestHeading) line->dropped = true;
  }
}

Cleaned Cleaner::run() {
  clean_head();
  cut_tail();
  drop_lines();
  drop_terms();
  drop_trailing();
  Cleaned out{.title = title_, .text = {}, .dropped = {}};
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    const Line& line = lines_[i];
    if (line.dropped) {
      out.dropped.push_back(line.text);
    } else if (i != title_line_) {
      if (!out.text.empty()) out.text += line.gap ? "\n\n" : "\n";
      out.text += line.text;
    }
  }
  return out;
}

}  // namespace

Cleaned clean_text(std::string_view title, std::string_view text, std::string_view language) {
  return Cleaner(title, text, language).run();
}

}  // namespace nutgraf
