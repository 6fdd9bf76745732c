#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/letters.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/entities.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

/// A mark between the parts of a title: "Headline | Site", "Section – Headline".
struct Separator {
  std::size_t begin;
  std::size_t end;
  bool bar;
};

bool is_separator(char32_t c) {
  return c == '|' || c == '-' || c == 0x2013 || c == 0x2014 || c == 0xB7 || c == 0x2022 ||
         c == 0xBB || c == 0xAB || c == '~' || c == ':';
}

/// Marks with blanks around them; a bar needs none.
std::vector<Separator> separators(std::string_view title) {
  std::vector<Separator> found;
  for (std::size_t at = 0; at < title.size();) {
    std::size_t next = at;
    const char32_t c = next_code_point(title, next);
    if (!is_separator(c)) {
      at = next;
      continue;
    }
    while (next < title.size()) {
      std::size_t after = next;
      if (!is_separator(next_code_point(title, after))) break;
      next = after;
    }
    const bool blanks = at > 0 && title[at - 1] == ' ' && next < title.size() && title[next] == ' ';
    if (blanks || c == '|') {
      const std::size_t begin = at > 0 && title[at - 1] == ' ' ? at - 1 : at;
      found.push_back(
          {begin, next < title.size() && title[next] == ' ' ? next + 1 : next, c == '|'});
    }
    at = next;
  }
  return found;
}

/// "Example: What happened" without the site's name before the colon.
std::string_view without_site_prefix(const PageFacts& facts, std::string_view title) {
  const std::size_t colon = title.find(": ");
  if (colon == std::string_view::npos || colon < 3 || colon > 40) return title;
  const std::string_view rest = trim(title.substr(colon + 1));
  return count_words(rest) >= 2 && facts.is_site_exactly(title.substr(0, colon)) ? rest : title;
}

/// A declared title without the site's name at either end, and without a short last part.
std::string cut_title(const PageFacts& facts, std::string_view title) {
  title = without_site_prefix(facts, title);
  for (int round = 0; round < 3; ++round) {
    const std::vector<Separator> marks = separators(title);
    if (marks.empty()) break;
    const std::string_view head = title.substr(0, marks.back().begin);
    if (facts.is_site(title.substr(marks.back().end)) && count_words(head) >= 1) {
      title = head;
      continue;
    }
    const std::string_view tail = title.substr(marks.front().end);
    if (!facts.is_site(title.substr(0, marks.front().begin)) || count_words(tail) < 2) break;
    title = tail;
  }
  const std::vector<Separator> marks = separators(title);
  if (!marks.empty()) {
    const std::string_view head = title.substr(0, marks.back().begin);
    const std::size_t least = marks.back().bar ? 2 : 3;
    if (count_words(title.substr(marks.back().end)) <= 4 && count_words(head) >= least)
      title = head;
  }
  return std::string(trim(title));
}

/// The titles that the page declares, best first, and what it shows.
class Titles {
 public:
  explicit Titles(const PageFacts& facts);
  std::string best() const;

 private:
  std::optional<std::string> partial_heading() const;
  std::optional<std::string> confirmed_heading() const;
  std::optional<std::string> overlapping_heading() const;
  std::optional<std::string> only_heading() const;

  const PageFacts& facts_;
  std::vector<Index> h1s_;
  std::vector<std::string> headings_;
  std::vector<std::string> headlines_;  // JSON-LD.
  std::vector<std::string> declared_;   // og:title, headline, title element, as they are; folded.
  std::string og_, element_;            // Cut.
};

Titles::Titles(const PageFacts& facts) : facts_(facts) {
  const HtmlDocument& document = facts.document();
  for (Index i = 0; i < document.size() && headings_.size() < 16; ++i) {
    if (document.tag(i) != Tag::kH1) continue;
    std::string text = document.line(i, 1600);
    if (text.empty() || char_count(text) > 400) continue;
    h1s_.push_back(i);
    headings_.push_back(std::move(text));
  }
  for (std::size_t k = 0; k < std::min<std::size_t>(3, facts.articles().size()); ++k) {
    std::string headline = plain_text(facts.ld().text(facts.articles()[k], "headline"));
    if (!headline.empty()) headlines_.push_back(std::move(headline));
  }
  std::string og(facts.first_meta("og:title"));
  if (og.empty()) og = facts.first_meta("twitter:title");
  og = collapse_space(decode_entities(og));
  std::string element;
  for (Index i = document.find(Tag::kTitle); i != HtmlDocument::kNone && element.empty();
       i = document.find(Tag::kTitle, i + 1)) {
    element = collapse_space(decode_entities(document.line(i, 2000)));
  }
  og_ = cut_title(facts, og);
  element_ = cut_title(facts, element);
  for (const std::string& title : {element, og}) {
    if (!title.empty()) declared_.push_back(fold_words(title));
  }
  for (const std::string& title : headlines_) declared_.push_back(fold_words(title));
}

/// An h1 that equals a declared title but for its first or last piece (a rubric, a date).
std::optional<std::string> Titles::partial_heading() const {
  std::vector<std::string> wanted;
  for (const std::string& title : {og_, element_}) {
    if (!title.empty() && !facts_.is_site(title)) wanted.push_back(fold_words(title));
  }
  if (!headlines_.empty()) wanted.push_back(fold_words(headlines_.front()));
  const HtmlDocument& document = facts_.document();
  for (const Index h1 : h1s_) {
    std::vector<std::string> pieces;
    for (Index i = h1; i < document.end(h1); ++i) {
      std::string piece = collapse_space(document.text(i));
      if (!piece.empty()) pieces.push_back(std::move(piece));
    }
    if (pieces.size() < 2) continue;
    for (const auto& [from, to] :
         {std::pair{std::size_t{1}, pieces.size()}, std::pair{std::size_t{0}, pieces.size() - 1}}) {
      std::string part;
      for (std::size_t k = from; k < to; ++k) part += (part.empty() ? "" : " ") + pieces[k];
      if (count_words(part) >= 3 && std::ranges::find(wanted, fold_words(part)) != wanted.end()) {
        return part;
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> Titles::confirmed_heading() const {
  for (const std::string& heading : headings_) {
    const std::string folded = fold_words(heading);
    if (char_count(folded) < 8 || facts_.is_site(heading)) continue;
    const bool declared = std::ranges::any_of(declared_, [&](const std::string& title) {
      return title.find(folded) != std::string::npos;
    });
    if (declared) return heading;
  }
  return std::nullopt;
}

/// Share of the shorter title's words that the other has.
double overlap(const std::string& a, const std::string& b) {
  std::vector<std::string_view> x = split(a, ' '), y = split(b, ' ');
  for (std::vector<std::string_view>* words : {&x, &y}) {
    std::ranges::sort(*words);
    words->erase(std::unique(words->begin(), words->end()), words->end());
  }
  if (x.size() < 3 || y.size() < 3) return 0;
  std::vector<std::string_view> common;
  std::ranges::set_intersection(x, y, std::back_inserter(common));
  return static_cast<double>(common.size()) / static_cast<double>(std::min(x.size(), y.size()));
}

std::optional<std::string> Titles::overlapping_heading() const {
  std::vector<std::string> wanted{fold_words(og_), fold_words(element_)};
  for (const std::string& title : headlines_) wanted.push_back(fold_words(title));
  double best = 0;
  std::optional<std::string> result;
  for (const std::string& heading : headings_) {
    const std::string folded = fold_words(heading);
    for (const std::string& title : wanted) {
      const double share = overlap(folded, title);
      if (share > best) {
        best = share;
        result = heading;
      }
    }
  }
  return best >= 0.6 ? result : std::nullopt;
}

std::optional<std::string> Titles::only_heading() const {
  std::optional<std::string> result;
  for (const std::string& heading : headings_) {
    if (count_words(heading) < 3 || facts_.is_site(heading)) continue;
    if (result) return std::nullopt;
    result = heading;
  }
  return result;
}

std::string Titles::best() const {
  if (const auto heading = partial_heading()) return *heading;
  if (const auto heading = confirmed_heading()) return *heading;
  if (const auto heading = overlapping_heading()) return *heading;
  if (const auto heading = only_heading()) return *heading;
  if (!og_.empty() && !facts_.is_site(og_)) return og_;
  if (!headlines_.empty()) return headlines_.front();
  if (!element_.empty()) return element_;
  return headings_.empty() ? std::string{} : headings_.front();
}

}  // namespace

std::string page_title(const PageFacts& facts) { return Titles(facts).best(); }

}  // namespace nutgraf
