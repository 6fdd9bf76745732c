#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/letters.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

/// A heading of fewer letters confirms nothing.
constexpr std::size_t kLeastHeading = 8;
/// A heading of more letters is a lead, unless a declared title says the same.
constexpr std::size_t kLongestLone = 200;
/// Headings below h1 that are looked at.
constexpr int kMostSubheadings = 60;

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

/// "Headline-新华网": scripts without blanks have none around the mark either.
std::string_view without_dense_tail(std::string_view title) {
  constexpr std::size_t kLongestTail = 24;  // Bytes: eight characters.
  const std::size_t mark = title.find_last_of("-_|");
  if (mark == std::string_view::npos || mark == 0 || title.size() - mark - 1 > kLongestTail) {
    return title;
  }
  std::size_t at = mark + 1;
  if (at >= title.size() || !is_dense_script(next_code_point(title, at))) return title;
  const std::string_view head = title.substr(0, mark);
  return weighted_length(head) > 2 * weighted_length(title.substr(mark + 1)) ? head : title;
}

/// A declared title without the site's name at either end, and without a short last part.
std::string cut_title(const PageFacts& facts, std::string_view title, const ArticleRules& rules) {
  if (rules.has(ArticleRule::kTitleSite)) title = without_site_prefix(facts, title);
  for (int round = 0; round < 3 && rules.has(ArticleRule::kTitleSite); ++round) {
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
  if (rules.has(ArticleRule::kTitleDenseTail)) title = without_dense_tail(title);
  const std::vector<Separator> marks = separators(title);
  if (!marks.empty() && rules.has(ArticleRule::kTitleLastPart)) {
    const std::string_view head = title.substr(0, marks.back().begin);
    const std::size_t least = marks.back().bar ? 2 : 3;
    if (count_words(title.substr(marks.back().end)) <= 4 && count_words(head) >= least)
      title = head;
  }
  return std::string(trim(title));
}

/// `above` is a folder that this page stands in: the front page of a blog that is part of a site.
bool is_folder_of(const Url& above, std::string_view page) {
  const std::optional<Url> url = parse_url(page);
  return url && url->host == above.host && !above.has_query && above.path.ends_with('/') &&
         url->path.size() > above.path.size() && url->path.starts_with(above.path);
}

/// The heading is the site's name, set as a link to its front page.
bool links_to_front_page(const PageFacts& facts, Index heading) {
  const HtmlDocument& document = facts.document();
  const Index link = document.find(Tag::kA, heading);
  if (link == HtmlDocument::kNone || link >= document.end(heading)) return false;
  if (document.attr(link, Attr::kRel) == "home") return true;
  const std::string_view target = trim(document.attr(link, Attr::kHref));
  if (target.empty()) return false;
  const std::optional<Url> url = parse_url(resolve_url(facts.url(), target));
  if (!url) return false;
  const bool front = (url->path.empty() || url->path == "/") && !url->has_query;
  return front || is_folder_of(*url, facts.url());
}

/// Words in the class of the small line that some sites set into the heading, above the headline.
bool names_kicker(std::string_view name) {
  constexpr std::string_view kWords[] = {"category", "dachzeile",  "eyebrow", "kicker",
                                         "label",    "overline",   "prefix",  "pretitle",
                                         "roofline", "rubric",     "section", "spitzmarke",
                                         "subtitle", "supertitle", "topic",   "topline"};
  const std::string lower = lower_utf8(name);
  return std::ranges::any_of(
      kWords, [&lower](std::string_view word) { return lower.find(word) != std::string::npos; });
}

/// The heading's words without a first piece whose element is named as a kicker.
std::string without_kicker(const HtmlDocument& document, Index heading, const std::string& text) {
  for (Index i = heading + 1; i < document.end(heading); ++i) {
    if (!trim(document.text(i)).empty()) break;
    if (!names_kicker(document.attr(i, Attr::kClass))) continue;
    const std::string kicker = document.line(i, text.size() + 1);
    if (kicker.empty() || !text.starts_with(kicker)) break;
    std::string_view rest = std::string_view(text).substr(kicker.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" :|-"), rest.size()));
    return count_words(rest) >= 2 ? std::string(rest) : text;
  }
  return text;
}

/// What stands between the marks of a title, folded.
void add_segments(std::vector<std::string>& segments, std::string_view title) {
  std::size_t from = 0;
  for (const Separator& mark : separators(title)) {
    segments.push_back(fold_words(title.substr(from, mark.begin - from)));
    from = mark.end;
  }
  segments.push_back(fold_words(title.substr(from)));
}

/// Both folded: the title has these words, whole and in this order.
bool holds_words(const std::string& title, const std::string& words) {
  return (" " + title + " ").find(" " + words + " ") != std::string::npos;
}

/// The titles that the page declares, best first, and what it shows.
class Titles {
 public:
  Titles(const PageFacts& facts, const ArticleRules& rules);
  std::string best() const;

 private:
  std::optional<std::string> partial_heading() const;
  std::optional<std::string> confirmed_heading() const;
  std::optional<std::string> overlapping_heading() const;
  std::optional<std::string> only_heading() const;
  bool is_confirmed(const std::string& folded) const;
  std::vector<std::string> declared_parts() const;
  std::optional<std::string> subheading() const;

  const PageFacts& facts_;
  const ArticleRules& rules_;
  std::vector<Index> h1s_;
  std::vector<std::string> headings_;
  std::vector<std::string> headlines_;  // JSON-LD.
  std::vector<std::string> declared_;   // og:title, headline, title element, as they are; folded.
  std::vector<std::string> uncut_;      // og:title, title element and others, as they are.
  std::vector<std::string> segments_;   // What stands between the marks of these; folded.
  std::string og_, element_;            // Cut.
};

Titles::Titles(const PageFacts& facts, const ArticleRules& rules) : facts_(facts), rules_(rules) {
  const HtmlDocument& document = facts.document();
  for (Index i = 0; i < document.size() && headings_.size() < 16; ++i) {
    if (document.tag(i) != Tag::kH1) continue;
    if (rules.has(ArticleRule::kTitleFrontPage) && links_to_front_page(facts, i)) continue;
    std::string text = document.line(i, 1600);
    if (rules.has(ArticleRule::kTitleKicker)) text = without_kicker(document, i, text);
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
  uncut_ = {og, element};
  for (const std::string& other : facts.meta("twitter:title")) {
    std::string title = collapse_space(decode_entities(other));
    if (title != og) uncut_.push_back(std::move(title));
  }
  for (const std::string& title : uncut_) add_segments(segments_, title);
  for (const std::string& title : headlines_) add_segments(segments_, title);
  og_ = cut_title(facts, og, rules);
  element_ = cut_title(facts, element, rules);
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

/// Some words of a title confirm a heading; one or two may be in it by chance, or name the section.
bool Titles::is_confirmed(const std::string& folded) const {
  constexpr std::size_t kFewWords = 2;
  const bool few = count_words(folded) <= kFewWords;
  const std::string og = fold_words(uncut_.front());
  if (few && !og.empty() && !og.starts_with(folded) && !holds_words(og, folded)) return false;
  if (few && std::ranges::find(segments_, folded) != segments_.end()) return true;
  return std::ranges::any_of(declared_, [&](const std::string& title) {
    return few ? title.starts_with(folded) : title.find(folded) != std::string::npos;
  });
}

std::optional<std::string> Titles::confirmed_heading() const {
  for (const std::string& heading : headings_) {
    const std::string folded = fold_words(heading);
    if (char_count(folded) < kLeastHeading || facts_.is_site(heading)) continue;
    if (is_confirmed(folded)) return heading;
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

/// The declared titles and what stands before or behind their first and last marks, folded.
std::vector<std::string> Titles::declared_parts() const {
  std::vector<std::string> parts;
  for (const std::string& title : uncut_) {
    parts.push_back(fold_words(title));
    const std::vector<Separator> marks = separators(title);
    if (marks.empty()) continue;
    parts.push_back(fold_words(title.substr(0, marks.front().begin)));
    parts.push_back(fold_words(title.substr(0, marks.back().begin)));
    parts.push_back(fold_words(title.substr(marks.back().end)));
  }
  return parts;
}

/// Where no h1 is the headline: a smaller heading that the declared titles confirm word for word.
std::optional<std::string> Titles::subheading() const {
  const HtmlDocument& document = facts_.document();
  const std::vector<std::string> parts = declared_parts();
  int looked_at = 0;
  for (Index i = 0; i < document.size() && looked_at < kMostSubheadings; ++i) {
    if (document.tag(i) != Tag::kH2 && document.tag(i) != Tag::kH3) continue;
    ++looked_at;
    std::string text = document.line(i, 1600);
    const std::string folded = fold_words(text);
    if (char_count(folded) < kLeastHeading || facts_.is_site(text)) continue;
    if (std::ranges::find(parts, folded) != parts.end()) return text;
  }
  return std::nullopt;
}

/// The page's one heading that can be a headline, whatever the declared titles say: these are often
/// written for search engines.
std::optional<std::string> Titles::only_heading() const {
  std::optional<std::string> result;
  for (std::size_t k = 0; k < headings_.size(); ++k) {
    const std::string& heading = headings_[k];
    const bool headline = count_words(heading) >= 3 && char_count(heading) <= kLongestLone &&
                          !facts_.is_site(heading) && !facts_.is_elsewhere(h1s_[k]);
    if (!headline) continue;
    if (result) return std::nullopt;
    result = heading;
  }
  return result;
}

std::string Titles::best() const {
  const std::pair<ArticleRule, std::optional<std::string> (Titles::*)() const> headings[] = {
      {ArticleRule::kTitlePartialHeading, &Titles::partial_heading},
      {ArticleRule::kTitleConfirmedHeading, &Titles::confirmed_heading},
      {ArticleRule::kTitleOverlap, &Titles::overlapping_heading},
      {ArticleRule::kTitleSubheading, &Titles::subheading},
      {ArticleRule::kTitleOnlyHeading, &Titles::only_heading},
  };
  for (const auto& [rule, find] : headings) {
    if (!rules_.has(rule)) continue;
    if (auto heading = (this->*find)()) return *heading;
  }
  if (!og_.empty() && !facts_.is_site(og_)) return og_;
  if (!headlines_.empty()) return headlines_.front();
  if (!element_.empty()) return element_;
  return headings_.empty() ? std::string{} : headings_.front();
}

}  // namespace

std::string page_title(const PageFacts& facts, const ArticleRules& rules) {
  return Titles(facts, rules).best();
}

}  // namespace nutgraf
