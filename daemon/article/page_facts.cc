#include "daemon/article/page_facts.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

#include "daemon/article/letters.h"
#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

/// Second-level labels that belong to the registry, not to the site ("co.uk", "com.au").
bool is_registry_label(std::string_view label) {
  constexpr std::string_view kLabels[] = {"co", "com", "org", "net", "gov",
                                          "ac", "edu", "gob", "go"};
  return std::ranges::find(kLabels, label) != std::end(kLabels);
}

std::string site_label(std::string_view host) {
  const std::vector<std::string_view> labels = split(host, '.');
  if (labels.size() < 2) return std::string(host);
  std::size_t at = labels.size() - 2;
  if (at > 0 && is_registry_label(labels[at])) --at;
  return std::string(labels[at]);
}

std::string without(std::string_view text, std::string_view chars) {
  std::string out;
  for (const char c : text) {
    if (chars.find(c) == std::string_view::npos) out += c;
  }
  return out;
}

/// A class or id names a place of other stories or other people ("related-posts").
bool names_elsewhere(std::string_view value) {
  constexpr std::string_view kWords[] = {
      "comment", "comments", "commentlist", "related",  "sidebar", "footer",    "recommended",
      "disqus",  "widget",   "teaser",      "trending", "popular", "newsletter"};
  // A page builder calls every piece of a page a widget; a page says that it has a sidebar.
  constexpr std::string_view kNotNames[] = {"elementor", "has",  "is",     "no",
                                            "not",       "with", "without"};
  // "entry-footer" ends the story, not the page: there it says who wrote it.
  constexpr std::string_view kStories[] = {"article", "entry", "post", "story"};
  for (const std::string_view name : split(value, ' ')) {
    // "lg:mr-[--sidebar-width]" says how it looks, not what it is.
    if (name.find_first_of(":[/") != std::string_view::npos) continue;
    bool first = true;
    bool story = false;
    for (std::size_t at = 0; at <= name.size();) {
      const std::size_t stop = std::min(name.find_first_of("-_", at), name.size());
      const std::string part = lower_utf8(name.substr(at, stop - at));
      if (first && stop < name.size() && std::ranges::find(kNotNames, part) != std::end(kNotNames))
        break;
      first = false;
      const bool own = story && part == "footer";
      if (!own && std::ranges::find(kWords, part) != std::end(kWords)) return true;
      story = std::ranges::find(kStories, part) != std::end(kStories);
      at = stop + 1;
    }
  }
  return false;
}

/// Nodes around a heading that are about its story, whatever their box is called.
constexpr Index kBesideBelow = 40;
constexpr Index kBesideAbove = 12;
/// A text of so many bytes is a paragraph of the story.
constexpr std::uint32_t kStoryText = 100;
/// Headings that are looked at.
constexpr std::size_t kMaxHeadings = 64;

/// Fewer words stand in a title by chance.
constexpr std::size_t kLeastTitleWords = 3;
constexpr std::size_t kLongestTitle = 400;

/// Metas a page may have; more are no metadata.
constexpr std::size_t kMaxMetas = 1000;

}  // namespace

PageFacts::PageFacts(const HtmlDocument& document, std::string_view url)
    : document_(document), url_(url), host_(host_of(url)) {
  if (host_.starts_with("www.")) host_.erase(0, 4);
  label_ = site_label(host_);
  read_head();
  articles_ = ld_.articles();
  read_site_names();
  read_titled_headings();
}

void PageFacts::read_head() {
  std::size_t metas = 0;
  for (Index i = 0; i < document_.size(); ++i) {
    if (document_.tag(i) == Tag::kH1 && headings_.size() < kMaxHeadings) {
      headings_.push_back(i);
    } else if (document_.tag(i) == Tag::kScript) {
      if (document_.attr(i, Attr::kType).find("ld+json") == std::string_view::npos) continue;
      for (Index k = i + 1; k < document_.end(i); ++k) ld_.add(document_.text(k));
    } else if (document_.tag(i) == Tag::kMeta && ++metas <= kMaxMetas) {
      const std::string_view content = trim(document_.attr(i, Attr::kContent));
      if (content.empty()) continue;
      for (const Attr key : {Attr::kName, Attr::kProperty, Attr::kItemprop, Attr::kHttpEquiv}) {
        const std::string_view name = trim(document_.attr(i, key));
        if (!name.empty()) meta_[lower_utf8(name)].push_back(collapse_space(content));
      }
    }
  }
}

/// Where no h1 repeats a declared title, as it holds the site's name or is missing, the smaller
/// headings that do are the headline.
void PageFacts::read_titled_headings() {
  const std::vector<std::string> titles = declared_titles();
  std::vector<Index> titled;
  for (Index i = 0; i < document_.size() && titled.size() < kMaxHeadings; ++i) {
    if (!is_heading(document_.tag(i))) continue;
    const std::string words = " " + fold_words(document_.line(i, kLongestTitle)) + " ";
    const bool declared = std::ranges::any_of(
        titles, [&](const std::string& title) { return title.find(words) != std::string::npos; });
    if (!declared || count_words(words) < kLeastTitleWords || is_site_exactly(words)) continue;
    if (document_.tag(i) == Tag::kH1) return;
    titled.push_back(i);
  }
  if (!titled.empty()) headings_ = std::move(titled);
}

/// Folded, with a blank at either end.
std::vector<std::string> PageFacts::declared_titles() const {
  std::vector<std::string> titles;
  const Index element = document_.find(Tag::kTitle);
  if (element != HtmlDocument::kNone) {
    titles.push_back(" " + fold_words(document_.line(element, kLongestTitle)) + " ");
  }
  for (const std::string_view name : {"og:title", "twitter:title"}) {
    if (!first_meta(name).empty()) titles.push_back(" " + fold_words(first_meta(name)) + " ");
  }
  return titles;
}

void PageFacts::add_site_name(std::string_view name) {
  std::string folded = fold_words(name);
  if (!folded.empty() && std::ranges::find(site_names_, folded) == site_names_.end()) {
    site_names_.push_back(std::move(folded));
  }
}

void PageFacts::read_site_names() {
  for (const std::string_view key :
       {"og:site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher",
        "publisher", "citation_journal_title"}) {
    for (const std::string& name : meta(key)) add_site_name(name);
  }
  for (JsonLd::Index i = 0; i < ld_.size() && site_names_.size() < 16; ++i) {
    if (ld_[i].kind != JsonLd::Kind::kObject) continue;
    const bool publisher = ld_[i].key == "publisher";
    const bool site = std::ranges::any_of(ld_.types(i), [](std::string_view type) {
      return type == "WebSite" || type.ends_with("Organization");
    });
    if (publisher || (site && ld_[i].key != "author" && ld_[i].key != "creator")) {
      add_site_name(ld_.text(i, "name"));
      add_site_name(ld_.text(i, "alternateName"));
    }
  }
}

const std::vector<std::string>& PageFacts::meta(std::string_view name) const {
  static const std::vector<std::string> nothing;
  const auto at = meta_.find(std::string(name));
  return at == meta_.end() ? nothing : at->second;
}

std::string_view PageFacts::first_meta(std::string_view name) const {
  const std::vector<std::string>& values = meta(name);
  return values.empty() ? std::string_view{} : std::string_view(values.front());
}

bool PageFacts::is_site_exactly(std::string_view words) const {
  const std::string folded = fold_words(words);
  const std::string joined = without(folded, " ");
  return std::ranges::find(site_names_, folded) != site_names_.end() ||
         joined == without(label_, "-") || joined == without(host_, "-.");
}

bool PageFacts::is_site(std::string_view words) const {
  const std::string folded = fold_words(words);
  const std::string joined = without(folded, " ");
  if (joined.empty() || is_site_exactly(words)) return true;
  if (joined.size() >= 3 && without(host_, "-.").find(joined) != std::string::npos) return true;
  const std::string label = without(label_, "-");
  if (!label.empty() && joined.find(label) != std::string::npos &&
      joined.size() <= 3 * label.size() + 6) {
    return true;
  }
  return count_words(folded) <= 6 && std::ranges::any_of(site_names_, [&](const std::string& name) {
           return name.size() > 3 && (name.find(folded) != std::string::npos ||
                                      folded.find(name) != std::string::npos);
         });
}

std::vector<std::string> name_parts(const HtmlDocument& document, Index i) {
  std::vector<std::string> parts;
  for (const Attr key : {Attr::kClass, Attr::kId}) {
    std::string part;
    for (const char c : document.attr(i, key)) {
      if (c == ' ' || c == '-' || c == '_') {
        if (!part.empty()) parts.push_back(std::move(part));
        part.clear();
      } else {
        part += to_lower(c);
      }
    }
    if (!part.empty()) parts.push_back(std::move(part));
  }
  return parts;
}

bool PageFacts::is_layout(Index i) const {
  // A sidebar beside the story is small, and so is another story's teaser with its own heading.
  if (document_.end(i) - i >= document_.size() / 2) return true;
  if (document_.end(i) - i < document_.size() / 10) return false;
  const auto first = std::ranges::lower_bound(headings_, i);
  return first != headings_.end() && *first < document_.end(i);
}

bool PageFacts::is_elsewhere(Index i) const {
  // Deep pages: the answer lies near, and the walk must stay bounded.
  for (int steps = 0; i != HtmlDocument::kNone && steps < 40; i = document_.parent(i), ++steps) {
    const Tag tag = document_.tag(i);
    if (tag == Tag::kAside || tag == Tag::kFooter || tag == Tag::kNav) return true;
    if (tag == Tag::kArticle || tag == Tag::kBody || tag == Tag::kMain) return false;
    if (document_[i].count == 0 || tag == Tag::kText) continue;
    const bool named = names_elsewhere(document_.attr(i, Attr::kClass)) ||
                       names_elsewhere(document_.attr(i, Attr::kId));
    if (named && !is_layout(i)) return true;
  }
  return false;
}

bool PageFacts::is_beside_heading(Index i) const {
  const auto next = std::ranges::upper_bound(headings_, i);
  if (next != headings_.end() && *next - i <= kBesideAbove) return true;
  if (next == headings_.begin()) return false;
  const Index below = document_.end(*std::prev(next));
  if (i < below || i - below > kBesideBelow) return false;
  for (Index k = below; k < i; ++k) {
    if (document_.is_text(k) && document_[k].count >= kStoryText) return false;
  }
  return true;
}

}  // namespace nutgraf
