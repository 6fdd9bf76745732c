#include "daemon/feed/namespaces.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

/// More declarations than any feed has; later ones are not read.
constexpr std::size_t kMaxBindings = 64;

struct Known {
  std::string_view name;
  Vocabulary vocabulary;
};

/// Without scheme, "www." and the last '/' or '#'; in lower case.
constexpr auto kUris = std::to_array<Known>({
    {"w3.org/2005/atom", Vocabulary::kAtom},
    {"purl.org/atom/ns", Vocabulary::kAtom},
    {"purl.org/rss/1.0", Vocabulary::kRss},
    {"my.netscape.com/rdf/simple/0.9", Vocabulary::kRss},
    {"channel.netscape.com/rdf/simple/0.9", Vocabulary::kRss},
    {"my.netscape.com/publish/formats/rss-0.91.dtd", Vocabulary::kRss},
    {"backend.userland.com/rss2", Vocabulary::kRss},
    {"backend.userland.com/rss", Vocabulary::kRss},
    {"blogs.law.harvard.edu/tech/rss", Vocabulary::kRss},
    {"cyber.law.harvard.edu/rss/rss.html", Vocabulary::kRss},
    {"rssboard.org/rss-specification", Vocabulary::kRss},
    {"w3.org/1999/02/22-rdf-syntax-ns", Vocabulary::kRdf},
    {"purl.org/dc/elements/1.1", Vocabulary::kDc},
    {"purl.org/dc/elements/1.0", Vocabulary::kDc},
    {"purl.org/dc/terms", Vocabulary::kDcTerms},
    {"purl.org/rss/1.0/modules/content", Vocabulary::kContent},
    {"purl.org/rss/1.0/modules/syndication", Vocabulary::kSyndication},
    {"search.yahoo.com/mrss", Vocabulary::kMedia},
    {"search.yahoo.com/mrss/", Vocabulary::kMedia},
    {"video.search.yahoo.com/mrss", Vocabulary::kMedia},
    {"itunes.com/dtds/podcast-1.0.dtd", Vocabulary::kItunes},
    {"itunes.com/dtds/podcast", Vocabulary::kItunes},
    {"itunes.com/podcast-1.0.dtd", Vocabulary::kItunes},
    {"example.com/dtds/podcast-1.0.dtd", Vocabulary::kItunes},
    {"google.com/schemas/play-podcasts/1.0", Vocabulary::kGooglePlay},
    {"google.com/schemas/sitemap-news/0.9", Vocabulary::kNews},
    {"sitemaps.org/schemas/sitemap/0.9", Vocabulary::kRss},
    {"google.com/schemas/sitemap/0.84", Vocabulary::kRss},
    {"w3.org/1999/xhtml", Vocabulary::kXhtml},
    {"rssnamespace.org/feedburner/ext/1.0", Vocabulary::kFeedburner},
    {"w3.org/xml/1998/namespace", Vocabulary::kXml},
});

/// What a prefix means where nobody says so.
constexpr auto kPrefixes = std::to_array<Known>({
    {"atom", Vocabulary::kAtom},
    {"atom03", Vocabulary::kAtom},
    {"atom10", Vocabulary::kAtom},
    {"a10", Vocabulary::kAtom},
    {"rss", Vocabulary::kRss},
    {"rdf", Vocabulary::kRdf},
    {"dc", Vocabulary::kDc},
    {"dcterms", Vocabulary::kDcTerms},
    {"content", Vocabulary::kContent},
    {"sy", Vocabulary::kSyndication},
    {"media", Vocabulary::kMedia},
    {"itunes", Vocabulary::kItunes},
    {"googleplay", Vocabulary::kGooglePlay},
    {"news", Vocabulary::kNews},
    {"n", Vocabulary::kNews},
    {"xhtml", Vocabulary::kXhtml},
    {"feedburner", Vocabulary::kFeedburner},
    {"xml", Vocabulary::kXml},
});

template <std::size_t N>
Vocabulary look_up(const std::array<Known, N>& table, std::string_view name) {
  const auto* found = std::find_if(table.begin(), table.end(), [&](const Known& known) {
    return equals_ignoring_case(known.name, name);
  });
  return found == table.end() ? Vocabulary::kOther : found->vocabulary;
}

Vocabulary vocabulary_of_uri(std::string_view uri) {
  uri = trim(uri);
  for (const std::string_view start : {"http://", "https://", "www."}) {
    if (starts_with_ignoring_case(uri, start)) uri.remove_prefix(start.size());
  }
  while (!uri.empty() && (uri.back() == '/' || uri.back() == '#')) uri.remove_suffix(1);
  return look_up(kUris, uri);
}

}  // namespace

void Namespaces::enter(const pugi::xml_node& element) {
  for (pugi::xml_attribute attribute = element.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    if (attribute.name()[0] != 'x') continue;
    const std::string_view name = attribute.name();
    if (!name.starts_with("xmlns")) continue;
    if (bindings_.size() >= kMaxBindings) return;
    const std::string_view prefix = name.size() > 6 && name[5] == ':' ? name.substr(6) : "";
    if (prefix.empty() && name.size() > 5) continue;
    Vocabulary vocabulary = vocabulary_of_uri(attribute.value());
    if (vocabulary == Vocabulary::kOther) vocabulary = look_up(kPrefixes, prefix);
    bindings_.push_back({prefix, vocabulary, generation_});
    generation_ = ++generations_;
  }
}

Vocabulary Namespaces::vocabulary_of(std::string_view prefix) const {
  for (auto binding = bindings_.rbegin(); binding != bindings_.rend(); ++binding) {
    if (binding->prefix == prefix) return binding->vocabulary;
  }
  return prefix.empty() ? Vocabulary::kOther : look_up(kPrefixes, prefix);
}

QualifiedName Namespaces::resolve_root(std::string_view name) const {
  const std::size_t colon = name.find(':');
  if (colon == std::string_view::npos) return {vocabulary_of(""), name};
  return {vocabulary_of(name.substr(0, colon)), name.substr(colon + 1)};
}

QualifiedName Namespaces::resolve(std::string_view name) const {
  QualifiedName resolved = resolve_root(name);
  const std::string_view prefix = name.substr(0, name.size() - resolved.local.size());
  // A prefix that nobody knows is of no vocabulary, unless the root has it, too. In RDF the root is
  // rdf:RDF, but its items are RSS.
  const bool core = resolved.vocabulary == Vocabulary::kOther
                        ? prefix.empty() || prefix == core_prefix_
                        : resolved.vocabulary == core_;
  if (core) resolved.vocabulary = Vocabulary::kCore;
  return resolved;
}

}  // namespace nutgraf
