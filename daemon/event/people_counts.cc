#include "daemon/event/people_counts.h"

#include <algorithm>
#include <utility>

namespace nutgraf {
namespace {

using std::string_view;

constexpr std::pair<string_view, string_view> kRoles[] = {
    {"killed", "killed"},
    {"dead", "killed"},
    {"died", "killed"},
    {"deaths", "killed"},
    {"fatalities", "killed"},
    {"killing", "killed"},
    {"kills", "killed"},
    {"injured", "injured"},
    {"wounded", "injured"},
    {"hurt", "injured"},
    {"injuries", "injured"},
    {"injuring", "injured"},
    {"wounding", "injured"},
    {"injures", "injured"},
    {"arrested", "arrested"},
    {"detained", "arrested"},
    {"arrests", "arrested"},
    {"arresting", "arrested"},
    {"missing", "missing"},
    {"rescued", "rescued"},
    {"evacuated", "evacuated"},
    {"displaced", "displaced"},
    {"kidnapped", "kidnapped"},
    {"abducted", "kidnapped"},
    {"charged", "charged"},
    {"indicted", "charged"},
    {"convicted", "convicted"},
    {"sentenced", "sentenced"},
    {"executed", "executed"},
    {"shot", "shot"},
    {"stabbed", "stabbed"},
    {"trapped", "trapped"},
    {"stranded", "stranded"},
    {"homeless", "homeless"},
    {"infected", "infected"},
    {"freed", "freed"},
    {"hospitalized", "in hospital"},
    {"hospitalised", "in hospital"},
};

/// What a person may be called for short, without saying who was counted.
constexpr string_view kAnybody[] = {"people",  "persons", "person",
                                    "victims", "lives",   "individuals"};

/// "three men and two women", "two killed, five wounded": from a number, the next one within a few
/// words and no verb between them, or the one before it.
bool one_of_several(const Reading& read, std::size_t at, std::size_t after) {
  constexpr std::size_t kNear = 4;
  for (std::size_t i = after; i < std::min(read.words.size(), after + kNear); ++i) {
    if (!look_up(kRoles, read.words[i]).empty() || is_auxiliary(read.words[i])) break;
    if (read.words[i] == "including") break;  // They are among those counted.
    const bool lists = one_of(read.words[i], {"and", "plus"}) || !read.joined(i);
    if (lists && i + 1 < read.words.size() &&
        (written_number(read.words, i + 1) || written_number(read.words, i) ||
         one_of(read.words[i + 1], {"a", "an"}))) {
      return true;
    }
  }
  const bool total = read.before(at, 2) == "total" && read.before(at, 1) == "of";
  for (std::size_t i = at; i > 0 && i + kNear > at && !total; --i) {
    if (!look_up(kRoles, read.words[i - 1]).empty() || is_auxiliary(read.words[i - 1])) break;
    if (written_number(read.words, i - 1)) return true;
    if (one_of(read.words[i - 1], {"including", "among", "a", "and"}) && i >= 2 && i < at) {
      if (read.words[i - 1] != "and") return true;
    }
  }
  return at > 0 && one_of(read.before(at, 1), {"including", "among", "include", "includes"});
}

/// Who was counted, from the words [from, to): "" for people in general.
std::string counted(const Reading& read, std::size_t from, std::size_t to) {
  std::string who;
  for (std::size_t i = from; i < to; ++i) {
    const string_view word = read.words[i];
    if (one_of(word, {"other", "others"}) || is_auxiliary(word)) continue;
    if (std::find(std::begin(kAnybody), std::end(kAnybody), word) != std::end(kAnybody)) continue;
    who += ' ';
    who += word;
  }
  return who;
}

struct Role {
  string_view name;
  std::string who;
};

bool finite_verb(string_view word) {
  return one_of(word, {"killed", "injured", "wounded", "hurt", "arrested", "detained", "rescued",
                       "evacuated", "kidnapped", "abducted", "charged", "indicted", "convicted",
                       "sentenced", "executed", "shot", "stabbed", "freed", "infected"});
}

/// "Nine men killed a guard": they did it, it was not done to them.
bool is_active(const Reading& read, std::size_t verb) {
  if (!finite_verb(read.words[verb]) || verb + 1 >= read.words.size()) return false;
  if (is_auxiliary(read.words[verb - 1])) return false;
  return written_number(read.words, verb + 1).has_value() ||
         one_of(read.words[verb + 1],
                {"a", "an", "the", "at", "more", "about", "his", "her", "some", "their", "its",
                 "dozens", "hundreds", "several", "many"});
}

/// Behind ", including two children," and the like, or where it stood.
std::size_t behind_aside(const Reading& read, std::size_t at) {
  constexpr std::size_t kLongest = 10;
  const bool aside =
      read.gap(at).find(',') != string_view::npos &&
      one_of(read.words[at], {"including", "most", "mostly", "all", "some", "many", "among"});
  if (!aside) return at;
  std::size_t end = at + 1;
  while (end < std::min(read.words.size(), at + kLongest) && read.joined(end)) ++end;
  const bool closed = end < read.words.size() && read.gap(end).find(',') != string_view::npos;
  return closed && is_auxiliary(read.words[end]) ? end : at;
}

/// "Nine people were killed", "12 dead": what happened stands behind the number.
std::optional<Role> role_behind(const Reading& read, std::size_t after) {
  constexpr std::size_t kReach = 6;
  std::size_t end = 0;  // Of who was counted, if an aside follows.
  for (std::size_t i = after, reach = after + kReach; i < std::min(read.words.size(), reach); ++i) {
    const std::size_t main = behind_aside(read, i);
    if (main != i) {
      end = i;
      reach += main - i;
      i = main;
    } else if (!read.joined(i) || closes_phrase(read.words[i])) {
      return std::nullopt;
    }
    const string_view role = look_up(kRoles, read.words[i]);
    if (role.empty()) {
      if (written_number(read.words, i)) return std::nullopt;
      continue;
    }
    if (is_active(read, i)) return std::nullopt;
    std::string who = counted(read, after, end > 0 ? end : i);
    if (std::count(who.begin(), who.end(), ' ') > 3) return std::nullopt;
    return Role{role, std::move(who)};
  }
  return std::nullopt;
}

/// "killing nine", "the death toll rose to nine": what happened stands before it.
std::optional<Role> role_before(const Reading& read, std::size_t at, std::size_t after) {
  const std::size_t begin = wording_begins(read, at);
  if (begin == 0) return std::nullopt;
  const string_view verb = read.words[begin - 1];
  if (one_of(verb,
             {"killed",   "killing",   "kills",     "injuring", "injured", "injures",   "wounding",
              "wounded",  "arrested",  "arresting", "detained", "rescued", "evacuated", "charged",
              "indicted", "convicted", "executed",  "shot",     "stabbed", "freed"})) {
    if (begin >= 2 && one_of(read.words[begin - 2], {"was", "were", "been", "is", "are", "be"})) {
      return std::nullopt;
    }
    std::size_t end = after;
    while (end < read.words.size() && end < after + 3 && read.joined(end) &&
           !closes_phrase(read.words[end]) && look_up(kRoles, read.words[end]).empty()) {
      ++end;
      if (end - after == 1 && !counted(read, after, end).empty()) continue;
      if (counted(read, after, end).empty()) break;
    }
    return Role{look_up(kRoles, verb), counted(read, after, end)};
  }
  for (std::size_t i = begin; i > 1 && i + 7 > begin; --i) {
    if (read.words[i - 1] == "toll" && read.words[i - 2] == "death") return Role{"killed", ""};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Figure> people_count(const Reading& read, std::size_t at,
                                   const WrittenNumber& number) {
  if (!can_count(read, at, number) || is_supposed(read, at)) return std::nullopt;
  std::optional<Role> role = role_behind(read, number.after);
  if (!role) role = role_before(read, at, number.after);
  if (!role || one_of_several(read, at, number.after)) return std::nullopt;
  // "and two others were killed": others than those named before.
  if (role->name != "injured" && one_of(read.word(number.after), {"others", "other"})) {
    return std::nullopt;
  }
  Figure figure;
  figure.what = std::string(role->name) + role->who;
  return figure;
}

bool adds_to_before(const Reading& read, std::size_t at, const WrittenNumber& number) {
  return one_of(read.before(at, 1), {"another", "additional", "further"}) &&
         can_count(read, at, number) && !role_behind(read, number.after);
}

}  // namespace nutgraf
