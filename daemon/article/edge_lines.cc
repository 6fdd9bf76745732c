#include "daemon/article/edge_lines.h"

#include <algorithm>
#include <array>
#include <span>

#include "daemon/article/letters.h"
#include "daemon/base/hash.h"

namespace nutgraf {
namespace {

/// Bylines, datelines and notes stand above a story, credits, biographies and prompts below it;
/// what stands deeper is not judged.
constexpr std::size_t kHead = 3;
constexpr std::size_t kTail = 5;
/// Longer paragraphs that recur are about somebody or something: the story may need them.
constexpr std::size_t kLongest = 300;
/// From here on a line with a sentence's end may be news.
constexpr double kRunning = 60;
/// Bytes of a line that can be a heading inside a story.
constexpr std::size_t kLongestHeading = 160;
/// So many lines inside a story are looked at, from its beginning.
constexpr std::size_t kMostInside = 64;
/// A title of fewer words stands in other lines by chance.
constexpr std::size_t kTitleWords = 3;

/// How words begin that say that a story was put right: no reader may miss that, however often it
/// happens to a feed.
constexpr std::array<std::string_view, 17> kCorrections = {
    "correct",   "clarif", "retract", "erratum",  "errata",   "updat",
    "berichtig", "korrig", "korrek",  "richtigs", "aktualis", "rectific",
    "rectif",    "corrig", "correç",  "исправл",  "уточнен"};

struct Line {
  std::string_view text;
  std::size_t begin = 0;  ///< Of what goes with it: the line breaks before it, too.
  std::size_t end = 0;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t from = 0, gap = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    const std::string_view line = text.substr(from, to - from);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      lines.push_back({line, gap, to});
      gap = to;
    }
    from = to + 1;
  }
  return lines;
}

bool at_edge(std::size_t index, std::size_t lines) {
  return index < kHead || index + kTail >= lines;
}

bool corrects(std::string_view folded) {
  return std::ranges::any_of(split(folded, ' '), [](std::string_view word) {
    return std::ranges::any_of(kCorrections,
                               [word](std::string_view begin) { return word.starts_with(begin); });
  });
}

bool leads_on(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r");
  return last != std::string_view::npos && (line[last] == ':' || line[last] == '?');
}

/// Lines by their folded words, in which the story's title counts as one: "The post … appeared
/// first on …" recurs.
class Folder {
 public:
  explicit Folder(std::string_view title) : title_(fold_words(title)) {
    if (count_words(title_) < kTitleWords) title_.clear();
  }

  /// Of a line at an edge; 0: it could not be furniture.
  std::uint64_t candidate(std::string_view line) const {
    if (leads_on(line) || weighted_length(line) > kLongest) return 0;
    const std::string folded = fold_words(line);
    return folded.empty() || folded == title_ || corrects(folded) ? 0 : hash_of(folded);
  }
  /// Of any other; it need not be one that could be furniture. 0: too long to be a heading.
  std::uint64_t inside(std::string_view line) const {
    return line.size() > kLongestHeading ? 0 : hash_of(fold_words(line));
  }

 private:
  std::uint64_t hash_of(std::string folded) const {
    const std::size_t at = title_.empty() ? std::string::npos : folded.find(title_);
    if (at != std::string::npos) folded.replace(at, title_.size(), "\n");
    return hash64(folded);
  }

  std::string title_;
};

bool is_running(std::string_view line) {
  return weighted_length(line) >= kRunning && has_sentence_end(line);
}

}  // namespace

std::vector<SeenLine> seen_lines(std::string_view title, std::string_view text) {
  const std::vector<Line> lines = lines_of(text);
  std::vector<SeenLine> seen;
  if (lines.size() < 2) return seen;
  const Folder fold(title);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool edge = at_edge(i, lines.size());
    if (!edge && i >= kHead + kMostInside) continue;
    const std::uint64_t line = edge ? fold.candidate(lines[i].text) : fold.inside(lines[i].text);
    if (line == 0) continue;
    const auto twin = std::ranges::find(seen, line, &SeenLine::line);
    if (twin != seen.end()) {
      twin->inside |= !edge;  // Once inside is enough to be doubted.
      continue;
    }
    seen.push_back(
        {.line = line, .inside = !edge, .running = is_running(lines[i].text), .text = {}});
    if (edge) seen.back().text = cut_utf8(lines[i].text, kLineText);
  }
  return seen;
}

std::string without_furniture(std::string_view title, std::string_view text,
                              const Furniture& furniture, Time first_seen) {
  const auto known = [&](std::uint64_t line) {
    return line != 0 && std::ranges::any_of(furniture.lines, [&](const FurnitureLine& learned) {
             return learned.line == line && learned.concerns(first_seen);
           });
  };
  if (furniture.lines.empty()) return std::string(text);
  const std::vector<Line> lines = lines_of(text);
  const Folder fold(title);
  std::string out;
  bool removed = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (at_edge(i, lines.size()) && known(fold.candidate(lines[i].text))) {
      removed = true;
      continue;
    }
    // The first that stays leaves the line breaks before it behind.
    const std::size_t begin =
        out.empty() && i > 0 ? lines[i].end - lines[i].text.size() : lines[i].begin;
    out += text.substr(begin, lines[i].end - begin);
  }
  return !removed || out.empty() ? std::string(text) : out;
}

}  // namespace nutgraf
