#include "daemon/article/page_kind.h"

#include <algorithm>
#include <array>
#include <span>

#include "daemon/article/letters.h"
#include "daemon/article/phrases.h"
#include "daemon/base/ascii.h"
#include "daemon/base/url.h"

namespace nutgraf {
namespace {

/// Above this a page with a video or pictures is a report that has them.
constexpr std::size_t kLongestMediaText = 1500;

/// What gives one kind away.
struct Signs {
  StoryKind kind;
  std::span<const std::string_view> types;        ///< JSON-LD.
  std::span<const std::string_view> directories;  ///< Of the URL.
  std::span<const std::string_view> sections;     ///< article:section, whole.
  std::span<const std::string_view> openings;     ///< Phrases for the title up to its first mark.
  std::span<const std::string_view> endings;      ///< For the title behind its last mark.
};

// clang-format off
constexpr std::string_view kSponsoredTypes[] = {"AdvertiserContentArticle"};
constexpr std::string_view kSponsoredDirectories[] = {
    "sponsored", "sponsored-content", "sponsor-content", "partner-content", "partnercontent", "paid-content", "paidpost",
    "paid-post", "branded-content", "brandvoice", "advertorial", "advertorials", "dm-native-advert", "native-advert",
    "anzeige", "promoted"};
constexpr std::string_view kSponsoredSections[] = {"sponsored content?", "advertorial", "anzeige", "partner content", "brandvoice", "paid content"};
constexpr std::string_view kSponsoredOpenings[] = {"sponsored content|post?", "advertorial", "anzeige", "paid post|content", "partner content", "promoted", "werbung"};

constexpr std::string_view kLiveTypes[] = {"LiveBlogPosting", "LiveBlog"};
constexpr std::string_view kLiveDirectories[] = {
    "live", "liveblog", "live-blog", "livestory", "live-updates", "live-news", "liveticker", "live-ticker", "live-reporting",
    "direct", "direct-foot", "minuto-a-minuto", "en-direct", "en-vivo", "diretta", "livecenter", "relacja"};
constexpr std::string_view kLiveOpenings[] = {"live", "liveblog|liveticker", "live ticker|update|updates|blog", "en direct|vivo", "direct", "diretta", "minuto a minuto"};
constexpr std::string_view kLiveEndings[] = {"live", "liveblog|liveticker", "live ticker|update|updates|blog", "as it happened", "minuto a minuto", "match en direct"};

constexpr std::string_view kOpinionTypes[] = {"OpinionNewsArticle", "AnalysisNewsArticle"};
constexpr std::string_view kOpinionDirectories[] = {
    "opinion", "opinions", "op-ed", "oped", "commentary", "comment", "commentisfree", "editorial", "editorials", "columns",
    "column", "columnists", "columnist", "letters", "perspective", "perspectives", "viewpoint", "viewpoints", "views",
    "kommentar", "kommentare", "meinung", "debatte", "kolumne", "kolumnen", "meinungen", "tribune", "tribunes",
    "opinion-editorial", "opinioni", "editoriali", "opiniao", "editoriales", "columnas", "blogs-opinion", "standpunkt",
    "gastbeitrag", "leitartikel", "felieton", "opinie"};
constexpr std::string_view kOpinionSections[] = {
    "opinion|opinions|op-ed|editorial|commentary|column|columns|columnist|columnists|letters|kommentar|meinung|kolumne|tribune|opinión|"
    "opinioni|perspective|perspectives|viewpoint", "letters to the editor", "op ed"};
constexpr std::string_view kOpinionOpenings[] = {
    "opinion|op-ed|editorial|commentary|column|kommentar|kolumne|meinung|gastbeitrag|leitartikel|tribune|opinión", "op ed",
    "letters|letter to? the? editor?", "analyse und kommentar"};
constexpr std::string_view kOpinionEndings[] = {"opinion|editorial|commentary|kommentar|letters", "op ed"};

constexpr std::string_view kMediaTypes[] = {"VideoObject", "ImageGallery", "MediaGallery", "PodcastEpisode", "AudioObject", "RadioEpisode", "TVEpisode"};
constexpr std::string_view kMediaDirectories[] = {
    "video", "videos", "watch", "gallery", "galleries", "photos", "photo-gallery", "photogallery", "picture-gallery", "pictures",
    "in-pictures", "slideshow", "slideshows", "podcast", "podcasts", "audio", "listen", "bildergalerie", "bilder", "fotostrecke",
    "fotostrecken", "mediathek", "diaporama", "galeria", "fotos", "fotogaleria", "multimedia"};
constexpr std::string_view kMediaOpenings[] = {
    "video|watch|photo|photos|gallery|pictures|podcast|listen|slideshow|fotostrecke|bildergalerie|fotos|vídeo|diaporama|audio", "in pictures"};
// clang-format on

constexpr std::array<Signs, 4> kSigns = {{
    {StoryKind::kSponsored,
     kSponsoredTypes,
     kSponsoredDirectories,
     kSponsoredSections,
     kSponsoredOpenings,
     {}},
    {StoryKind::kLive, kLiveTypes, kLiveDirectories, {}, kLiveOpenings, kLiveEndings},
    {StoryKind::kOpinion, kOpinionTypes, kOpinionDirectories, kOpinionSections, kOpinionOpenings,
     kOpinionEndings},
    {StoryKind::kMedia, kMediaTypes, kMediaDirectories, {}, kMediaOpenings, {}},
}};

bool contains(std::span<const std::string_view> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

bool matches(std::span<const std::string_view> phrases, std::string_view line) {
  return !phrases.empty() && !line.empty() && PhraseSet(phrases).matches(line);
}

/// Where the title's first and last part end and begin: "Opinion: …", "… – live".
std::string_view opening(std::string_view title) {
  std::size_t stop = title.find_first_of(":|");
  for (const std::string_view mark : {" - ", " – ", " — "}) stop = std::min(stop, title.find(mark));
  return stop == std::string_view::npos ? std::string_view{} : trim(title.substr(0, stop));
}

std::string_view ending(std::string_view title) {
  std::size_t start = std::string_view::npos;
  for (const std::string_view mark : {":", "|", " - ", " – ", " — "}) {
    const std::size_t at = title.rfind(mark);
    if (at == std::string_view::npos) continue;
    const std::size_t behind = at + mark.size();
    start = start == std::string_view::npos ? behind : std::max(start, behind);
  }
  return start == std::string_view::npos ? std::string_view{} : trim(title.substr(start));
}

/// Directories of the URL's path, lower case, without the last part.
std::vector<std::string> directories(const std::string& url) {
  std::vector<std::string> parts;
  const std::optional<Url> parsed = parse_url(url);
  if (!parsed) return parts;
  const std::string path = lower_utf8(parsed->path);
  for (const std::string_view part : split(path, '/')) parts.emplace_back(part);
  if (!parts.empty() && !path.ends_with('/')) parts.pop_back();
  // In ".../blogs/live/..." live is a blog's name.
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "live" && parts[i - 1].starts_with("blog")) parts[i].clear();
  }
  return parts;
}

/// Types of the article itself and of the top of each script.
std::vector<std::string_view> declared_types(const PageFacts& facts) {
  std::vector<std::string_view> types;
  const JsonLd& ld = facts.ld();
  const auto add = [&](JsonLd::Index i) {
    for (const std::string_view type : ld.types(i)) types.push_back(type);
  };
  for (JsonLd::Index i = 0; i < ld.size(); i = ld[i].end) add(i);
  for (const JsonLd::Index article : facts.articles()) add(article);
  return types;
}

}  // namespace

StoryKind page_kind(const PageFacts& facts, std::string_view title, std::string_view text) {
  const std::vector<std::string_view> types = declared_types(facts);
  const std::vector<std::string> path = directories(facts.url());
  const std::string_view section = facts.first_meta("article:section");
  const bool article = std::ranges::any_of(types, [](std::string_view type) {
    return type.ends_with("Article") || type.ends_with("Posting") || type.ends_with("Report");
  });
  for (const Signs& signs : kSigns) {
    const bool media = signs.kind == StoryKind::kMedia;
    if (media && text.size() >= kLongestMediaText) continue;
    const bool by_type =
        std::ranges::any_of(types, [&](std::string_view t) { return contains(signs.types, t); });
    if ((by_type && !(media && article)) ||
        std::ranges::any_of(
            path, [&](const std::string& part) { return contains(signs.directories, part); }) ||
        matches(signs.sections, section) || matches(signs.openings, opening(title)) ||
        matches(signs.endings, ending(title))) {
      return signs.kind;
    }
  }
  return StoryKind::kReport;
}

bool has_paywall(const PageFacts& facts, std::string_view text) {
  // clang-format off
  constexpr std::string_view kWords[] = {
      "subscribe now? to continue|read|keep", "to continue|keep reading", "only? available? for|to subscribers",
      "already a? subscriber", "become a member|subscriber to", "exclusive|exclusively for|to our? subscribers|members",
      "jetzt abonnieren|weiterlesen", "nur für abonnenten", "artikel ist kostenpflichtig", "réservé aux abonnés",
      "solo para suscriptores", "riservato agli abbonati", "weiterlesen mit", "unlock this article", "view the full story"};
  // clang-format on
  const JsonLd& ld = facts.ld();
  for (const JsonLd::Index article : facts.articles()) {
    if (lower_utf8(ld.text(article, "isAccessibleForFree")) == "false") return true;
  }
  if (facts.first_meta("article:content_tier") == "locked") return true;
  // A prompt stands at the end of a text that was cut short.
  if (text.size() > 3000) return false;
  const std::string_view tail = text.substr(text.size() - std::min<std::size_t>(text.size(), 400));
  static const PhraseSet words(kWords);
  return words.contains(tail);
}

namespace {

struct Agency {
  std::string_view name;   ///< As it is written in a credit.
  std::string_view title;  ///< As we publish it.
};

constexpr Agency kAgencies[] = {
    {"Reuters", "Reuters"},
    {"AP", "AP"},
    {"Associated Press", "AP"},
    {"AFP", "AFP"},
    {"Agence France-Presse", "AFP"},
    {"dpa", "dpa"},
    {"DPA", "dpa"},
    {"EFE", "EFE"},
    {"ANSA", "ANSA"},
    {"PA Media", "PA Media"},
    {"Press Association", "PA Media"},
    {"Xinhua", "Xinhua"},
    {"TASS", "TASS"},
    {"Interfax", "Interfax"},
    {"Kyodo", "Kyodo"},
    {"UPI", "UPI"},
    {"IANS", "IANS"},
    {"PTI", "PTI"},
    {"ANI", "ANI"},
    {"Keystone-SDA", "Keystone-SDA"},
    {"Lusa", "Lusa"},
    {"Belga", "Belga"},
    {"ANP", "ANP"},
    {"NTB", "NTB"},
    {"Ritzau", "Ritzau"},
    {"PAP", "PAP"},
    {"ČTK", "ČTK"},
    {"Anadolu", "Anadolu"},
    {"Canadian Press", "The Canadian Press"},
    {"Bloomberg", "Bloomberg"},
    {"AAP", "AAP"},
};

bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const auto letter = [&](std::size_t i) {
    return i < text.size() && (is_alnum(text[i]) || static_cast<unsigned char>(text[i]) >= 0xC3);
  };
  return (at == 0 || !letter(at - 1)) && !letter(at + size);
}

/// A credit that opens the text: "BERLIN (Reuters) – …", "LONDON, March 5 (AP) — …".
bool opens_with(std::string_view head, std::string_view name) {
  const std::size_t at = head.find(name);
  if (at == std::string_view::npos || !stands_alone(head, at, name.size())) return false;
  const std::string_view behind = trim(head.substr(at + name.size()));
  const bool bracketed =
      at > 0 && (head[at - 1] == '(' || head[at - 1] == '/') && behind.starts_with(')');
  return bracketed || behind.starts_with("–") || behind.starts_with("—") ||
         behind.starts_with("- ");
}

/// A line that credits a picture: it says nothing of who wrote the text.
bool credits_picture(std::string_view line) {
  constexpr std::size_t kLong = 200;
  if (line.size() > kLong) return false;
  const std::string lower = to_lower(line);
  for (const std::string_view mark :
       {"photo:", "photo by", "photos:", "photo)", "photo/", "file photo", "photograph:", "image:",
        "image by", "images:", "picture:", "picture by", "getty images", "via ap)"}) {
    if (lower.find(mark) != std::string::npos) return true;
  }
  return false;
}

/// Bytes of a line's end in which a credit can stand.
constexpr std::size_t kLongestCredit = 200;

/// A credit in a last line: "(dpa)" at its end, or a short line that names the agency.
bool closes_with(std::string_view line, std::string_view name) {
  // A page without a line break is one line of megabytes, and there are many agencies.
  const std::string_view end = line.substr(line.size() - std::min(line.size(), kLongestCredit));
  const std::size_t at = end.rfind(name);
  if (at == std::string_view::npos || !stands_alone(end, at, name.size())) return false;
  const std::string_view behind = trim(end.substr(at + name.size()));
  if (at > 0 && end[at - 1] == '(') return behind.starts_with(')') && behind.size() <= 2;
  return line.size() <= 60 && !ends_sentence(line);
}

}  // namespace

std::string credited_agency(std::string_view text, const std::vector<std::string>& authors) {
  std::vector<std::string_view> lines = split(text, '\n');
  std::erase_if(lines,
                [](std::string_view line) { return trim(line).empty() || credits_picture(line); });
  for (const Agency& agency : kAgencies) {
    const bool author = std::ranges::any_of(authors, [&](const std::string& a) {
      return a == agency.name || a == "The " + std::string(agency.name);
    });
    if (author) return std::string(agency.title);
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(2, lines.size()); ++i) {
    for (const Agency& agency : kAgencies) {
      if (opens_with(cut_utf8(lines[i], 100), agency.name)) return std::string(agency.title);
    }
  }
  for (std::size_t i = lines.size() - std::min<std::size_t>(2, lines.size()); i < lines.size();
       ++i) {
    for (const Agency& agency : kAgencies) {
      if (closes_with(lines[i], agency.name)) return std::string(agency.title);
    }
  }
  return {};
}

}  // namespace nutgraf
