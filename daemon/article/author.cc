#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/article/biography.h"
#include "daemon/article/blocks.h"
#include "daemon/article/byline.h"
#include "daemon/article/letters.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/entities.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

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

  enum class SaidToBe { kNothing, kPerson };

  /// The names in a declaration without those of the site; these are put aside.
  Names names_but_site(std::string_view declaration, SaidToBe said = SaidToBe::kNothing);

  std::vector<Declared> declared(JsonLd::Index value) const;
  Names from_json_ld();
  Names from_meta();
  Names from_labels();
  void collect_places();
  std::optional<Place> place_at(Index i) const;
  Names from_places(int level) const;
  Names from_bylines(const PageText& text);
  Names from_biography(const PageText& text) const;
  Names from_single_words() const;

  const PageFacts& facts_;
  const HtmlDocument& document_;
  Names organization_;    ///< Declared, and not the site: an agency.
  Names named_aside_;     ///< Behind "Author" in a box beside the story.
  Names site_as_author_;  ///< Where the site is declared to be the author: who it may be.
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

std::string last_word(std::string_view name) {
  const std::vector<std::string_view> words = split(name, ' ');
  std::string last = words.empty() ? std::string{} : lower_utf8(words.back());
  while (!last.empty() && last.back() == '.') last.pop_back();
  return last;
}

/// "Example Web Design Ltd".
bool is_firm(std::string_view name) {
  constexpr std::string_view kForms[] = {"ag",  "corp", "e.v", "gmbh", "inc", "kg",
                                         "llc", "ltd",  "plc", "s.a",  "s.l", "s.r.l"};
  return one_of(kForms, last_word(name));
}

/// "Example News": no person is called so.
bool is_outlet(std::string_view name) {
  constexpr std::string_view kEnds[] = {
      "blog",      "company",  "foundation", "group",  "journal", "limited", "magazin",
      "magazine",  "media",    "news",       "online", "post",    "press",   "radio",
      "redaktion", "stiftung", "team",       "times",  "tv",      "verlag",  "zeitung"};
  return is_firm(name) || one_of(kEnds, last_word(name));
}

Names Authors::names_but_site(std::string_view declaration, SaidToBe said) {
  const bool person = said == SaidToBe::kPerson;
  const Names names = clean_names(declaration);
  // "Science in the City": what is left of a site's name is nobody's.
  const bool cut = names.size() != 1 || names[0] != collapse_space(declaration);
  if (cut && facts_.is_site_exactly(declaration)) return {};
  Names others;
  for (const std::string& name : names) {
    const bool site = facts_.is_site_exactly(name);
    if (site && (person || (is_name({name}, true) && !is_outlet(name))))
      merge(site_as_author_, {name});
    // "Example Ltd, Munich, Germany": what follows a firm is where it is.
    if ((site || is_firm(name)) && others.empty() && !person) return {};
    if (!site) others.push_back(name);
  }
  return others;
}

Names Authors::from_json_ld() {
  const std::vector<JsonLd::Index>& articles = facts_.articles();
  for (std::size_t k = 0; k < std::min<std::size_t>(4, articles.size()); ++k) {
    for (const std::string_view key : {"author", "creator"}) {
      Names names;
      for (const Declared& author : declared(facts_.ld().member(articles[k], key))) {
        if (author.organization) {
          if (organization_.empty() && !facts_.is_site(author.name))
            organization_ = clean_names(author.name);
          continue;
        }
        const Names clean =
            names_but_site(author.name, author.person ? SaidToBe::kPerson : SaidToBe::kNothing);
        if (is_name(clean, false)) merge(names, clean);
      }
      if (!names.empty()) return names;
    }
  }
  return {};
}

Names Authors::from_meta() {
  for (const std::string_view key : kMetaNames) {
    Names names;
    for (const std::string& value : facts_.meta(key)) {
      const Names clean = names_but_site(value);
      if (is_name(clean, false)) merge(names, clean);
    }
    if (!names.empty()) return names;
  }
  return {};
}

/// Twitter cards have pairs of label and value: "Written by", "Jane Doe".
Names Authors::from_labels() {
  for (const std::string_view number : {"1", "2"}) {
    const std::string label = lower_utf8(facts_.first_meta("twitter:label" + std::string(number)));
    constexpr std::string_view kLabels[] = {"written", "author", "by",      "verfasst", "von",
                                            "écrit",   "auteur", "escrito", "autor"};
    const bool fits = std::ranges::any_of(
        kLabels, [&](std::string_view word) { return contains_word(label, word); });
    if (!fits) continue;
    Names names = names_but_site(facts_.first_meta("twitter:data" + std::string(number)));
    if (is_name(names, false)) return names;
  }
  return {};
}

bool has_word(std::string_view list, std::string_view word) {
  const std::vector<std::string_view> words = split(list, ' ');
  return std::ranges::find(words, word) != words.end();
}

/// The folder that makes a link one to an author's page, and what comes behind it.
struct AuthorLink {
  std::string_view folder;
  std::string_view slug;
};

std::optional<AuthorLink> author_link(std::string_view href) {
  for (const std::string_view folder : kAuthorFolders) {
    const std::size_t at = href.find(folder);
    if (at != std::string_view::npos && at + folder.size() < href.size() &&
        href.find("creativecommons.org") == std::string_view::npos)
      return AuthorLink{folder, href.substr(at + folder.size())};
  }
  return std::nullopt;
}

/// "/author/jane-doe" and "Jane Doe": one word is enough, as such links abbreviate. True where
/// there are no letters to compare.
bool slug_names(std::string_view slug, std::string_view text) {
  const std::string lower = lower_utf8(slug);
  if (std::ranges::none_of(lower, is_alpha)) return true;
  const std::string folded = fold_words(text);
  bool compared = false;
  for (const std::string_view word : split(folded, ' ')) {
    const std::string_view begin = word.substr(0, 3);
    if (begin.size() < 3 || !std::ranges::all_of(begin, is_alpha)) continue;
    compared = true;
    if (lower.find(begin) != std::string::npos) return true;
  }
  return !compared;
}

bool names_byline(const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (one_of(kBylineParts, parts[i])) return true;
    if (i + 1 < parts.size() && one_of(kBylineParts, parts[i] + "-" + parts[i + 1])) return true;
  }
  return false;
}

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

bool begins_with_space(std::string_view text) {
  return is_space(text.front()) || text.starts_with(kNoBreakSpace);
}
bool ends_with_space(std::string_view text) {
  return is_space(text.back()) || text.ends_with(kNoBreakSpace);
}

/// "By", "Written by": nothing but the introduction of a name.
bool only_introduces(std::string_view text) {
  return is_introduction(text.substr(text.rfind('|') + 1));
}

/// The text below a node with " | " where a block ends or where two elements touch without a blank
/// ("Jane Doe<b>Reporter</b>"): what stands there is no part of the name. Not where the text before
/// only introduces it, or goes on.
std::string place_text(const HtmlDocument& document, Index i, std::size_t limit) {
  std::string out;
  bool block = false;
  for (Index k = i; k < document.end(i) && out.size() < limit; ++k) {
    const Tag tag = document.tag(k);
    if (tag != Tag::kText) {
      block = block || !is_inline(tag) || tag == Tag::kBr;
      if (is_never_text(tag)) k = document.end(k) - 1;
      continue;
    }
    const std::string_view raw = document.text(k);
    std::string piece = collapse_space(raw);
    if (piece.empty()) {
      if (!raw.empty() && !out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    if (!out.empty()) {
      const bool touch = out.back() != ' ' && !begins_with_space(raw);
      const bool lower_before = out.back() >= 'a' && out.back() <= 'z';
      const bool glued =
          touch && lower_before &&
          (is_digit(piece.front()) || (piece.front() >= 'A' && piece.front() <= 'Z'));
      const bool goes_on = out.ends_with(',') || out.ends_with(", ") || only_introduces(out);
      if ((block || glued) && !goes_on) {
        out += " | ";
      } else if (out.back() != ' ' && (block || begins_with_space(raw))) {
        out += ' ';
      }
    }
    out += piece;
    if (ends_with_space(raw)) out += ' ';
    block = false;
  }
  return collapse_space(out);
}

std::optional<Place> Authors::place_at(Index i) const {
  const std::string_view itemprop = document_.attr(i, Attr::kItemprop);
  const bool marked =
      has_word(itemprop, "author") || has_word(document_.attr(i, Attr::kRel), "author");
  const std::optional<AuthorLink> link =
      document_.tag(i) == Tag::kA ? author_link(document_.attr(i, Attr::kHref)) : std::nullopt;
  // "/people/" is a section where the story itself stands in it.
  const bool linked = link && facts_.url().find(link->folder) == std::string::npos;
  if (marked || linked) {
    Index name = i;
    for (Index k = i + 1; k < document_.end(i); ++k) {
      if (document_.tag(k) != Tag::kText && document_.attr(k, Attr::kItemprop) == "name") {
        name = k;
        break;
      }
    }
    std::string text = place_text(document_, name, 401);
    if (text.empty()) text = document_.attr(name, Attr::kContent);
    if (text.empty() || char_count(text) > 100) return std::nullopt;
    if (!marked && !slug_names(link->slug, text)) return Place{i, 3, std::move(text)};
    return Place{i, marked ? 0 : 1, std::move(text)};
  }
  if (document_.attr(i, Attr::kClass).size() > 200) return std::nullopt;
  const std::vector<std::string> parts = name_parts(document_, i);
  if (!names_byline(parts)) return std::nullopt;
  const bool describes = std::ranges::any_of(parts, [](const std::string& part) {
    return part.starts_with("desc") || part == "bio" || part == "job" || part == "role";
  });
  if (describes) return std::nullopt;
  std::string text = place_text(document_, i, 481);
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
    // A headline names no author; a blog's own name in its place is marked as one by some software.
    const bool skipped = tag == Tag::kHead || tag == Tag::kH1;
    if (skipped) i = document_.end(i) - 1;
    if (tag == Tag::kText || tag == Tag::kBody || skipped || document_[i].count == 0) continue;
    if (is_never_text(tag)) continue;
    std::optional<Place> place = place_at(i);
    if (place && (!facts_.is_elsewhere(i) || facts_.is_beside_heading(i)))
      places_.push_back(std::move(*place));
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

Names Authors::from_bylines(const PageText& text) {
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
  bool introduced = false;
  for (std::size_t k = heading > 6 ? heading - 6 : 0; k < blocks.size(); ++k) {
    const bool follows = std::exchange(introduced, false) && !is_heading(blocks[k].tag);
    if (blocks[k].size > 200) continue;
    if (has_heading && k > heading + 25 && blocks[k].size >= 70) continue;
    const std::string_view line = text.text(blocks[k]);
    introduced = is_introduction(line);
    Names names = follows && blocks[k].size < 60 ? clean_names(line) : byline_names(line);
    if (!is_name(names, true) || facts_.is_site_exactly(names.front())) continue;
    if (!facts_.is_elsewhere(blocks[k].element)) return names;
    if (follows && named_aside_.empty()) named_aside_ = std::move(names);
  }
  return {};
}

/// The one person whom the page introduces as its author; where it introduces several, it tells of
/// them.
Names Authors::from_biography(const PageText& text) const {
  Names names;
  bool announced = false;
  for (const Block& block : text.blocks()) {
    const std::string_view line = text.text(block);
    const bool follows = std::exchange(announced, announces_biography(line));
    if (block.size > kLongestBiography) continue;
    const std::string name = follows ? leading_name(line) : introduced_writer(line);
    const bool counts = !name.empty() && !facts_.is_site_exactly(name);
    if (counts && !facts_.is_elsewhere(block.element)) merge(names, {name});
  }
  return names.size() == 1 ? names : Names{};
}

/// "Personal finance" is a section, "Articles by Jane" a link; in a pen name of some words all are
/// names.
bool may_be_pen_name(std::string_view name) {
  const std::vector<std::string_view> words = split(name, ' ');
  return words.size() == 1 || std::ranges::all_of(words, [](std::string_view word) {
           return !(word.front() >= 'a' && word.front() <= 'z');
         });
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
      if (names.size() != 1 || names[0].size() < 3 || names[0].size() > 30 ||
          count_words(names[0]) > 3 || !is_name(names, false) || !may_be_pen_name(names[0]))
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
  // A person's own site has the person's name; the name of any other says nothing.
  const bool own_site = !site_as_author_.empty();
  for (const int level : {0, 1, 2, 3}) {
    if (own_site && level > 1) break;
    if (Names names = from_places(level); !names.empty()) return names;
  }
  const Index body = document_.find(Tag::kBody);
  const Index root = body == HtmlDocument::kNone ? 0 : body;
  const PageText text(document_, root, NodeRules(document_.size()));
  if (Names names = from_bylines(text); !names.empty()) return names;
  if (own_site) return site_as_author_;
  if (!named_aside_.empty()) return named_aside_;
  if (Names names = from_biography(text); !names.empty()) return names;
  if (!handle.empty()) return handle;
  if (Names names = from_single_words(); !names.empty()) return names;
  return is_name(organization_, false) ? organization_ : Names{};
}

}  // namespace

std::vector<std::string> page_authors(const PageFacts& facts) { return Authors(facts).find(); }

}  // namespace nutgraf
