#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/blocks.h"
#include "daemon/article/byline.h"
#include "daemon/article/letters.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/entities.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

template <std::size_t N>
bool one_of(const std::string_view (&list)[N], std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}

// clang-format off
constexpr std::string_view kMetaNames[] = {
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dc.creator.name",
    "dcterms.creator", "byl", "citation_author", "cxenseparse:author", "bt:author", "rbauthors",
    "shareaholic:article_author_name", "article.author", "article:author_name", "og:article:author",
    "og:author", "vr:author", "creator", "authors", "article_author", "content-author", "article-author"};

/// Class names of a byline; the joined ones are two parts of a name.
constexpr std::string_view kBylineParts[] = {
    "author", "authors", "byline", "bylines", "autor", "autoren", "auteur", "autore", "authorname",
    "contributor", "writer", "postedby", "verfasser", "redakteur", "firma", "articlebyline", "postauthor",
    "by-line", "posted-by", "article-by"};

/// Parts of a name that tell of more than the author's name.
constexpr std::string_view kNotJustName[] = {
    "bio", "about", "box", "avatar", "image", "img", "photo", "comment", "related", "social", "follow", "more",
    "list", "date", "time", "footer", "description", "desc", "card", "teaser", "job", "role", "title",
    "position"};

constexpr std::string_view kAuthorFolders[] = {
    "/author/", "/authors/", "/autor/", "/autoren/", "/auteur/", "/auteurs/", "/redakteur/", "/journalist/",
    "/by/", "/profile/", "/staff/", "/people/", "/contributor/", "/contributors/"};
// clang-format on

void merge(Names& into, const Names& names) {
  for (const std::string& name : names) {
    if (into.size() < kMostAuthors && std::ranges::find(into, name) == into.end())
      into.push_back(name);
  }
}

/// One place where a page may name its author.
struct Place {
  Index node;
  int level;  ///< 0: marked as author; 1: link to an author's page; 2: class; 3: class of a box.
  std::string text;
};

class Authors {
 public:
  explicit Authors(const PageFacts& facts) : facts_(facts), document_(facts.document()) {}
  Names find();

 private:
  struct Declared {
    std::string name;
    bool organization;
    bool person;  ///< Said to be one.
  };

  std::vector<Declared> declared(JsonLd::Index value) const;
  Names from_json_ld();
  Names from_meta() const;
  Names from_labels() const;
  void collect_places();
  std::optional<Place> place_at(Index i) const;
  Names from_places(int level) const;
  Names from_bylines() const;
  Names from_single_words() const;

  const PageFacts& facts_;
  const HtmlDocument& document_;
  std::string organization_;
  std::vector<Place> places_;
};

/// Authors as JSON-LD has them: a string, an object, a reference to one, or an array of these.
std::vector<Authors::Declared> Authors::declared(JsonLd::Index value) const {
  const JsonLd& ld = facts_.ld();
  std::vector<Declared> found;
  if (value == JsonLd::kNone) return found;
  const bool array = ld[value].kind == JsonLd::Kind::kArray;
  const JsonLd::Index end = ld[value].end;
  for (JsonLd::Index i = array ? value + 1 : value; i < end && found.size() < kMostAuthors;
       i = ld[i].end) {
    JsonLd::Index object = i;
    if (ld[i].kind == JsonLd::Kind::kString) {
      object = ld.by_id(ld[i].text);
      if (object == JsonLd::kNone) {
        found.push_back({ld[i].text, false, false});
        continue;
      }
    }
    std::string name(ld.text(object, "name"));
    if (name.empty()) {
      const JsonLd::Index other = ld.by_id(ld.text(object, "@id"));
      if (other != JsonLd::kNone) object = other;
      name = ld.text(object, "name");
    }
    if (name.empty()) {
      name = collapse_space(std::string(ld.text(object, "givenName")) + " " +
                            std::string(ld.text(object, "familyName")));
    }
    const auto is_a = [types = ld.types(object)](std::string_view kind) {
      return std::ranges::any_of(types, [kind](std::string_view type) {
        return type.find(kind) != std::string_view::npos;
      });
    };
    if (!name.empty()) found.push_back({name, is_a("Org"), is_a("Person")});
  }
  return found;
}

Names Authors::from_json_ld() {
  const std::vector<JsonLd::Index>& articles = facts_.articles();
  for (std::size_t k = 0; k < std::min<std::size_t>(4, articles.size()); ++k) {
    for (const std::string_view key : {"author", "creator"}) {
      Names names;
      for (const Declared& author : declared(facts_.ld().member(articles[k], key))) {
        if (organization_.empty()) organization_ = author.name;
        if (author.organization) continue;
        // A person may give the site its name; a string that does is the site.
        if (!author.person && facts_.is_site_exactly(author.name)) continue;
        const Names clean = clean_names(author.name);
        if (is_name(clean, false)) merge(names, clean);
      }
      if (!names.empty()) return names;
    }
  }
  return {};
}

Names Authors::from_meta() const {
  for (const std::string_view key : kMetaNames) {
    Names names;
    for (const std::string& value : facts_.meta(key)) {
      if (facts_.is_site_exactly(value)) continue;
      const Names clean = clean_names(value);
      if (is_name(clean, false)) merge(names, clean);
    }
    if (!names.empty()) return names;
  }
  return {};
}

/// Twitter cards have pairs of label and value: "Written by", "Jane Doe".
Names Authors::from_labels() const {
  for (const std::string_view number : {"1", "2"}) {
    const std::string label = lower_utf8(facts_.first_meta("twitter:label" + std::string(number)));
    constexpr std::string_view kLabels[] = {"written", "author", "by",      "verfasst", "von",
                                            "écrit",   "auteur", "escrito", "autor"};
    const bool fits = std::ranges::any_of(
        kLabels, [&](std::string_view word) { return contains_word(label, word); });
    if (!fits) continue;
    Names names = clean_names(facts_.first_meta("twitter:data" + std::string(number)));
    if (is_name(names, false)) return names;
  }
  return {};
}

bool has_word(std::string_view list, std::string_view word) {
  const std::vector<std::string_view> words = split(list, ' ');
  return std::ranges::find(words, word) != words.end();
}

bool links_to_author(std::string_view href) {
  return std::ranges::any_of(kAuthorFolders, [href](std::string_view folder) {
    const std::size_t at = href.find(folder);
    return at != std::string_view::npos && at + folder.size() < href.size();
  });
}

bool names_byline(const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (one_of(kBylineParts, parts[i])) return true;
    if (i + 1 < parts.size() && one_of(kBylineParts, parts[i] + "-" + parts[i + 1])) return true;
  }
  return false;
}

std::optional<Place> Authors::place_at(Index i) const {
  const std::string_view itemprop = document_.attr(i, Attr::kItemprop);
  const bool marked =
      has_word(itemprop, "author") || has_word(document_.attr(i, Attr::kRel), "author");
  const bool link = document_.tag(i) == Tag::kA && links_to_author(document_.attr(i, Attr::kHref));
  if (marked || link) {
    Index name = i;
    for (Index k = i + 1; k < document_.end(i); ++k) {
      if (document_.tag(k) != Tag::kText && document_.attr(k, Attr::kItemprop) == "name") {
        name = k;
        break;
      }
    }
    std::string text = document_.line(name, 401);
    if (text.empty()) text = document_.attr(name, Attr::kContent);
    if (text.empty() || char_count(text) > 100) return std::nullopt;
    return Place{i, marked ? 0 : 1, std::move(text)};
  }
  if (document_.attr(i, Attr::kClass).size() > 200) return std::nullopt;
  const std::vector<std::string> parts = name_parts(document_, i);
  if (!names_byline(parts)) return std::nullopt;
  std::string text = document_.line(i, 481);
  if (text.size() <= 3 || char_count(text) > 120) return std::nullopt;
  const bool box = std::ranges::any_of(parts, [](const std::string& part) {
    return std::ranges::any_of(
        kNotJustName, [&](std::string_view word) { return part.find(word) != std::string::npos; });
  });
  return Place{i, box ? 3 : 2, std::move(text)};
}

void Authors::collect_places() {
  constexpr std::size_t kMostPlaces = 200;
  for (Index i = 0; i < document_.size() && places_.size() < kMostPlaces; ++i) {
    const Tag tag = document_.tag(i);
    if (tag == Tag::kHead) i = document_.end(i) - 1;
    if (tag == Tag::kText || tag == Tag::kBody || tag == Tag::kHead || document_[i].count == 0)
      continue;
    if (is_never_text(tag)) continue;
    std::optional<Place> place = place_at(i);
    if (place && !facts_.is_elsewhere(i)) places_.push_back(std::move(*place));
  }
}

Names Authors::from_places(int level) const {
  Names names;
  Index parent = HtmlDocument::kNone;
  for (const Place& place : places_) {
    if (place.level != level) continue;
    const Names clean = clean_names(place.text);
    if (!is_name(clean, true) || facts_.is_site_exactly(clean.front())) continue;
    const Index own = document_.parent(place.node);
    if (names.empty()) {
      parent = own;
      names = clean;
    } else if (own == parent || document_.parent(own) == document_.parent(parent)) {
      merge(names, clean);  // Further authors stand beside the first one.
    }
  }
  return names;
}

Names Authors::from_bylines() const {
  const Index body = document_.find(Tag::kBody);
  if (body == HtmlDocument::kNone) return {};
  const PageText text(document_, body, NodeRules(document_.size()));
  const std::vector<Block>& blocks = text.blocks();
  std::size_t heading = blocks.size();
  for (std::size_t k = 0; k < blocks.size(); ++k) {
    if (blocks[k].tag == Tag::kH1) {
      heading = k;
      break;
    }
  }
  const bool has_heading = heading < blocks.size();
  if (!has_heading) heading = 0;
  for (std::size_t k = heading > 6 ? heading - 6 : 0; k < blocks.size(); ++k) {
    if (blocks[k].size > 200) continue;
    if (has_heading && k > heading + 25 && blocks[k].size >= 70) continue;
    Names names = byline_names(text.text(blocks[k]));
    if (is_name(names, true) && !facts_.is_site_exactly(names.front()) &&
        !facts_.is_elsewhere(blocks[k].element)) {
      return names;
    }
  }
  return {};
}

/// A pen name: one to three words where only an author would stand.
Names Authors::from_single_words() const {
  constexpr std::string_view kNot[] = {"the",   "about", "all",     "author", "post",
                                       "posts", "share", "written", "minute", "minutes",
                                       "read",  "date",  "blog",    "news"};
  for (const int level : {0, 1, 2}) {
    for (const Place& place : places_) {
      if (place.level != level || place.text.size() > 60) continue;
      Names names = clean_names(place.text);
      if (names.size() != 1 || names[0].size() > 30 || count_words(names[0]) > 3 ||
          !is_name(names, false))
        continue;
      const std::string folded = fold_words(names[0]);
      const std::vector<std::string_view> words = split(folded, ' ');
      const bool bad =
          std::ranges::any_of(words, [&](std::string_view word) { return one_of(kNot, word); });
      if (!bad && names[0].find_first_of(":?") == std::string::npos &&
          !facts_.is_site_exactly(names[0]))
        return names;
    }
  }
  return {};
}

Names Authors::find() {
  Names handle;
  for (Names names : {from_json_ld(), from_meta(), from_labels()}) {
    if (!names.empty() && !is_handle(names)) return names;
    if (handle.empty()) handle = std::move(names);
  }
  collect_places();
  for (const int level : {0, 1, 2, 3}) {
    if (Names names = from_places(level); !names.empty()) return names;
  }
  if (Names names = from_bylines(); !names.empty()) return names;
  if (!handle.empty()) return handle;
  if (Names names = from_single_words(); !names.empty()) return names;
  // Nobody but the publisher is named.
  if (organization_.empty()) organization_ = facts_.first_meta("author");
  const Names organization = clean_names(organization_);
  return is_name(organization, false) ? organization : Names{};
}

}  // namespace

std::vector<std::string> page_authors(const PageFacts& facts) { return Authors(facts).find(); }

}  // namespace nutgraf
