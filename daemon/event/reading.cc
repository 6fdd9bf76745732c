#include "daemon/event/reading.h"

#include <cmath>

#include "daemon/event/days.h"
#include "daemon/event/units.h"

namespace nutgraf {
namespace {

using std::string_view;

/// "Meanwhile, …", "in one attack, …", "police also said …": an incident among others.
bool is_one_among(const Reading& read, std::size_t at) {
  const string_view word = read.words[at];
  if (one_of(word, {"meanwhile", "separately", "elsewhere", "separate"})) return true;
  if (word == "also") return one_of(read.word(at + 1), {"said", "reported", "confirmed"});
  return word == "in" && one_of(read.word(at + 1), {"one", "another"}) &&
         one_of(read.word(at + 2), {"attack", "incident", "strike", "case", "bombing", "blast",
                                    "raid", "shooting", "clash", "explosion", "crash"});
}

/// "In September", not "in Mar-a-Lago": of what has just happened the day is told.
bool is_month_alone(const Reading& read, std::size_t at) {
  if (read.word(at + 1).size() <= 3 && read.word(at + 1) != "may") return false;
  return read.words[at] == "in" && is_month(read, at + 1) &&
         (at + 2 == read.words.size() || !written_number(read.words, at + 2));
}

/// "In the last 10 days": each day another ten.
bool is_window(const Reading& read, std::size_t at) {
  if (read.words[at] != "last" || at + 1 >= read.words.size()) return false;
  const auto number = written_number(read.words, at + 1);
  return number && !span_of(read.word(number->after)).empty();
}

/// "15-20 inches", "$140-$150 million": a number behind a number and a dash.
bool is_dashed(const Reading& read, std::size_t at) {
  if (at == 0 || at >= read.words.size()) return false;
  const string_view gap = read.gap(at);
  return read.words.words[at].number && read.words.words[at - 1].number &&
         (gap.find('-') != string_view::npos || gap.find("–") != string_view::npos);
}

}  // namespace

string_view Reading::gap(std::size_t before) const {
  const std::size_t from = before == 0 ? 0 : words.words[before - 1].end;
  const std::size_t to =
      before < words.size() ? std::size_t{words.words[before].begin} : sentence.size();
  return sentence.substr(from, to - from);
}

bool Reading::joined(std::size_t at) const {
  const string_view between = gap(at);
  return between.find_first_of(",;:()!?\"") == string_view::npos &&
         between.find("—") == string_view::npos && between.find("–") == string_view::npos &&
         between.find(" - ") == string_view::npos;
}

bool is_month(const Reading& read, std::size_t at) {
  return read.capital(at) && english_month(read.words[at]).has_value();
}

bool is_auxiliary(string_view word) {
  return one_of(
      word,
      {"were",       "was",      "are",      "is",         "have",       "has",      "had",
       "been",       "being",    "reported", "reportedly", "confirmed",  "left",     "officially",
       "pronounced", "declared", "found",    "seriously",  "critically", "severely", "badly",
       "still",      "remain",   "remained", "got",        "taken",      "slightly"});
}

bool closes_phrase(string_view word) {
  return one_of(word,
                {"also",  "in",    "on",    "at",     "and",    "or",     "as",      "by",
                 "when",  "after", "near",  "during", "from",   "with",   "who",     "that",
                 "which", "to",    "of",    "for",    "a",      "an",     "the",     "but",
                 "while", "so",    "it",    "he",     "she",    "they",   "more",    "less",
                 "than",  "not",   "no",    "if",     "said",   "before", "outside", "since",
                 "over",  "where", "into",  "inside", "across", "around", "off",     "this",
                 "his",   "her",   "their", "all",    "its",    "about",  "out",     "there"});
}

bool is_year(const Reading& read, std::size_t at, const WrittenNumber& number) {
  return number.digits && read.words[at].size() == 4 && number.value >= 1900 &&
         number.value <= 2100;
}

bool speaks_of_else(const Reading& read) {
  for (std::size_t i = 0; i < read.words.size(); ++i) {
    const string_view word = read.words[i];
    if (is_one_among(read, i) || is_month_alone(read, i)) return true;
    if (one_of(word, {"previous",  "previously", "anniversary", "history", "decade", "decades",
                      "earlier",   "ago",        "similar",     "since",   "annual", "annually",
                      "every",     "average",    "century",     "past",    "recent", "typically",
                      "initially", "originally", "usually",     "revised"})) {
      return true;
    }
    if (is_window(read, i)) return true;
    if (one_of(word, {"last", "this", "each", "per"}) &&
        one_of(read.word(i + 1), {"year", "month", "week", "season", "summer", "winter", "spring",
                                  "autumn", "fall", "century", "day"})) {
      return true;
    }
  }
  return false;
}

bool is_supposed(const Reading& read, std::size_t at) {
  constexpr std::size_t kAround = 7;
  const std::size_t end = std::min(read.words.size(), at + kAround);
  for (std::size_t i = at - std::min(at, kAround); i < end; ++i) {
    if (one_of(read.words[i], {"could", "would", "might", "if", "threatened", "plot", "feared",
                               "believed", "presumed", "not"})) {
      return true;
    }
    if (read.words[i] == "may" && !read.words.words[i].capital) return true;
  }
  return false;
}

std::size_t wording_begins(const Reading& read, std::size_t at) {
  while (at > 0 &&
         one_of(read.words[at - 1],
                {"at",        "least", "more",    "than", "about", "around",  "some",
                 "nearly",    "over",  "almost",  "up",   "to",    "roughly", "approximately",
                 "estimated", "an",    "another", "only", "just",  "no",      "fewer",
                 "all"})) {
    --at;
  }
  return at;
}

bool stands_alone(const Reading& read, std::size_t at, const WrittenNumber& number) {
  const string_view next = read.word(number.after);
  const string_view behind = read.gap(number.after);
  if (behind.find('%') != string_view::npos || behind.starts_with("-") || behind.starts_with("–") ||
      behind.starts_with("/") || behind.starts_with(":")) {
    return false;
  }
  if (at > 0 &&
      (read.gap(at).ends_with("-") || read.gap(at).ends_with("–") || read.gap(at).ends_with(":") ||
       read.gap(at).ends_with("/") || read.gap(at).ends_with("#"))) {
    return false;
  }
  if (one_of(next, {"percent", "per", "of", "times", "or", "out", "vs", "versus"})) return false;
  const bool listed = next == "and" && number.after + 1 < read.words.size() &&
                      written_number(read.words, number.after + 1);
  if (listed || is_range(read, at, number)) return false;
  const string_view one = read.before(at, 1);
  const bool part =
      one_of(one, {"another", "additional", "other", "or", "from", "no", "number", "vs", "versus",
                   "first", "last", "these", "those", "his", "her", "aged", "age"});
  return !part && !one_of(read.before(at, 2), {"between", "another", "additional"});
}

bool can_count(const Reading& read, std::size_t at, const WrittenNumber& number) {
  if (number.suffix != 0 || number.value != std::floor(number.value)) return false;
  if (number.value < 1 || number.value > 1e6 || is_year(read, at, number)) return false;
  if (read.gap(at).find('$') != string_view::npos) return false;
  if (read.before(at, 1) == "in" || (at > 0 && is_month(read, at - 1))) return false;
  const string_view next = read.word(number.after);
  return unit_of(next).empty() && span_of(next).empty() && !is_month(read, number.after) &&
         !one_of(next, {"more", "am", "pm", "counts", "charges"});
}

bool is_range(const Reading& read, std::size_t at, const WrittenNumber& number) {
  if (is_dashed(read, at) || is_dashed(read, number.after)) return true;
  if (one_of(read.word(number.after), {"to", "or"}) && number.after + 1 < read.words.size() &&
      written_number(read.words, number.after + 1)) {
    return true;
  }
  const string_view one = read.before(at, 1);
  if (one_of(one, {"to", "or"})) return at >= 2 && written_number(read.words, at - 2);
  // The first number may be of two words: "between $3 million and $5 million".
  return one == "between" ||
         (one == "and" && (read.before(at, 3) == "between" || read.before(at, 4) == "between"));
}

bool is_torn(const Reading& read, std::size_t at, const WrittenNumber& number) {
  const auto torn = [&](std::size_t i) {
    if (i >= read.words.size() || i == 0 || !read.words.words[i].number ||
        !read.words.words[i - 1].number) {
      return false;
    }
    const string_view gap = read.gap(i);
    return (gap == ", " && read.words[i].size() == 3) || gap == ". " || gap == " / " || gap == "/";
  };
  return torn(at) || torn(number.after);
}

}  // namespace nutgraf
