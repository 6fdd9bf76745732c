#include "daemon/article/metadata.h"

#include <algorithm>

#include "daemon/article/letters.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

/// "en-GB" and "en_US" as "en"; empty if it is no language tag.
std::string primary_tag(std::string_view tag) {
  tag = trim(tag);
  const std::string_view primary = tag.substr(0, tag.find_first_of("-_"));
  if (primary.size() < 2 || primary.size() > 3 || !std::ranges::all_of(primary, is_alpha))
    return {};
  return lower_utf8(primary);
}

std::string declared_language(const PageFacts& facts) {
  const HtmlDocument& document = facts.document();
  const Index html = document.find(Tag::kHtml);
  if (html != HtmlDocument::kNone) {
    if (std::string tag = primary_tag(document.attr(html, Attr::kLang)); !tag.empty()) return tag;
  }
  for (const std::string_view name : {"og:locale", "content-language", "language", "dc.language"}) {
    if (std::string tag = primary_tag(facts.first_meta(name)); !tag.empty()) return tag;
  }
  for (const JsonLd::Index article : facts.articles()) {
    if (std::string tag = primary_tag(facts.ld().text(article, "inLanguage")); !tag.empty())
      return tag;
  }
  return {};
}

/// A canonical link to another site or to a front page is a template's mistake.
bool is_plausible_canonical(const PageFacts& facts, const std::string& url) {
  const std::optional<Url> parsed = parse_url(url);
  if (!parsed || (parsed->scheme != "http" && parsed->scheme != "https")) return false;
  if (parsed->path == "/" && !parsed->has_query) return false;
  if (facts.host().empty()) return true;
  const auto same = [&](std::string_view host) {
    return host == facts.host() || host.ends_with("." + facts.label()) ||
           host.find(facts.label() + ".") != std::string_view::npos;
  };
  return same(parsed->host);
}

std::string canonical_url(const PageFacts& facts) {
  const HtmlDocument& document = facts.document();
  std::vector<std::string_view> candidates;
  for (Index i = 0; i < document.size() && candidates.size() < 4; ++i) {
    if (document.tag(i) != Tag::kLink) continue;
    if (lower_utf8(document.attr(i, Attr::kRel)) == "canonical") {
      candidates.push_back(document.attr(i, Attr::kHref));
    }
  }
  candidates.push_back(facts.first_meta("og:url"));
  for (const std::string_view candidate : candidates) {
    if (trim(candidate).empty()) continue;
    std::string url = resolve_url(facts.url(), trim(candidate));
    if (is_plausible_canonical(facts, url)) return url;
  }
  return {};
}

std::string lead_image(const PageFacts& facts) {
  std::string_view image;
  for (const std::string_view name :
       {"og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src"}) {
    if (image.empty()) image = facts.first_meta(name);
  }
  const JsonLd& ld = facts.ld();
  for (const JsonLd::Index article : facts.articles()) {
    if (!image.empty()) break;
    image = ld.text(article, "image");
    JsonLd::Index object = ld.member(article, "image");
    if (image.empty() && object != JsonLd::kNone && ld[object].kind == JsonLd::Kind::kArray)
      ++object;
    if (image.empty() && object < ld.size()) image = ld.text(object, "url");
  }
  if (image.empty()) return {};
  std::string url = resolve_url(facts.url(), image);
  return url.starts_with("http") ? url : std::string{};
}

std::string teaser(const PageFacts& facts) {
  for (const std::string_view name : {"og:description", "description", "twitter:description"}) {
    if (!facts.first_meta(name).empty()) return plain_text(facts.first_meta(name));
  }
  for (const JsonLd::Index article : facts.articles()) {
    const std::string_view text = facts.ld().text(article, "description");
    if (!text.empty()) return plain_text(text);
  }
  return {};
}

}  // namespace

PageMetadata read_metadata(const PageFacts& facts, const ArticleRules& rules) {
  PageMetadata meta;
  meta.title = page_title(facts, rules);
  meta.authors = page_authors(facts);
  meta.published = page_published(facts);
  meta.modified = page_modified(facts);
  meta.canonical_url = canonical_url(facts);
  meta.language = declared_language(facts);
  meta.description = teaser(facts);
  meta.image = lead_image(facts);
  meta.site_name = facts.first_meta("og:site_name");
  return meta;
}

PageMetadata read_metadata(const HtmlDocument& document, std::string_view url) {
  return read_metadata(PageFacts(document, url));
}

}  // namespace nutgraf
