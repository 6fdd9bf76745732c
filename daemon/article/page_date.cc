#include "daemon/article/page_date.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "daemon/article/blocks.h"
#include "daemon/article/letters.h"
#include "daemon/article/page_facts.h"
#include "daemon/base/date_names.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

unsigned month_number(std::string_view word) {
  return static_cast<unsigned>(month_of(fold_letters(word)).value_or(0));
}

/// A number or a word of the line, and what stands between it and the one before.
struct Token {
  std::string word;  // Lower case; empty for numbers.
  unsigned value = 0;
  std::size_t digits = 0;
  std::string_view gap;

  bool is_year() const { return digits == 4 && value >= 1990 && value < 2040; }
  bool is_day_or_month() const { return digits >= 1 && digits <= 2; }
};

constexpr std::size_t kMostTokens = 64;

std::vector<Token> tokenize(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t gap = 0;
  for (std::size_t at = 0; at < text.size() && tokens.size() < kMostTokens;) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(text, at);
    if (!is_word_char(c)) continue;
    Token token;
    token.gap = text.substr(gap, begin - gap);
    if (c >= '0' && c <= '9') {
      at = begin;
      while (at < text.size() && is_digit(text[at])) {
        token.value =
            token.digits < 8 ? token.value * 10 + static_cast<unsigned>(text[at] - '0') : 0;
        ++token.digits;
        ++at;
      }
    } else {
      append_utf8(token.word, lower(c));
      while (at < text.size() && !is_digit(text[at])) {
        std::size_t next = at;
        const char32_t d = next_code_point(text, next);
        if (!is_word_char(d)) break;
        append_utf8(token.word, lower(d));
        at = next;
      }
    }
    gap = at;
    tokens.push_back(std::move(token));
  }
  return tokens;
}

std::optional<Time> day_of(unsigned year, unsigned month, unsigned day) {
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() || year < 1990 || year >= 2040) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

bool is_date_mark(std::string_view gap) {
  const std::string_view mark = trim(gap);
  return mark == "-" || mark == "/" || mark == ".";
}

/// Reads the forms of a date at one token. Each returns nullopt if the line has another form there.
class DateReader {
 public:
  DateReader(const std::vector<Token>& tokens, std::size_t at, DayOrder order)
      : tokens_(tokens), at_(at), order_(order) {}

  std::optional<Time> read() const {
    if (auto date = year_first()) return date;
    if (auto date = cjk()) return date;
    if (auto date = day_month_name()) return date;
    if (auto date = month_name_day()) return date;
    return numeric();
  }

 private:
  const Token& token(std::size_t offset) const {
    static const Token nothing;
    return at_ + offset < tokens_.size() ? tokens_[at_ + offset] : nothing;
  }
  /// Offset of the token at or after `offset`, little words of dates skipped.
  std::size_t skip_small(std::size_t offset) const {
    constexpr std::array<std::string_view, 10> kSmall = {"st", "nd",  "rd", "th", "er",
                                                         "de", "del", "of", "º",  "ª"};
    for (int k = 0; k < 2 && std::ranges::find(kSmall, token(offset).word) != kSmall.end(); ++k)
      ++offset;
    return offset;
  }

  std::optional<Time> year_first() const {
    const Token &y = token(0), &m = token(1), &d = token(2);
    if (!y.is_year() || !m.is_day_or_month() || !d.is_day_or_month()) return std::nullopt;
    if (!is_date_mark(m.gap) || !is_date_mark(d.gap)) return std::nullopt;
    return day_of(y.value, m.value, d.value);
  }
  std::optional<Time> cjk() const {
    const Token &y = token(0), &m = token(2), &d = token(4);
    if (!y.is_year() || !m.is_day_or_month() || !d.is_day_or_month()) return std::nullopt;
    if (token(1).word != "年" && token(1).word != "년") return std::nullopt;
    return day_of(y.value, m.value, d.value);
  }
  std::optional<Time> day_month_name() const {
    if (!token(0).is_day_or_month()) return std::nullopt;
    const std::size_t m = skip_small(1);
    const unsigned month = month_number(token(m).word);
    if (month == 0) return std::nullopt;
    const Token& year = token(skip_small(m + 1));
    return year.is_year() ? day_of(year.value, month, token(0).value) : std::nullopt;
  }
  std::optional<Time> month_name_day() const {
    const unsigned month = token(0).digits > 0 ? 0 : month_number(token(0).word);
    if (month == 0 || !token(1).is_day_or_month()) return std::nullopt;
    const Token& year = token(skip_small(2));
    return year.is_year() ? day_of(year.value, month, token(1).value) : std::nullopt;
  }
  std::optional<Time> numeric() const {
    const Token &a = token(0), &b = token(1), &y = token(2);
    if (!a.is_day_or_month() || !b.is_day_or_month() || !is_date_mark(b.gap) ||
        !is_date_mark(y.gap) || trim(b.gap) != trim(y.gap)) {
      return std::nullopt;
    }
    if (!y.is_year() && y.digits != 2) return std::nullopt;
    const unsigned year = y.digits == 2 ? 2000 + y.value : y.value;
    const bool dots = trim(b.gap) == ".";
    const auto day_first = day_of(year, b.value, a.value);
    const auto month_first = day_of(year, a.value, b.value);
    if (dots) return day_first;
    if (order_ == DayOrder::kMonthFirst) return month_first ? month_first : day_first;
    return day_first ? day_first : month_first;
  }

  const std::vector<Token>& tokens_;
  const std::size_t at_;
  const DayOrder order_;
};

}  // namespace

std::optional<Time> find_date(std::string_view text, DayOrder order) {
  const std::vector<Token> tokens = tokenize(text);
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (const auto date = DateReader(tokens, at, order).read()) return date;
  }
  return std::nullopt;
}

std::optional<Time> read_date(std::string_view value, DayOrder order) {
  value = trim(value);
  if (value.empty()) return std::nullopt;
  const std::optional<Time> day = find_date(value, order);
  const std::optional<Time> exact = parse_date(value);
  if (!day) return exact && is_digit(value.front()) ? exact : std::nullopt;
  // The general parser knows the time of day and the zone; on which day it is, the page's habit
  // (03/04) decides.
  if (exact && *exact - *day < std::chrono::hours(36) && *day - *exact < std::chrono::hours(24)) {
    return exact;
  }
  return day;
}

namespace {

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
  std::optional<Time> in_metas(std::span<const std::string_view> names) const;
  std::optional<Time> in_json_ld(std::string_view key) const;
  std::optional<Time> in_microdata() const;
  std::optional<Time> in_url() const;
  std::optional<Time> in_time_elements() const;
  std::optional<Time> in_date_classes() const;
  std::optional<Time> in_text() const;
  double distance(Index i) const;

  const PageFacts& facts_;
  const HtmlDocument& document_;
  DayOrder order_ = DayOrder::kDayFirst;
  std::vector<Index> headings_;
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
  for (Index i = document_.find(Tag::kH1); i != HtmlDocument::kNone && headings_.size() < 8;
       i = document_.find(Tag::kH1, i + 1)) {
    headings_.push_back(i);
  }
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

/// ".../2019/11/18/..." or "...-2019-11-18.html".
std::optional<Time> Dates::in_url() const {
  const std::string& url = facts_.url();
  const std::size_t path = url.find('/', std::min(url.find("//"), url.size() - 1) + 2);
  if (url.empty() || path == std::string::npos) return std::nullopt;
  for (std::size_t at = path; at + 10 < url.size(); ++at) {
    const auto digits = [&](std::size_t from, std::size_t count) {
      return from + count <= url.size() &&
             std::all_of(url.begin() + static_cast<std::ptrdiff_t>(from),
                         url.begin() + static_cast<std::ptrdiff_t>(from + count), is_digit);
    };
    if (std::string_view("/-_").find(url[at]) == std::string_view::npos || !digits(at + 1, 4))
      continue;
    const std::string year = url.substr(at + 1, 4);
    std::size_t next = at + 5;
    std::string month, day;
    for (std::string* part : {&month, &day}) {
      if (std::string_view("/-_").find(url[next]) != std::string_view::npos) ++next;
      if (!digits(next, 2)) break;
      *part = url.substr(next, 2);
      next += 2;
    }
    if (day.empty() || digits(next, 1)) continue;
    const auto date =
        day_of(static_cast<unsigned>(std::stoul(year)), static_cast<unsigned>(std::stoul(month)),
               static_cast<unsigned>(std::stoul(day)));
    if (date) return date;
  }
  return std::nullopt;
}

/// How far a node is from the nearest h1; before it counts as further.
double Dates::distance(Index i) const {
  double best = headings_.empty() ? i : 1e9;
  for (const Index h1 : headings_) {
    best = std::min(best, i < h1 ? static_cast<double>(h1 - i) + 60 : static_cast<double>(i - h1));
  }
  return best;
}

/// Keeps the candidate nearest the headline.
struct Nearest {
  double distance = 1e18;
  std::optional<Time> date;
  void offer(double at, Time time) {
    if (at >= distance) return;
    distance = at;
    date = time;
  }
};

std::optional<Time> Dates::in_time_elements() const {
  Nearest nearest;
  for (Index i = document_.find(Tag::kTime); i != HtmlDocument::kNone;
       i = document_.find(Tag::kTime, i + 1)) {
    std::optional<Time> date = read_date(document_.attr(i, Attr::kDatetime), order_);
    if (!date) date = find_date(document_.line(i, 60), order_);
    if (!date || facts_.is_elsewhere(i)) continue;
    const std::string name = lower_utf8(document_.attr(i, Attr::kClass)) +
                             lower_utf8(document_.attr(i, Attr::kItemprop));
    const bool modified =
        name.find("updat") != std::string::npos || name.find("modif") != std::string::npos;
    nearest.offer(distance(i) + (modified ? 400 : 0), *date);
  }
  return nearest.date;
}

std::optional<Time> Dates::in_date_classes() const {
  Nearest nearest;
  for (Index i = 0; i < document_.size(); ++i) {
    const Tag tag = document_.tag(i);
    if (tag == Tag::kText || tag == Tag::kBody || tag == Tag::kHtml || tag == Tag::kMeta ||
        tag == Tag::kUl || tag == Tag::kTable || tag == Tag::kInput || document_[i].count == 0 ||
        document_.end(i) - i > 60) {
      continue;
    }
    const std::vector<std::string> parts = name_parts(document_, i);
    const bool dated = std::ranges::any_of(parts, [](const std::string& part) {
      return std::ranges::find(kDateParts, part) != std::end(kDateParts);
    });
    if (!dated || is_never_text(tag)) continue;
    const std::string text = document_.line(i, 641);
    if (char_count(text) > 160) continue;
    const auto date = find_date(text, order_);
    if (date && !facts_.is_elsewhere(i)) nearest.offer(distance(i), *date);
  }
  return nearest.date;
}

/// Words that say what the date behind them is.
bool announces_date(std::string_view text) {
  constexpr std::string_view kWords[] = {
      "published",  "posted", "veröffentlicht", "erstellt", "publié", "publicado",
      "pubblicato", "stand",  "datum",          "date",     "on"};
  const std::string lower = lower_utf8(text.substr(0, text.find_first_of(" :")));
  return std::ranges::find(kWords, lower) != std::end(kWords);
}

std::optional<Time> Dates::in_text() const {
  Nearest nearest;
  for (Index i = 0; i < document_.size(); ++i) {
    const Tag tag = document_.tag(i);
    if (is_never_text(tag)) i = document_.end(i) - 1;
    if (tag != Tag::kText || document_[i].count < 6 || document_[i].count > 400) continue;
    std::string text;
    append_collapsed(text, document_.text(i));
    if (char_count(text) > 90 || std::ranges::none_of(text, is_digit)) continue;
    const auto date = find_date(text, order_);
    if (!date || text.find("©") != std::string::npos ||
        lower_utf8(text).find("copyright") != std::string::npos)
      continue;
    if (!facts_.is_elsewhere(i))
      nearest.offer(distance(i) - (announces_date(text) ? 100 : 0), *date);
  }
  return nearest.date;
}

std::optional<Time> Dates::published() const {
  if (const auto date = in_metas(kFirstMetas)) return date;
  if (const auto date = in_json_ld("datePublished")) return date;
  if (const auto date = in_metas(kLaterMetas)) return date;
  if (const auto date = in_microdata()) return date;
  if (const auto date = in_url()) return date;
  if (const auto date = in_time_elements()) return date;
  if (const auto date = in_date_classes()) return date;
  if (const auto date = in_text()) return date;
  for (const std::string_view key : {"dateCreated", "uploadDate"}) {
    if (const auto date = in_json_ld(key)) return date;
  }
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
