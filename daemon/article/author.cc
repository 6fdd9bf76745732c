#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/blocks.h"
#include "daemon/article/letters.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/entities.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;
using Names = std::vector<std::string>;

constexpr std::size_t kMostAuthors = 8;

template <std::size_t N>
bool one_of(const std::string_view (&list)[N], std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}

// clang-format off
constexpr std::string_view kBy[] = {"by", "von", "par", "por", "da"};

/// "Written by …", "Geschrieben von …".
constexpr std::string_view kBeforeBy[] = {
    "article", "story", "text", "words", "report", "photo", "photos", "posted", "written", "published",
    "created", "reviewed", "edited", "post", "contributed", "geschrieben", "verfasst", "veröffentlicht",
    "beitrag", "artikel", "publié", "écrit", "rédigé", "escrito", "publicado", "scritto", "pubblicato",
    "geplaatst", "skriven"};

/// Words that introduce a name by themselves.
constexpr std::string_view kIntroductions[] = {
    "by", "von", "par", "por", "di", "door", "av", "af", "autor", "autoren", "autorin", "autora", "author",
    "authors", "auteur", "auteurs", "autore", "text", "redaktion", "redacción", "автор", "written",
    "byline", "oleh", "tekst", "yazar", "από"};

/// Words behind which a byline goes on to something else.
constexpr std::string_view kEndOfName[] = {
    "published", "updated", "posted", "last", "on", "am", "vom", "in", "for", "of", "veröffentlicht",
    "aktualisiert", "stand", "read", "more", "view", "follow", "share", "see", "bio", "contributor",
    "fact-checked", "medically", "reviewed", "edited", "photo", "email", "twitter", "at", "has", "is",
    "with", "from"};

constexpr std::string_view kRoles[] = {
    "editor", "editor-in-chief", "reporter", "writer", "correspondent", "journalist", "contributor",
    "columnist", "producer", "redakteur", "redakteurin", "chefredakteur", "chefredakteurin", "journaliste",
    "redactor", "redactora", "periodista", "redattore", "author", "ph.d", "phd", "md", "m.d", "esq", "cfa",
    "cpa", "rd", "rdn", "dr", "jr", "staff"};

constexpr std::string_view kRoleModifiers[] = {
    "senior", "staff", "chief", "deputy", "managing", "executive", "associate", "contributing", "assistant",
    "political", "science", "business", "technology", "tech", "sport", "sports", "news", "health", "special",
    "foreign", "lead", "freelance"};

constexpr std::string_view kNoNames[] = {
    "admin", "administrator", "editor", "staff", "guest", "author", "unknown", "none", "null", "webmaster",
    "web master", "redaktion", "team", "by", "user", "post", "posts", "anonymous", "home", "share", "follow",
    "subscribe", "read more", "true", "false", "about the author", "the author", "contact", "comment", "comments"};

constexpr std::string_view kParticles[] = {
    "de", "la", "van", "von", "der", "den", "del", "di", "da", "dos", "el", "bin", "al", "le", "du", "zu",
    "y", "ter", "ten", "st", "and", "und", "et", "e"};

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

/// A word as the lists have it: lower case, without marks at its end.
std::string plain_word(std::string_view word) {
  std::string out = lower_utf8(word);
  while (!out.empty() &&
         (out.back() == ':' || out.back() == ',' || out.back() == '.' || out.back() == ';')) {
    out.pop_back();
  }
  return out;
}

/// Cuts the first `count` words.
std::string_view after_words(std::string_view text, std::size_t count) {
  for (; count > 0; --count) text = trim(text.substr(std::min(text.find(' '), text.size())));
  return text;
}

std::string_view without_introduction(std::string_view text) {
  for (int round = 0; round < 3; ++round) {
    const std::vector<std::string_view> words = split(text, ' ');
    if (words.size() < 2) return text;
    const std::string first = plain_word(words[0]);
    if (one_of(kBeforeBy, first) && one_of(kBy, plain_word(words[1]))) {
      text = after_words(text, 2);
    } else if (one_of(kIntroductions, first) || words[0] == ":" || words[0] == "/") {
      text = after_words(text, 1);
    } else {
      return text;
    }
  }
  return text;
}

bool has_digit(std::string_view text) { return std::ranges::any_of(text, is_digit); }

/// "Jane Doe March 5", "Jane Doe Sat": a date follows the name.
bool begins_date(const std::string& word) {
  // Without the months and days that are names of people too: April, May, August, Jan, Mar.
  constexpr std::string_view kWords[] = {
      "mon",     "tue",      "wed",       "thu",        "fri",     "sat",      "sun",
      "monday",  "tuesday",  "wednesday", "thursday",   "friday",  "saturday", "sunday",
      "montag",  "dienstag", "mittwoch",  "donnerstag", "freitag", "samstag",  "sonntag",
      "january", "february", "july",      "september",  "october", "november", "december",
      "januar",  "februar",  "oktober",   "dezember",   "feb",     "sep",      "sept",
      "oct",     "nov",      "dec"};
  return one_of(kWords, word);
}

/// The text up to where a date, a role or a link follows the names.
std::string_view until_end_of_names(std::string_view text) {
  std::size_t stop = text.find_first_of("|@/([");
  for (const std::string_view mark : {" - ", "•", "·", "–", "—"})
    stop = std::min(stop, text.find(mark));
  text = text.substr(0, stop);
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t at = static_cast<std::size_t>(word.data() - text.data());
    const bool number = is_digit(word.front());
    const std::string plain = plain_word(word);
    if (begins_date(plain) || (at > 0 && (number || one_of(kEndOfName, plain)))) {
      return text.substr(0, at);
    }
  }
  return text;
}

std::string trim_marks(std::string_view text) {
  constexpr std::string_view kMarks = " ,;:.-|";
  while (!text.empty() && kMarks.find(text.front()) != std::string_view::npos)
    text.remove_prefix(1);
  while (!text.empty() && kMarks.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return std::string(text);
}

/// Nothing but a role: "Senior Editor".
bool is_role(std::string_view part) {
  bool role = false;
  std::size_t others = 0;
  for (const std::string_view word : split(part, ' ')) {
    const std::string plain = plain_word(word);
    const bool is = one_of(kRoles, plain);
    role = role || is;
    if (!is && !one_of(kRoleModifiers, plain)) ++others;
  }
  return role && others < 2;
}

/// Splits "A. Smith, B. Jones and C. Wu" into names.
std::vector<std::string_view> split_names(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (const std::string_view word : split(text, ' ')) {
    const std::size_t at = static_cast<std::size_t>(word.data() - text.data());
    const std::string lower = lower_utf8(word);
    const bool conjunction = lower == "and" || lower == "und" || lower == "et" || lower == "&" ||
                             lower == "y" || lower == "e" || lower == "/";
    if (conjunction) {
      if (at > from) parts.push_back(text.substr(from, at - from));
      from = std::min(at + word.size() + 1, text.size());
    } else if (word.ends_with(',') || word.ends_with(';')) {
      parts.push_back(text.substr(from, at + word.size() - from));
      from = std::min(at + word.size() + 1, text.size());
    }
  }
  if (from < text.size()) parts.push_back(text.substr(from));
  return parts;
}

/// The names in a byline, an attribute or a JSON-LD string; empty if it holds none.
Names clean_names(std::string_view raw) {
  std::string text = plain_text(raw);
  // "ByJane Doe": two inline elements without a blank.
  if (text.size() > 3 && text.starts_with("By") && text[2] >= 'A' && text[2] <= 'Z')
    text.insert(2, " ");
  if (text.starts_with("http") || text.starts_with("www.") || text.starts_with('@') ||
      text.starts_with('/')) {
    return {};
  }
  const std::string_view names = until_end_of_names(without_introduction(text));
  Names out;
  for (const std::string_view part : split_names(names)) {
    std::string name = trim_marks(part);
    if (name.size() < 2 || char_count(name) > 60) continue;
    if (!out.empty() && (is_role(name) || count_words(name) > 4)) continue;
    if (out.size() < kMostAuthors) out.push_back(std::move(name));
  }
  return out;
}

bool is_capitalized(std::string_view word) {
  std::size_t at = 0;
  const char32_t c = next_code_point(word, at);
  return is_upper(c) || !is_word_char(c) || c >= 0x80;
}

/// It looks like a name. `strict`: of a person, with two words and capitals.
bool is_name(const Names& names, bool strict) {
  if (names.empty()) return false;
  const std::string& name = names.front();
  if (one_of(kNoNames, plain_word(name)) || starts_with_ignoring_case(name, "view all posts"))
    return false;
  const std::vector<std::string_view> words = split(name, ' ');
  if (words.empty() || words.size() > 6 || fold_words(name).empty()) return false;
  if (!strict) return true;
  if (words.size() < 2 || has_digit(name)) return false;
  return std::ranges::all_of(words, [](std::string_view word) {
    return is_capitalized(word) || one_of(kParticles, plain_word(word));
  });
}

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

/// The names of "By Jane Doe and John Smith | City"; empty if the line is no byline.
Names byline_names(std::string_view line) {
  constexpr std::string_view kOpen[] = {"story",     "written", "posted",  "words",   "report",
                                        "published", "text",    "article", "reviewed"};
  constexpr std::string_view kBylines[] = {"by", "von",   "par",     "por",    "door",
                                           "di", "autor", "autorin", "author", "text"};
  std::vector<std::string_view> words = split(line, ' ');
  std::size_t at = 0;
  if (words.size() > 2 && one_of(kOpen, plain_word(words[0])) && plain_word(words[1]) == "by")
    at = 1;
  if (at + 2 >= words.size() || !one_of(kBylines, plain_word(words[at]))) return {};
  // "autor", "text" only with a colon: they are words of headlines too.
  const std::string introduction = plain_word(words[at]);
  const bool needs_colon = introduction.size() > 4 || introduction == "text";
  if (needs_colon && words[at].back() != ':') return {};
  const std::size_t first = at + 1;
  std::size_t last = first;
  while (last < words.size() && last < first + 8 &&
         (is_capitalized(words[last]) || one_of(kParticles, plain_word(words[last]))) &&
         !has_digit(words[last])) {
    ++last;
    if (words[last - 1].ends_with(',') || words[last - 1].ends_with('.')) {
      if (words[last - 1].size() > 3) break;
    }
  }
  if (last < first + 2) return {};
  const char* const begin = words[first].data();
  return clean_names(
      {begin, static_cast<std::size_t>(words[last - 1].data() + words[last - 1].size() - begin)});
}

Names Authors::from_bylines() const {
  const Index body = document_.find(Tag::kBody);
  if (body == HtmlDocument::kNone) return {};
  const PageText text(document_, body, NodeSet(document_.size()));
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

/// "jdoe", "jane_doe": what the software calls its user.
bool is_handle(const Names& names) {
  if (names.size() != 1 || names[0].find(' ') != std::string::npos) return false;
  return !is_capitalized(names[0]) || names[0].find_first_of("_.-0123456789") != std::string::npos;
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
