#include "daemon/article/byline.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "daemon/article/letters.h"
#include "daemon/article/page_date.h"
#include "daemon/base/entities.h"

namespace nutgraf {
namespace {

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
    "authors", "auteur", "auteurs", "autore", "text", "redaktion", "redacción", "автор", "текст", "written",
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
    "subscribe", "read more", "true", "false", "undefined", "editorial", "redacción", "rédaction", "redazione", "about the author", "the author", "contact", "comment", "comments"};

constexpr std::string_view kParticles[] = {
    "de", "la", "van", "von", "der", "den", "del", "di", "da", "dos", "el", "bin", "al", "le", "du", "zu",
    "y", "ter", "ten", "st", "and", "und", "et", "e"};
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

/// "August 5": these months are names of people too.
bool begins_date_before_number(const std::string& word) {
  constexpr std::string_view kWords[] = {"jan", "mar",  "march", "märz", "april",  "apr", "may",
                                         "mai", "june", "juni",  "july", "august", "aug"};
  return one_of(kWords, word);
}

/// "Jane Doe March 5", "Jane Doe Sat": a date follows the name.
bool begins_date(const std::string& word) {
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
  const std::vector<std::string_view> words = split(text, ' ');
  for (std::size_t k = 0; k < words.size(); ++k) {
    const std::string_view word = words[k];
    const std::size_t at = static_cast<std::size_t>(word.data() - text.data());
    const bool number = is_digit(word.front());
    const std::string plain = plain_word(word);
    const bool day_follows = k + 1 < words.size() && is_digit(words[k + 1].front());
    if (day_follows && begins_date_before_number(plain)) return text.substr(0, at);
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

bool is_capitalized(std::string_view word) {
  std::size_t at = 0;
  const char32_t c = next_code_point(word, at);
  return is_upper(c) || !is_word_char(c) || c >= 0x80;
}

/// "Photo: Jane Doe": who made something else than the text.
bool credits_picture(std::string_view text) {
  constexpr std::string_view kPictures[] = {"photo",  "photos", "foto",         "fotos", "picture",
                                            "bild",   "bilder", "illustration", "image", "source",
                                            "quelle", "fuente", "video",        "grafik"};
  const std::string_view first = text.substr(0, text.find(' '));
  return first.ends_with(':') && one_of(kPictures, plain_word(first));
}

}  // namespace

Names clean_names(std::string_view raw) {
  std::string text = plain_text(raw);
  // "ByJane Doe": two inline elements without a blank.
  if (text.size() > 3 && text.starts_with("By") && text[2] >= 'A' && text[2] <= 'Z')
    text.insert(2, " ");
  if (text.starts_with("http") || text.starts_with("www.") || text.starts_with('@') ||
      text.starts_with('/')) {
    return {};
  }
  if (credits_picture(text)) return {};
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

bool is_introduction(std::string_view text) {
  const std::vector<std::string_view> words = split(trim(text), ' ');
  if (words.empty() || words.size() > 3) return false;
  const std::string last = plain_word(words.back());
  return one_of(kBy, last) || (words.size() == 1 && one_of(kIntroductions, last));
}

/// "NOC Admin", "Example staff": an account or a desk, no person.
bool is_account(const std::vector<std::string_view>& words) {
  constexpr std::string_view kAccounts[] = {"admin", "administrator", "webmaster"};
  return plain_word(words.back()) == "staff" ||
         std::ranges::any_of(
             words, [&](std::string_view word) { return one_of(kAccounts, plain_word(word)); });
}

bool is_name(const Names& names, bool strict) {
  if (names.empty()) return false;
  const std::string& name = names.front();
  if (one_of(kNoNames, plain_word(name)) || starts_with_ignoring_case(name, "view all posts"))
    return false;
  const std::vector<std::string_view> words = split(name, ' ');
  if (words.empty() || words.size() > 6 || fold_words(name).empty()) return false;
  if (is_account(words) ||
      std::ranges::none_of(name, [](char c) { return is_alpha(c) || c < 0; })) {
    return false;
  }
  if (!strict) return true;
  constexpr std::string_view kArticles[] = {"the",  "our",  "all",     "view",
                                            "show", "more", "articles"};
  if (one_of(kArticles, plain_word(words[0])) || words[0] == "der" || words[0] == "den")
    return false;
  if (words.size() < 2 || has_digit(name)) return false;
  return std::ranges::all_of(words, [](std::string_view word) {
    return is_capitalized(word) || one_of(kParticles, plain_word(word));
  });
}

namespace {

constexpr std::string_view kBylines[] = {"by",    "von",     "par",    "por",  "door",     "di",
                                         "autor", "autorin", "author", "text", "redaktion"};

/// The word introduces a name; "autor", "text" only with a colon: they are words of headlines too.
bool opens_byline(std::string_view word) {
  const std::string plain = plain_word(word);
  if (!one_of(kBylines, plain)) return false;
  return word.back() == ':' || (plain.size() <= 4 && plain != "text");
}

/// What stands before a byline in one line with it: a date, or something that a mark ends.
bool is_before_byline(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  constexpr std::string_view kMarks[] = {"|", "-", "–", "—", "•", "·", "/", "//", "@"};
  text = trim(text);
  const std::vector<std::string_view> words = split(text, ' ');
  if (words.empty() || text.size() > kLongest) return false;
  return one_of(kMarks, words.back()) || find_date(text, DayOrder::kDayFirst).has_value();
}

/// Number of the word that introduces the names; nullopt if the line is no byline.
std::optional<std::size_t> byline_at(std::string_view line,
                                     const std::vector<std::string_view>& words) {
  constexpr std::string_view kOpen[] = {"story",     "written", "posted",  "words",   "report",
                                        "published", "text",    "article", "reviewed"};
  if (words.size() > 2 && one_of(kOpen, plain_word(words[0])) && plain_word(words[1]) == "by")
    return 1;
  if (!words.empty() && opens_byline(words[0])) return 0;
  for (std::size_t k = 1; k < words.size(); ++k) {
    if (!opens_byline(words[k])) continue;
    const std::size_t size = static_cast<std::size_t>(words[k].data() - line.data());
    if (is_before_byline(line.substr(0, size))) return k;
  }
  return std::nullopt;
}

}  // namespace

Names byline_names(std::string_view line) {
  const std::vector<std::string_view> words = split(line, ' ');
  const std::optional<std::size_t> at = byline_at(line, words);
  if (!at || *at + 2 >= words.size()) return {};
  const std::size_t first = *at + 1;
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
  // A number tells that a month before it is none of the names.
  if (last < words.size() && is_digit(words[last].front())) ++last;
  const char* const begin = words[first].data();
  return clean_names(
      {begin, static_cast<std::size_t>(words[last - 1].data() + words[last - 1].size() - begin)});
}

bool is_handle(const Names& names) {
  if (names.size() != 1 || names[0].find(' ') != std::string::npos) return false;
  return !is_capitalized(names[0]) || names[0].find_first_of("_.-0123456789") != std::string::npos;
}

}  // namespace nutgraf
