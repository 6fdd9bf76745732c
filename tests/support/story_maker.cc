#include "tests/support/story_maker.h"

#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace nutgraf {

namespace {

using Words = std::string_view;

constexpr Words kAdjectives[] = {
    "regional",  "coastal",   "disputed", "long-delayed", "ambitious", "modest",
    "new",       "costly",    "quiet",    "unexpected",   "national",  "municipal",
    "private",   "temporary", "ageing",   "flooded",      "historic",  "independent",
    "joint",     "leading",   "northern", "southern",     "outdated",  "preliminary",
    "promising", "rural",     "urban",    "senior",       "stalled",   "tentative",
    "vast",      "voluntary", "wooden",   "electric",     "digital",   "experimental",
    "imported",  "seasonal",  "shared",   "revised",      "narrow",    "fragile",
    "abandoned", "crowded",   "disused",  "federal",      "hidden",    "mobile",
    "nuclear",   "offshore",  "public",   "remote",       "sudden",    "unpaid",
    "western",   "volcanic"};
constexpr Words kNouns[] = {
    "bridge",      "harbour",    "reservoir",  "library",   "railway",    "hospital",  "vineyard",
    "glacier",     "museum",     "market",     "tariff",    "pension",    "satellite", "vaccine",
    "orchestra",   "ferry",      "forest",     "fishery",   "refinery",   "school",    "stadium",
    "theatre",     "tunnel",     "university", "warehouse", "windfarm",   "airport",   "archive",
    "battery",     "budget",     "cathedral",  "census",    "chemical",   "coalition", "contract",
    "cooperative", "court",      "dam",        "dialect",   "factory",    "festival",  "garden",
    "grain",       "herd",       "inquiry",    "island",    "laboratory", "lake",      "lawsuit",
    "licence",     "lighthouse", "manuscript", "mine",      "monument",   "orchard",   "parade",
    "parliament",  "pipeline",   "port",       "prison",    "quarry",     "radar",     "referendum",
    "reform",      "river",      "road",       "sanctuary", "shipyard",   "strike",    "subsidy",
    "telescope",   "textile",    "timber",     "tower",     "treaty",     "turbine",   "valley",
    "village",     "volcano",    "waterway",   "wetland",   "workshop",   "wreck",     "zoo"};
constexpr Words kRoles[] = {"minister",   "engineer",  "mayor",     "historian", "farmer",
                            "biologist",  "judge",     "spokesman", "architect", "economist",
                            "doctor",     "captain",   "teacher",   "inspector", "researcher",
                            "councillor", "geologist", "editor",    "trader",    "conductor",
                            "surveyor",   "librarian", "chemist",   "forester",  "pilot"};
constexpr Words kVerbs[] = {
    "approved",  "rejected",     "inspected", "restored",  "closed",     "reopened",    "sold",
    "surveyed",  "expanded",     "abandoned", "defended",  "criticized", "financed",    "measured",
    "postponed", "renamed",      "rescued",   "reviewed",  "described",  "insured",     "mapped",
    "occupied",  "photographed", "praised",   "protected", "questioned", "rebuilt",     "recorded",
    "replaced",  "shielded",     "studied",   "suspended", "tested",     "transferred", "welcomed"};
constexpr Words kPlural[] = {"residents", "workers", "farmers", "visitors", "students",
                             "patients",  "drivers", "sailors", "families", "volunteers",
                             "tenants",   "nurses",  "pupils",  "miners",   "commuters"};
constexpr Words kUnits[] = {"tonnes", "hectares", "kilometres", "euros",  "crowns",
                            "litres", "vehicles", "households", "crates", "volumes"};
constexpr Words kDays[] = {"on Monday",   "on Tuesday",  "on Wednesday",     "on Thursday",
                           "on Friday",   "on Saturday", "on Sunday",        "last week",
                           "this spring", "in autumn",   "before the vote",  "after a long debate",
                           "at dawn",     "overnight",   "within the month", "two years ago"};
constexpr Words kOnsets[] = {"B",  "Br", "C", "D", "Dr", "F",  "G",  "Gr", "H",  "K",
                             "Kl", "L",  "M", "N", "P",  "Pr", "R",  "S",  "St", "T",
                             "Tr", "V",  "W", "Z", "Sk", "Th", "Sh", "Ch", "J",  "Al"};
constexpr Words kMiddles[] = {"a", "e", "i", "o", "u", "ai", "or", "en", "il", "an", "ar", "ov"};
constexpr Words kEnds[] = {"ran", "sted", "mir",  "lin", "dorf", "ville", "ton", "ska",  "ez",
                           "vik", "berg", "more", "nau", "holm", "rici",  "gan", "ston", "ley"};

/// splitmix64: small, and the same everywhere.
class Dice {
 public:
  // Mixed once more: the generator walks by a fixed step, so neighbouring seeds taken as they are
  // would give the same numbers, shifted by one.
  explicit Dice(std::uint64_t seed) : state_(mixed(seed + 1)) {}

  std::uint64_t roll() { return mixed(state_ += kStep); }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(roll() % n); }

  template <std::size_t N>
  std::string pick(const Words (&words)[N]) {
    return std::string(words[below(N)]);
  }

 private:
  static constexpr std::uint64_t kStep = 0x9E3779B97F4A7C15u;

  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

std::string name(Dice& dice) { return dice.pick(kOnsets) + dice.pick(kMiddles) + dice.pick(kEnds); }

std::string thing(Dice& dice) { return dice.pick(kAdjectives) + ' ' + dice.pick(kNouns); }

std::string figure(Dice& dice) {
  return std::to_string(2 + dice.below(9'800)) + ' ' + dice.pick(kUnits);
}

/// The people and places that a story keeps coming back to.
struct Cast {
  std::string person;
  std::string second;
  std::string place;
  std::string company;
  std::string subject;
};

std::string upper_first(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string sentence(Dice& dice, const Cast& cast) {
  switch (dice.below(12)) {
    case 0:
      return cast.person + ", a " + dice.pick(kRoles) + " from " + cast.place + ", " +
             dice.pick(kVerbs) + " the " + thing(dice) + ' ' + dice.pick(kDays) + '.';
    case 1:
      return "The " + thing(dice) + " near " + cast.place + " was " + dice.pick(kVerbs) + " by " +
             figure(dice) + " of " + dice.pick(kNouns) + " funds " + dice.pick(kDays) + '.';
    case 2:
      return upper_first(dice.pick(kPlural)) + " in " + name(dice) + " said the " + thing(dice) +
             " had " + dice.pick(kVerbs) + " their " + dice.pick(kNouns) + '.';
    case 3:
      return "About " + figure(dice) + " were " + dice.pick(kVerbs) + " when " + cast.company +
             ' ' + dice.pick(kVerbs) + " the " + cast.subject + ' ' + dice.pick(kDays) + '.';
    case 4:
      return '"' + upper_first(dice.pick(kPlural)) + " never " + dice.pick(kVerbs) + " a " +
             thing(dice) + " like this,\" said " + cast.second + ", a " + dice.pick(kRoles) + '.';
    case 5:
      return "A " + thing(dice) + " owned by " + cast.company + " " + dice.pick(kVerbs) + " the " +
             dice.pick(kNouns) + " of " + name(dice) + ", where " + dice.pick(kPlural) + " " +
             dice.pick(kVerbs) + " a " + dice.pick(kNouns) + '.';
    case 6:
      return upper_first(dice.pick(kDays)) + ", the " + dice.pick(kRoles) + " of " + name(dice) +
             " " + dice.pick(kVerbs) + " plans for a " + thing(dice) + " worth " + figure(dice) +
             '.';
    case 7:
      return "Critics of the " + cast.subject + " argue that " + cast.place + " needs a " +
             thing(dice) + " and not another " + dice.pick(kNouns) + '.';
    case 8:
      return "According to " + cast.second + ", the " + dice.pick(kNouns) + " " +
             dice.pick(kVerbs) + " in " + std::to_string(1900 + dice.below(126)) +
             " still serves " + std::to_string(20 + dice.below(900)) + ' ' + dice.pick(kPlural) +
             '.';
    case 9:
      return "Neither " + cast.company + " nor the " + thing(dice) + " had " + dice.pick(kVerbs) +
             " the " + dice.pick(kNouns) + " before " + name(dice) + " " + dice.pick(kVerbs) +
             " it.";
    case 10:
      return "If the " + dice.pick(kNouns) + " is " + dice.pick(kVerbs) + ", " +
             dice.pick(kPlural) + " could receive " + figure(dice) + " from the " + thing(dice) +
             '.';
    default:
      return "In neighbouring " + name(dice) + ", a " + dice.pick(kRoles) + " named " + name(dice) +
             " " + dice.pick(kVerbs) + " the " + thing(dice) + " and " + dice.pick(kVerbs) +
             " its " + dice.pick(kNouns) + '.';
  }
}

/// "a inspector" becomes "an inspector".
void mend_articles(std::string& text) {
  for (const std::string_view before : {" a ", "A "}) {
    for (std::size_t at = text.find(before); at != std::string::npos; at = text.find(before, at)) {
      at += before.size();
      const bool vowel = std::string_view("aeio").find(text[at]) != std::string_view::npos;
      if (vowel) text.insert(at - 1, "n");
    }
  }
}

Cast make_cast(Dice& dice) {
  Cast cast;
  cast.person = name(dice) + ' ' + name(dice);
  cast.second = name(dice) + ' ' + name(dice);
  cast.place = name(dice);
  cast.company = name(dice) + " Group";
  cast.subject = thing(dice);
  return cast;
}

}  // namespace

NewsroomStory make_story(std::uint64_t number) {
  Dice dice(number);
  const Cast cast = make_cast(dice);
  NewsroomStory story;
  story.slug = "story-" + std::to_string(number);
  story.title = cast.person + ' ' + dice.pick(kVerbs) + ' ' + cast.subject + " in " + cast.place;
  story.author = name(dice) + ' ' + name(dice);
  constexpr Words kCategories[] = {"world", "business", "science", "culture", "politics", "sport"};
  story.category = dice.pick(kCategories);
  story.body.push_back(cast.person + " has " + dice.pick(kVerbs) + " the " + cast.subject + " of " +
                       cast.place + ", " + dice.pick(kPlural) + " and a " + dice.pick(kRoles) +
                       " said " + dice.pick(kDays) + '.');
  const std::size_t paragraphs = 4 + dice.below(4);
  for (std::size_t i = 0; i < paragraphs; ++i) {
    std::string paragraph;
    const std::size_t sentences = 2 + dice.below(3);
    for (std::size_t k = 0; k < sentences; ++k) {
      if (k > 0) paragraph += ' ';
      paragraph += sentence(dice, cast);
    }
    story.body.push_back(std::move(paragraph));
  }
  for (std::string& paragraph : story.body) mend_articles(paragraph);
  return story;
}

}  // namespace nutgraf
