#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/article/blocks.h"
#include "daemon/article/letters.h"
#include "daemon/article/page_date.h"
#include "daemon/article/page_facts.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

// clang-format off
constexpr std::string_view kFirstMetas[] = {
    "article:published_time", "og:article:published_time", "og:published_time", "published_time",
    "article:published"};

constexpr std::string_view kLaterMetas[] = {
    "date", "pubdate", "publishdate", "publish-date", "publish_date", "published-date", "dc.date",
    "dc.date.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dcterms.issued", "dc.issued",
    "parsely-pub-date", "sailthru.date", "datepublished", "article.published", "article:publicationdate",
    "article.created", "citation_publication_date", "citation_online_date", "citation_date", "og:pubdate",
    "cxenseparse:recs:publishtime", "bt:pubdate", "article_date_original", "originalpublicationdate",
    "rnews:datepublished", "shareaholic:article_published_time", "date.created", "article:created",
    "article:post_date", "displaydate", "created", "pub_date", "release_date", "published", "pdate",
    "article.date", "content-date", "vr:published_time", "og:release_date", "video:release_date", "datecreated"};

constexpr std::string_view kModifiedMetas[] = {
    "article:modified_time", "og:updated_time", "last-modified", "lastmod", "revised", "modified",
    "dcterms.modified", "dc.date.modified"};

constexpr std::string_view kDateParts[] = {
    "date", "dates", "datum", "fecha", "data", "published", "publish", "pubdate", "publication", "posted",
    "dateline", "timestamp", "time", "datetime", "created", "submitted", "meta", "byline", "info", "postmeta",
    "articleinfo"};
// clang-format on

class Dates {
 public:
  explicit Dates(const PageFacts& facts);

  std::optional<Time> published() const;
  std::optional<Time> modified() const;

 private:
  struct Nearest;
  /// Which texts may tell the date.
  enum class Reach {
    kStory,     ///< All that stand where this story is told.
    kLabelled,  ///< Those behind "Published" or at the headline, wherever they stand.
  };

  std::optional<Time> in_metas(std::span<const std::string_view> names) const;
  std::optional<Time> in_json_ld(std::string_view key) const;
  std::optional<Time> in_microdata() const;
  std::string_view path() const;
  Nearest in_time_elements() const;
  Nearest in_date_classes() const;
  Nearest in_text(Reach reach) const;
  std::optional<Time> declared() const;
  std::optional<Time> shown() const;
  double distance(Index i) const;
  bool is_named_update(Index i) const;

  const PageFacts& facts_;
  const HtmlDocument& document_;
  DayOrder order_ = DayOrder::kDayFirst;
  std::span<const Index> headings_;  ///< The first ones.
};

Dates::Dates(const PageFacts& facts) : facts_(facts), document_(facts.document()) {
  const Index html = document_.find(Tag::kHtml);
  std::string lang =
      html == HtmlDocument::kNone ? "" : lower_utf8(document_.attr(html, Attr::kLang));
  if (lang.empty()) lang = lower_utf8(facts.first_meta("og:locale"));
  const bool american = lang.empty() || lang == "en" || lang == "en-us" || lang == "en_us";
  constexpr std::string_view kDayFirstHosts[] = {".uk", ".au", ".nz", ".ie", ".in", ".za", ".de",
                                                 ".at", ".ch", ".fr", ".es", ".it", ".nl", ".eu"};
  const bool elsewhere = std::ranges::any_of(
      kDayFirstHosts, [&](std::string_view tail) { return facts.host().ends_with(tail); });
  if (american && !elsewhere) order_ = DayOrder::kMonthFirst;
  const std::vector<Index>& headings = facts.headings();
  headings_ = std::span(headings).first(std::min<std::size_t>(8, headings.size()));
}

std::optional<Time> Dates::in_metas(std::span<const std::string_view> names) const {
  for (const std::string_view name : names) {
    for (const std::string& value : facts_.meta(name)) {
      if (const auto date = read_date(value, order_)) return date;
    }
  }
  return std::nullopt;
}

std::optional<Time> Dates::in_json_ld(std::string_view key) const {
  for (const JsonLd::Index article : facts_.articles()) {
    if (const auto date = read_date(facts_.ld().text(article, key), order_)) return date;
  }
  return std::nullopt;
}

std::optional<Time> Dates::in_microdata() const {
  for (Index i = 0; i < document_.size(); ++i) {
    if (document_.is_text(i) || document_[i].count == 0) continue;
    const std::string_view property = document_.attr(i, Attr::kProperty);
    const bool marked =
        document_.attr(i, Attr::kItemprop).find("datePublished") != std::string_view::npos ||
        document_.has_attr(i, Attr::kPubdate) || property == "datePublished" ||
        property == "dc:date";
    if (!marked) continue;
    for (const Attr key : {Attr::kDatetime, Attr::kContent, Attr::kTitle}) {
      if (const auto date = read_date(document_.attr(i, key), order_)) return date;
    }
    if (const auto date = read_date(document_.line(i, 60), order_)) return date;
  }
  return std::nullopt;
}

std::string_view Dates::path() const {
  const std::string_view url = facts_.url();
  const std::size_t host = url.find("//");
  const std::size_t path = url.find('/', host == std::string_view::npos ? 0 : host + 2);
  return path == std::string_view::npos ? std::string_view{} : url.substr(path);
}

/// How far a node is from the nearest h1; before it counts as further.
double Dates::distance(Index i) const {
  double best = headings_.empty() ? i : 1e9;
  for (const Index h1 : headings_) {
    best = std::min(best, i < h1 ? static_cast<double>(h1 - i) + 60 : static_cast<double>(i - h1));
  }
  return best;
}

/// A date that tells of a change, not of the first publication, counts as further by so much.
constexpr double kUpdatedIsFurther = 400;
/// A date behind the word that announces one counts as nearer by so much.
constexpr double kAnnouncedIsNearer = 100;
/// Where the page shows when it was changed, a date further from the headline is the story's own.
constexpr double kBesideUpdate = 100;

/// The date nearest the headline, and the nearest that tells of a change.
struct Dates::Nearest {
  double distance = 1e18;
  double updated_distance = 1e18;
  std::optional<Time> date;
  std::optional<Time> updated;

  void offer(double at, Time time, bool is_updated) {
    if (at >= (is_updated ? updated_distance : distance)) return;
    (is_updated ? updated_distance : distance) = at;
    (is_updated ? updated : date) = time;
  }
};

bool any_word(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// "Updated on …": what follows is not the day on which the story came out.
bool announces_update(std::string_view text) {
  constexpr std::string_view kWords[] = {
      "updated",    "update",      "aktualisiert", "aktualisierung", "geändert",
      "bearbeitet", "modified",    "actualisé",    "actualisée",     "modifié",
      "jour",       "actualizado", "reviewed",     "aggiornato",     "aggiornata",
      "atualizado", "revised",     "bijgewerkt",   "uppdaterad",     "обновлено"};
  const std::vector<std::string_view> words = split(text, ' ');
  for (std::size_t k = 0; k < std::min<std::size_t>(words.size(), 4); ++k) {
    std::string word = lower_utf8(words[k]);
    while (!word.empty() && (word.back() == ':' || word.back() == ',')) word.pop_back();
    if (any_word(kWords, word)) return true;
    if (std::ranges::any_of(word, is_digit)) return false;
  }
  return false;
}

/// Words that say what the date behind them is.
bool announces_date(std::string_view text) {
  constexpr std::string_view kWords[] = {
      "published",  "posted", "veröffentlicht", "erstellt", "publié", "publicado",
      "pubblicato", "stand",  "datum",          "date",     "on"};
  return any_word(kWords, lower_utf8(text.substr(0, text.find_first_of(" :"))));
}

/// A line that is nothing but the name of the date behind it.
bool labels_date(std::string_view text) {
  constexpr std::string_view kLabels[] = {"published",
                                          "published on",
                                          "publication date",
                                          "date published",
                                          "posted",
                                          "posted on",
                                          "release date",
                                          "veröffentlicht",
                                          "veröffentlicht am",
                                          "datum",
                                          "erschienen am",
                                          "erscheinungsdatum",
                                          "publié le",
                                          "date de publication",
                                          "mise en ligne",
                                          "publicado",
                                          "publicado el",
                                          "publicado em",
                                          "pubblicato il",
                                          "data di pubblicazione",
                                          "fecha de publicación",
                                          "gepubliceerd",
                                          "gepubliceerd op",
                                          "publicerad",
                                          "дата публикации",
                                          "发布时间",
                                          "发布日期"};
  std::string lower = lower_utf8(trim(text));
  while (!lower.empty() && (lower.back() == ':' || lower.back() == ' ')) lower.pop_back();
  return any_word(kLabels, lower);
}

Dates::Nearest Dates::in_time_elements() const {
  Nearest nearest;
  for (Index i = document_.find(Tag::kTime); i != HtmlDocument::kNone;
       i = document_.find(Tag::kTime, i + 1)) {
    std::optional<Time> date = read_date(document_.attr(i, Attr::kDatetime), order_);
    if (!date) date = find_date(document_.line(i, 60), order_);
    if (!date || facts_.is_elsewhere(i)) continue;
    nearest.offer(distance(i), *date, is_named_update(i));
  }
  return nearest;
}

bool Dates::is_named_update(Index i) const {
  const std::string name =
      lower_utf8(document_.attr(i, Attr::kClass)) + lower_utf8(document_.attr(i, Attr::kItemprop));
  return name.find("updat") != std::string::npos || name.find("modif") != std::string::npos;
}

Dates::Nearest Dates::in_date_classes() const {
  Nearest nearest;
  for (Index i = 0; i < document_.size(); ++i) {
    const Tag tag = document_.tag(i);
    if (tag == Tag::kText || tag == Tag::kBody || tag == Tag::kHtml || tag == Tag::kMeta ||
        tag == Tag::kUl || tag == Tag::kTable || tag == Tag::kInput || document_[i].count == 0 ||
        document_.end(i) - i > 60) {
      continue;
    }
    const std::vector<std::string> parts = name_parts(document_, i);
    const bool dated = std::ranges::any_of(
        parts, [](const std::string& part) { return any_word(kDateParts, part); });
    if (!dated || is_never_text(tag)) continue;
    const std::string text = document_.line(i, 641);
    if (char_count(text) > 160) continue;
    const auto date = find_date(text, order_);
    if (!date || facts_.is_elsewhere(i)) continue;
    nearest.offer(distance(i), *date, is_named_update(i) || announces_update(text));
  }
  return nearest;
}

Dates::Nearest Dates::in_text(Reach reach) const {
  Nearest nearest;
  std::string label;
  for (Index i = 0; i < document_.size(); ++i) {
    const Tag tag = document_.tag(i);
    if (is_never_text(tag)) i = document_.end(i) - 1;
    if (tag != Tag::kText) continue;
    if (document_[i].count > 400) {
      label.clear();
      continue;
    }
    std::string text;
    append_collapsed(text, document_.text(i));
    if (trim(text).empty()) continue;
    const std::string before = std::exchange(label, text);
    if (text.size() < 6 || char_count(text) > 90 || std::ranges::none_of(text, is_digit)) continue;
    const auto date = find_date(text, order_);
    if (!date || text.find("©") != std::string::npos ||
        lower_utf8(text).find("copyright") != std::string::npos)
      continue;
    const bool labelled = labels_date(before);
    if (reach == Reach::kStory && facts_.is_elsewhere(i)) continue;
    if (reach == Reach::kLabelled && !labelled && !facts_.is_beside_heading(i)) continue;
    nearest.offer(distance(i) - (labelled || announces_date(text) ? kAnnouncedIsNearer : 0), *date,
                  announces_update(text) || announces_update(before));
  }
  return nearest;
}

/// The declared date, in the order of belief.
std::optional<Time> Dates::declared() const {
  if (const auto date = in_metas(kFirstMetas)) return date;
  if (const auto date = in_json_ld("datePublished")) return date;
  if (const auto date = in_metas(kLaterMetas)) return date;
  return in_microdata();
}

/// What readers see, in the order of belief.
std::optional<Time> Dates::shown() const {
  std::optional<Time> updated;
  for (const Nearest& found : {in_time_elements(), in_date_classes(), in_text(Reach::kStory)}) {
    const bool near = updated ? found.distance < kBesideUpdate
                              : found.distance < found.updated_distance + kUpdatedIsFurther;
    if (found.date && near) return found.date;
    if (!updated) updated = found.updated;
  }
  return updated;
}

std::optional<Time> Dates::published() const {
  const std::optional<Time> declared_date = declared();
  // An address is given once; what the software declares may be when the page was moved or set
  // anew.
  const std::optional<Time> url_date = date_in_path(path());
  if (declared_date && url_date && *declared_date - *url_date > std::chrono::hours(48))
    return url_date;
  if (declared_date) return declared_date;
  if (url_date) return url_date;
  if (const auto date = shown()) return date;
  for (const std::string_view key : {"dateCreated", "uploadDate"}) {
    if (const auto date = in_json_ld(key)) return date;
  }
  if (const auto date = in_text(Reach::kLabelled).date) return date;
  if (const auto date = date_in_path_year_last(path(), order_)) return date;
  return modified();
}

std::optional<Time> Dates::modified() const {
  if (const auto date = in_metas(kModifiedMetas)) return date;
  return in_json_ld("dateModified");
}

}  // namespace

std::optional<Time> page_published(const PageFacts& facts) { return Dates(facts).published(); }

std::optional<Time> page_modified(const PageFacts& facts) { return Dates(facts).modified(); }

}  // namespace nutgraf
