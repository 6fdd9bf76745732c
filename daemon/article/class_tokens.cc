#include "daemon/article/class_tokens.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "daemon/article/letters.h"
#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

using Kind = ClassToken::Kind;

enum class Strength : std::uint8_t { kStrong, kWeak };

struct Word {
  std::string_view text;
  Strength strength;
  Kind kind = Kind::kFurniture;
};

constexpr auto S = Strength::kStrong;  // NOLINT(readability-identifier-naming): of the table.
constexpr auto W = Strength::kWeak;    // NOLINT(readability-identifier-naming): of the table.

// Sorted, for binary search. Pairs and triples of parts are written with '-'.
// clang-format off
constexpr Word kWords[] = {
    {"about-author", S}, {"about-the-author", S}, {"ad", W}, {"ad-block", S}, {"ad-container", S},
    {"ad-slot", S}, {"ad-unit", S}, {"ad-wrapper", S}, {"adbox", W}, {"addthis", S}, {"addtoany", S},
    {"ads", W}, {"adsbygoogle", S}, {"adslot", W}, {"advert", S}, {"advertisement", S},
    {"advertising", S}, {"adverts", S}, {"also-read", S}, {"article-footer", S}, {"article-info", S},
    {"article-meta", S}, {"article-suggest", S}, {"article-tags", S}, {"aside", W}, {"author", W},
    {"author-bio", S}, {"author-box", S}, {"author-card", S}, {"author-info", S}, {"authors", W},
    {"banner", W}, {"bildtext", S}, {"bildunterschrift", S}, {"bio", W}, {"bread-crumb", S},
    {"bread-crumbs", S}, {"breadcrumb", S}, {"breadcrumbs", S}, {"breadcrump", S}, {"byline", S},
    {"bylines", S}, {"callout", W, Kind::kLinky}, {"caption", S}, {"carousel", W}, {"cat-links", S},
    {"comment", S, Kind::kComment}, {"commentlist", S, Kind::kComment},
    {"comments", S, Kind::kComment}, {"consent", S}, {"cookie", S}, {"cookies", S}, {"copyright", S},
    {"credit", W}, {"credits", W}, {"dateline", S}, {"dfp", W}, {"dianomi", S}, {"disclaimer", S},
    {"disqus", S, Kind::kComment}, {"editorial-note", W}, {"editors-pick", S}, {"editors-picks", S},
    {"entry-footer", S}, {"entry-meta", S}, {"entry-utility", S}, {"follow", W}, {"footer", S},
    {"footers", S}, {"gallery", W}, {"gdpr", S}, {"hidden", W, Kind::kLinky}, {"hide", W},
    {"image-author", S}, {"image-caption", S}, {"image-copyright", S}, {"image-credit", S},
    {"image-credits", S}, {"image-description", S}, {"image-source", S}, {"image-subtitle", S},
    {"imagecaption", S}, {"imagedescription", S}, {"img-caption", S}, {"img-credit", S},
    {"jp-relatedposts", S}, {"latest", W}, {"lightbox", S}, {"login", W}, {"mailchimp", S},
    {"masthead", S}, {"mc-embed", S}, {"media-caption", S}, {"media-credit", S}, {"menu", S},
    {"menus", S}, {"meta", W}, {"mgid", S}, {"modal", S}, {"more-articles", S}, {"more-from", S},
    {"more-in", S}, {"more-news", S}, {"more-on", S}, {"more-posts", S}, {"more-stories", S},
    {"morefrom", W}, {"morestories", W}, {"most-popular", S}, {"most-read", S}, {"most-shared", S},
    {"most-viewed", S}, {"nav", W}, {"navbar", S}, {"navigation", S}, {"news-letter", S},
    {"newsletter", S}, {"newsletters", S}, {"next", W}, {"nextup", W}, {"nocomments", S, Kind::kComment}, {"noprint", S},
    {"outbrain", S}, {"overlay", W}, {"pager", S}, {"pagination", S}, {"paywall", S},
    {"photo-author", S}, {"photo-caption", S}, {"photo-credit", S}, {"photo-credits", S},
    {"photocredit", S}, {"picture-caption", S}, {"picture-credit", S}, {"player", W},
    {"poll", W, Kind::kLinky}, {"popular", S}, {"popup", S}, {"post-categories", S},
    {"post-footer", S}, {"post-meta", S}, {"post-nav", S}, {"post-navigation", S}, {"post-tags", S},
    {"postmeta", W}, {"print", W}, {"print-only", S}, {"promo", S}, {"promos", S}, {"promotion", S},
    {"published", W}, {"quiz", W}, {"rail", W}, {"rating", W}, {"ratings", W}, {"read-also", S},
    {"read-more", S}, {"read-next", S}, {"readmore", W}, {"readnext", W}, {"recirc", S},
    {"recirculation", S}, {"recommendation", S}, {"recommendations", S}, {"recommended", S},
    {"regwall", S}, {"related", S, Kind::kLinky}, {"relatedcontent", S}, {"relatedposts", S},
    {"reply", W}, {"republication", S}, {"republish", S}, {"respond", W, Kind::kComment}, {"revcontent", S}, {"screen-reader", S},
    {"screen-reader-text", S}, {"search", W}, {"see-also", S}, {"share", W}, {"sharebar", S},
    {"sharedaddy", S}, {"shares", W}, {"sharing", S}, {"side-bar", S},
    {"sidebar", S, Kind::kLinky}, {"sidebars", S, Kind::kLinky}, {"sign-up", S}, {"signin", W},
    {"signup", S}, {"skip-link", S}, {"skiplink", S}, {"slider", W}, {"slideshow", W}, {"sociable", S},
    {"social", W}, {"socials", S}, {"sponsor", S}, {"sponsored", S}, {"sr-only", S}, {"subnav", S},
    {"subscribe", S}, {"subscription", S}, {"taboola", S}, {"tag-cloud", S}, {"tag-links", S},
    {"tag-list", S}, {"taglist", W}, {"tags", W}, {"tags-links", S},
    {"teaser", S, Kind::kLinky}, {"teasers", S, Kind::kLinky}, {"timestamp", W}, {"toc", S},
    {"toolbar", S}, {"tools", W}, {"tooltip", W}, {"topics", W}, {"trending", S}, {"up-next", S},
    {"upnext", W}, {"utility", W}, {"visually-hidden", S}, {"widget", W}, {"wp-caption-text", S},
    {"yarpp", S}, {"you-may-also-like", S}, {"you-may-like", S}, {"zergnet", S},
};

// Names that begin so describe the page, its template or its topic.
constexpr std::string_view kIgnoredFirst[] = {
    "article", "ast", "block", "body", "categories", "category", "col", "content", "elementor",
    "entry", "et", "fl", "format", "has", "hentry", "is", "js", "l", "label", "layout", "main", "no",
    "not", "page", "post", "row", "section", "single", "site", "status", "tag", "td", "theme", "type",
    "u", "vc", "with", "without", "wp",
};

// The story's own text, with '-' left out.
constexpr std::string_view kContentNames[] = {
    "articlebody", "articlecontent", "articletext", "bodycontent", "bodycopy", "bodytext",
    "contentbody", "entrycontent", "fieldnamebody", "maincontent", "maintext", "newsbody",
    "newscontent", "newstext", "pagecontent", "postbody", "postcontent", "postentry", "posttext",
    "richtext", "singlecontent", "storybody", "storycontent", "storytext", "tdpostcontent",
};
// clang-format on
static_assert(std::ranges::is_sorted(kWords, {}, &Word::text));
static_assert(std::ranges::is_sorted(kIgnoredFirst));
static_assert(std::size(kWords) < kClassTokenCount);

const Word* find_word(std::string_view text) {
  const auto* const at = std::ranges::lower_bound(kWords, text, {}, &Word::text);
  return at != std::end(kWords) && at->text == text ? at : nullptr;
}

/// "relatedPosts_box" as "related-posts-box".
std::string hyphenated(std::string_view name) {
  std::string out;
  char before = 0;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool hump = upper && before >= 'a' && before <= 'z';
    if (hump || c == '_' || c == '-') {
      if (!out.empty() && out.back() != '-') out += '-';
    }
    if (c != '_' && c != '-') out += to_lower(c);
    before = c;
  }
  return out;
}

void add(std::vector<ClassToken>& tokens, const Word* word) {
  if (word == nullptr) return;
  tokens.push_back({static_cast<std::uint16_t>(word - std::begin(kWords)), word->kind});
}

/// The stretch of `parts[from .. from+count)` inside the name they were split from.
std::string_view joined(const std::vector<std::string_view>& parts, std::size_t from,
                        std::size_t count) {
  const char* const begin = parts[from].data();
  const std::string_view last = parts[from + count - 1];
  return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
}

void add_name(std::vector<ClassToken>& tokens, std::string_view name) {
  if (name.find_first_of(":[/") != std::string_view::npos) return;
  const std::string flat = hyphenated(name);
  const std::vector<std::string_view> parts = split(flat, '-');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 < parts.size()) add(tokens, find_word(joined(parts, i, 2)));
    if (i + 2 < parts.size()) add(tokens, find_word(joined(parts, i, 3)));
    if (i + 3 < parts.size()) add(tokens, find_word(joined(parts, i, 4)));
  }
  if (name.find("--") != std::string_view::npos || parts.empty()) return;
  if (parts.size() > 1 && std::ranges::binary_search(kIgnoredFirst, parts.front())) return;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Word* const word = find_word(parts[i]);
    if (word == nullptr) continue;
    const bool edge = (i == 0 || i + 1 == parts.size()) && parts.size() <= 3;
    if (word->strength == S || edge) add(tokens, word);
  }
}

}  // namespace

std::vector<ClassToken> class_tokens(std::string_view value) {
  std::vector<ClassToken> tokens;
  for (const std::string_view name : split(value, ' ')) add_name(tokens, name);
  return tokens;
}

bool names_teaser(const ClassToken& token) { return kWords[token.id].text == "teaser"; }

bool names_content(std::string_view value) {
  std::string flat;
  for (const char c : value) {
    if (c != '-' && c != '_') flat += to_lower(c);
  }
  return std::ranges::any_of(kContentNames, [&flat](std::string_view name) {
    return flat.find(name) != std::string::npos;
  });
}

}  // namespace nutgraf
