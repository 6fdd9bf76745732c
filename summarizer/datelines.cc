#include "summarizer/datelines.h"

#include <algorithm>

namespace nutgraf::summarizer {
namespace {

using namespace std::string_view_literals;  // The length of a bare literal is counted.

constexpr std::size_t kMaxPlace = 60;
constexpr std::size_t kMaxAgency = 40;

constexpr Text kAgencies[] = {
    U"Reuters", U"AP",  U"AFP",    U"UPI",    U"BBC", U"Mashable", U"Entertainment Weekly",
    U"PA",      U"dpa", U"DPA",    U"ANSA",   U"EFE", U"Lusa",     U"Rolling Stone",
    U"APA",     U"ANP", U"Belga",  U"Ritzau", U"NTB", U"TT",       U"The Hollywood Reporter",
    U"STT",     U"PAP", U"Xinhua", U"Kyodo",  U"PTI", U"ANI",      U"Variety",
    U"TASS",    U"SID", U"epd",    U"KNA",    U"sda", U"Interfax", U"Agerpres"};

bool one_of(Text word, std::initializer_list<Text> words) {
  return std::ranges::find(words, word) != words.end();
}

bool is_agency(Text name) {
  if (name.starts_with(U"CNN"sv) || std::ranges::find(kAgencies, name) != std::end(kAgencies)) {
    return true;
  }
  return name.size() > 4 && name.size() <= 25 && name.ends_with(U".com"sv) &&
         std::ranges::all_of(name.substr(0, name.size() - 4),
                             [](char32_t c) { return is_alnum(c) || c == U' '; });
}

bool is_place_word(Text word) {
  const auto inner = [](char32_t c) { return is_alnum(c) || contains(U"_.'’-"_set, c); };
  if (is_upper(word[0])) return std::ranges::all_of(word.substr(1), inner);
  return one_of(word, {U"near"sv, U"aboard"sv}) ||
         (word.size() <= 3 && std::ranges::all_of(word, is_lower));
}

/// "London", "ST. LOUIS, Missouri", "Aboard the Queen Mary": words with commas and slashes between.
bool is_place(Text text) {
  if (text.empty() || text.size() > kMaxPlace || !is_place_word(text.substr(0, 1))) return false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::min(text.find_first_of(U" ,/"sv, i), text.size());
    if (end > i && !is_place_word(text.substr(i, end - i))) return false;
    i = end + 1;
  }
  return true;
}

/// After the dash at `i`, with the spaces around it; `i` if there is none.
std::size_t skip_dash(Text s, std::size_t i) {
  std::size_t j = i;
  while (j < s.size() && is_space(s[j])) ++j;
  const std::size_t dash = j;
  if (s.substr(j).starts_with(U"--"sv)) {
    j += 2;
  } else if (j < s.size() && contains(U"-–—"_set, s[j])) {
    ++j;
  }
  if (j == dash) return i;
  while (j < s.size() && is_space(s[j])) ++j;
  return j;
}

/// What may follow an agency's bracket without a dash.
bool opens_text(Text s) {
  if (s.empty()) return false;
  const bool upper = s[0] < 0x80 ? is_upper(s[0]) : is_upper(s[0]) && is_alpha(s[0]);
  return upper || is_digit(s[0]) || contains(U"\"“‘'$£€#"_set, s[0]) || s.starts_with(U"iP"sv) ||
         (s[0] == U'e' && s.size() > 1 && is_upper(s[1]));
}

/// "Place (Agency) — " or "(Agency)".
std::size_t bracketed(const Passage& sentence) {
  const std::size_t open = sentence.bytes().substr(0, kMaxPlace + 2).find('(');
  if (open == Text::npos) return 0;
  const Text s = sentence.text();
  const std::size_t close = s.substr(0, open + kMaxAgency + 2).find(U')', open);
  if (close == Text::npos || close == open + 1) return 0;
  Text place = s.substr(0, open);
  const bool spaced = place.ends_with(U' ');
  if (spaced) place.remove_suffix(1);
  if (place.ends_with(U',')) place.remove_suffix(1);
  if (!place.empty() && !is_place(place)) return 0;
  const Text name = s.substr(open + 1, close - open - 1);
  const std::size_t dash = skip_dash(s, close + 1);
  if (is_agency(name)) {
    if (dash != close + 1) return dash;
    std::size_t text = close + 1;
    while (text < s.size() && is_space(s[text])) ++text;
    return opens_text(s.substr(text)) ? text : 0;
  }
  if (place.empty() || !spaced || name.size() < 2 || name.find(U'(') != Text::npos) return 0;
  if (is_upper(name[0]) && dash != close + 1) return dash;
  // "Omaha, Nebraska (the Heartland Project)When she came": nothing but a credit is glued on.
  const bool words = name.find(U' ') != Text::npos;
  return words && close + 1 < s.size() && is_upper(s[close + 1]) ? close + 1 : 0;
}

/// Whether a dash without spaces may end a dateline here: "ATLANTA—When", but "IT—Moss".
bool is_glued(Text s, std::size_t dash, std::size_t size) {
  constexpr std::size_t kShortestCity = 4;
  return dash >= kShortestCity && dash + size < s.size() && !is_lower(s[dash + size]) &&
         !is_space(s[dash + size]);
}

/// "BAGHDAD, Iraq -- ": capitals, perhaps a country, and a dash.
std::size_t capitals(Text s) {
  const auto upper = [](char32_t c) { return c >= U'A' && c <= U'Z'; };
  std::size_t i = 0;
  while (i < s.size() && i < 44 && (upper(s[i]) || (i >= 3 && contains(U" ,.'’-"_set, s[i])))) ++i;
  if (i < 3) return 0;
  const Text rest = s.substr(0, std::min(s.size(), i + 36));
  for (const Text dash : {U" -- "sv, U" – "sv, U" — "sv, U" ― "sv, U"—"sv, U"―"sv, U"--"sv}) {
    const std::size_t at = rest.find(dash);
    if (at == Text::npos || (dash[0] != U' ' && !is_glued(s, at, dash.size()))) continue;
    // What stands between the capitals and the dash is a country: it follows a comma.
    const std::size_t comma = s.substr(0, at).rfind(U", "sv);
    const bool plain = at <= i;
    const bool country = comma != Text::npos && comma >= 3 && comma <= i && comma + 2 < at &&
                         upper(s[comma + 2]) && at - comma <= 33 &&
                         std::ranges::all_of(s.substr(comma + 2, at - comma - 2), [](char32_t c) {
                           return is_alnum(c) || c == U'.' || c == U' ' || c == U'_';
                         });
    if (plain || country) return at + dash.size();
  }
  return 0;
}

}  // namespace

std::size_t dateline_size(const Passage& sentence) {
  if (sentence.empty()) return 0;
  const std::size_t size = bracketed(sentence);
  return size != 0 ? size : capitals(sentence.text());
}

}  // namespace nutgraf::summarizer
