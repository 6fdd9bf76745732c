#include "daemon/feed/discovery.h"

#include <algorithm>
#include <array>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/feed/tag_scanner.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMaxLinks = 50;

constexpr std::array<std::string_view, 9> kFeedTypes = {
    "application/rss+xml",   "application/atom+xml", "application/feed+json",
    "application/rdf+xml",   "application/rss",      "application/atom",
    "application/x-rss+xml", "text/rss+xml",         "application/json"};

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(" \t\n\r\f"), list.size());
    if (equals_ignoring_case(list.substr(0, end), word)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

bool is_feed_type(std::string_view type) {
  type = trim(type.substr(0, type.find(';')));
  return std::any_of(kFeedTypes.begin(), kFeedTypes.end(),
                     [&](std::string_view known) { return equals_ignoring_case(type, known); });
}

bool names_feed(const Tag& tag) {
  if (!equals_ignoring_case(tag.name, "link") || tag.value("href").empty()) return false;
  const std::string_view rel = tag.value("rel");
  return (has_word(rel, "alternate") && is_feed_type(tag.value("type"))) || has_word(rel, "feed");
}

/// Calls `visit` for each start tag outside comments until it returns false.
template <typename Visit>
void each_start_tag(std::string_view html, Visit visit) {
  TagScanner scanner(html);
  for (std::size_t pos = html.find('<'); pos != std::string_view::npos; pos = html.find('<', pos)) {
    if (html.substr(pos).starts_with("<!--")) {
      const std::size_t end = html.find("-->", pos + 4);
      if (end == std::string_view::npos) return;
      pos = end;
      continue;
    }
    const auto tag = scanner.start_tag(pos);
    if (tag && !visit(*tag)) return;
    pos = tag ? tag->end : pos + 1;
  }
}

}  // namespace

bool looks_like_html(std::string_view text) {
  bool html = false;
  const std::size_t type = text.substr(0, 1024).find("<!");
  if (type != std::string_view::npos &&
      starts_with_ignoring_case(text.substr(type), "<!doctype html")) {
    return true;
  }
  each_start_tag(text.substr(0, 4096), [&](const Tag& tag) {
    for (const std::string_view name : {"html", "head", "body", "script", "meta"}) {
      html |= equals_ignoring_case(tag.name, name);
    }
    return false;
  });
  return html;
}

std::vector<FeedLink> feed_links(std::string_view html, std::string_view base_url) {
  std::vector<FeedLink> links;
  std::string base(base_url);
  each_start_tag(html, [&](const Tag& tag) {
    if (equals_ignoring_case(tag.name, "base") && !tag.value("href").empty()) {
      base = resolve_url(base_url, decode_entities(tag.value("href")));
    }
    if (names_feed(tag)) {
      FeedLink link{resolve_url(base, decode_entities(tag.value("href"))),
                    plain_text(tag.value("title")), to_lower(trim(tag.value("type")))};
      const bool known = std::any_of(links.begin(), links.end(),
                                     [&](const FeedLink& l) { return l.url == link.url; });
      if (!known) links.push_back(std::move(link));
    }
    return links.size() < kMaxLinks;
  });
  return links;
}

}  // namespace nutgraf
