#include "daemon/base/date_names.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "daemon/base/ascii.h"
#include "daemon/base/utf8.h"

namespace nutgraf {
namespace {

/// Month names by language, January first; '|' separates forms of one month. Only names that agree
/// across the table may share a beginning: "listopad" is November in Polish and Czech, October in
/// Croatian, so Croatian is left out.
constexpr auto kMonthNames = std::to_array<std::array<std::string_view, 12>>({
    // English
    {"january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul",
     "august|aug", "september|sep|sept", "october|oct", "november|nov", "december|dec"},
    // German, Austrian
    {"januar|jänner", "februar|feber", "märz|maerz|mrz", "april", "mai", "juni|juno", "juli|julei",
     "august", "september", "oktober", "november", "dezember"},
    // French
    {"janvier", "février|fevrier", "mars", "avril", "mai", "juin", "juillet", "août|aout",
     "septembre", "octobre", "novembre", "décembre|decembre"},
    // Spanish
    {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
     "septiembre|setiembre", "octubre", "noviembre", "diciembre"},
    // Portuguese
    {"janeiro", "fevereiro", "março|marco", "abril", "maio", "junho", "julho", "agosto", "setembro",
     "outubro", "novembro", "dezembro"},
    // Italian
    {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre",
     "ottobre", "novembre", "dicembre"},
    // Dutch
    {"januari", "februari", "maart|mrt", "april", "mei", "juni", "juli", "augustus", "september",
     "oktober", "november", "december"},
    // Catalan
    {"gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre",
     "novembre", "desembre"},
    // Danish, Norwegian, Swedish
    {"januari|januar", "februari|februar", "marts|mars", "april", "maj|mai", "juni", "juli",
     "augusti|august", "september", "oktober", "november", "december|desember"},
    // Finnish
    {"tammikuu|tammikuuta", "helmikuu|helmikuuta", "maaliskuu|maaliskuuta", "huhtikuu|huhtikuuta",
     "toukokuu|toukokuuta", "kesäkuu|kesäkuuta", "heinäkuu|heinäkuuta", "elokuu|elokuuta",
     "syyskuu|syyskuuta", "lokakuu|lokakuuta", "marraskuu|marraskuuta", "joulukuu|joulukuuta"},
    // Polish
    {"stycznia|styczeń|sty", "lutego|luty", "marca|marzec", "kwietnia|kwiecień", "maja|maj",
     "czerwca|czerwiec", "lipca|lipiec", "sierpnia|sierpień", "września|wrzesień",
     "października|październik", "listopada|listopad", "grudnia|grudzień"},
    // Czech
    {"ledna|leden", "února|únor", "března|březen", "dubna|duben", "května|květen", "června|červen",
     "července|červenec", "srpna|srpen", "září", "října|říjen", "listopadu|listopad",
     "prosince|prosinec"},
    // Slovak
    {"januára|január", "februára|február", "marca|marec", "apríla|apríl", "mája|máj", "júna|jún",
     "júla|júl", "augusta|august", "septembra|september", "októbra|október", "novembra|november",
     "decembra|december"},
    // Hungarian
    {"január", "február", "március", "április", "május", "június", "július", "augusztus",
     "szeptember", "október", "november", "december"},
    // Romanian
    {"ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie",
     "octombrie", "noiembrie", "decembrie"},
    // Slovene, Serbian (Latin)
    {"januar", "februar", "marec|mart", "april", "maj", "junij|jun", "julij|jul", "avgust",
     "september|septembar", "oktober|oktobar", "november|novembar", "december|decembar"},
    // Turkish
    {"ocak", "şubat|subat", "mart", "nisan", "mayıs|mayis", "haziran", "temmuz", "ağustos|agustos",
     "eylül|eylul", "ekim", "kasım|kasim", "aralık|aralik"},
    // Indonesian, Malay
    {"januari", "februari|pebruari", "maret|mac", "april", "mei", "juni|jun", "juli|julai",
     "agustus|ogos", "september", "oktober", "november", "desember|disember"},
    // Russian
    {"января|январь", "февраля|февраль", "марта|март", "апреля|апрель", "мая|май", "июня|июнь",
     "июля|июль", "августа|август", "сентября|сентябрь", "октября|октябрь", "ноября|ноябрь",
     "декабря|декабрь"},
    // Ukrainian
    {"січня|січень", "лютого|лютий", "березня|березень", "квітня|квітень", "травня|травень",
     "червня|червень", "липня|липень", "серпня|серпень", "вересня|вересень", "жовтня|жовтень",
     "листопада|листопад", "грудня|грудень"},
    // Bulgarian, Serbian
    {"януари|јануар", "февруари|фебруар", "март", "април", "май|мај", "юни|јун", "юли|јул",
     "август|авг", "септември|септембар", "октомври|октобар", "ноември|новембар",
     "декември|децембар"},
    // Greek
    {"ιανουαρίου|ιανουάριος|ιαν", "φεβρουαρίου|φεβρουάριος|φεβ", "μαρτίου|μάρτιος|μαρ|μάρ|μαρτ",
     "απριλίου|απρίλιος|απρ", "μαΐου|μάιος|μαι|μαϊ|μάι|μαΐ", "ιουνίου|ιούνιος|ιούν|ιον",
     "ιουλίου|ιούλιος|ιούλ|ιολ", "αυγούστου|αύγουστος|αυγ|αύγ|αγ", "σεπτεμβρίου|σεπτέμβριος|σεπ",
     "οκτωβρίου|οκτώβριος|οκτ", "νοεμβρίου|νοέμβριος|νοε|νοέ", "δεκεμβρίου|δεκέμβριος|δεκ"},
});

struct Named {
  std::string_view name;
  int value = 0;
};

constexpr bool by_name(const Named& a, const Named& b) { return a.name < b.name; }

template <typename Visit>
constexpr void each_month_name(Visit visit) {
  for (const auto& language : kMonthNames) {
    for (size_t month = 0; month < 12; ++month) {
      std::string_view forms = language[month];
      while (true) {
        const size_t bar = forms.find('|');
        visit(Named{forms.substr(0, bar), static_cast<int>(month) + 1});
        if (bar == std::string_view::npos) break;
        forms.remove_prefix(bar + 1);
      }
    }
  }
}

constexpr size_t count_month_names() {
  size_t count = 0;
  each_month_name([&](const Named&) { ++count; });
  return count;
}

constexpr auto kMonths = [] {
  std::array<Named, count_month_names()> all{};
  size_t count = 0;
  each_month_name([&](const Named& named) { all[count++] = named; });
  std::sort(all.begin(), all.end(), by_name);
  return all;
}();

constexpr auto kZones = [] {
  auto zones = std::to_array<Named>({
      {"z", 0},       {"gmt", 0},     {"ut", 0},     {"utc", 0},    {"wet", 0},    {"west", 60},
      {"bst", 60},    {"cet", 60},    {"cest", 120}, {"met", 60},   {"mest", 120}, {"mez", 60},
      {"mesz", 120},  {"eet", 120},   {"eest", 180}, {"msk", 180},  {"msd", 240},  {"trt", 180},
      {"sast", 120},  {"cat", 120},   {"wat", 60},   {"eat", 180},  {"idt", 180},  {"irst", 210},
      {"gst", 240},   {"pkt", 300},   {"ist", 330},  {"npt", 345},  {"ict", 420},  {"wib", 420},
      {"hkt", 480},   {"sgt", 480},   {"myt", 480},  {"pht", 480},  {"awst", 480}, {"kst", 540},
      {"jst", 540},   {"acst", 570},  {"acdt", 630}, {"aest", 600}, {"aedt", 660}, {"nzst", 720},
      {"nzdt", 780},  {"nst", -210},  {"ndt", -150}, {"ast", -240}, {"adt", -180}, {"at", -240},
      {"est", -300},  {"edt", -240},  {"et", -300},  {"cst", -360}, {"cdt", -300}, {"ct", -360},
      {"mst", -420},  {"mdt", -360},  {"mt", -420},  {"pst", -480}, {"pdt", -420}, {"pt", -480},
      {"akst", -540}, {"akdt", -480}, {"hst", -600}, {"brt", -180}, {"art", -180}, {"clt", -240},
      {"clst", -180}, {"cot", -300},  {"pet", -300}, {"uyt", -180},
  });
  std::sort(zones.begin(), zones.end(), by_name);
  return zones;
}();

constexpr auto kHalfDays = std::to_array<Named>({{"am", 0},
                                                 {"a.m", 0},
                                                 {"pm", 12},
                                                 {"p.m", 12},
                                                 {"오전", 0},
                                                 {"오후", 12},
                                                 {"上午", 0},
                                                 {"下午", 12},
                                                 {"午前", 0},
                                                 {"午後", 12},
                                                 {"πμ", 0},
                                                 {"μμ", 12}});

/// Two-byte letters: capital range → distance to the small letter (in code points).
char32_t fold(char32_t c) {
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;    // Latin-1
  if (c >= 0x139 && c <= 0x148) return c + (c & 1);          // Ĺ … Ň
  if (c >= 0x179 && c <= 0x17E) return c + (c & 1);          // Ź Ż Ž
  if (c >= 0x100 && c <= 0x17F && c != 0x130) return c | 1;  // Latin Extended-A
  if (c == 0x386) return 0x3AC;                              // Ά
  if (c >= 0x388 && c <= 0x38A) return c + 37;               // Έ Ή Ί
  if (c == 0x38C) return 0x3CC;                              // Ό
  if (c == 0x38E || c == 0x38F) return c + 63;               // Ύ Ώ
  if (c >= 0x391 && c <= 0x3AB) return c + 32;               // Greek
  if (c >= 0x410 && c <= 0x42F) return c + 32;               // Cyrillic
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

}  // namespace

std::optional<int> month_of(std::string_view word) {
  const size_t letters = char_count(word);
  const auto* name = std::lower_bound(kMonths.begin(), kMonths.end(), Named{word, 0}, by_name);
  if (name == kMonths.end()) return std::nullopt;
  if (name->name == word) return name->value;
  if (letters < 3 || !name->name.starts_with(word)) return std::nullopt;
  const int month = name->value;
  for (; name != kMonths.end() && name->name.starts_with(word); ++name) {
    if (name->value != month) return std::nullopt;
  }
  return month;
}

std::optional<int> zone_of(std::string_view word) {
  const auto* zone = std::lower_bound(kZones.begin(), kZones.end(), Named{word, 0}, by_name);
  if (zone == kZones.end() || zone->name != word) return std::nullopt;
  return zone->value;
}

std::optional<int> half_day_of(std::string_view word) {
  for (const Named& half : kHalfDays) {
    if (half.name == word) return half.value;
  }
  return std::nullopt;
}

std::string fold_letters(std::string_view text) {
  std::string out = to_lower(text);
  for (size_t i = 0; i + 1 < out.size(); ++i) {
    const auto lead = static_cast<unsigned char>(out[i]);
    if (lead < 0xC3 || lead > 0xD1) continue;
    const auto trail = static_cast<unsigned char>(out[i + 1]);
    const char32_t folded = fold(static_cast<char32_t>((lead & 0x1F) << 6 | (trail & 0x3F)));
    out[i] = static_cast<char>(0xC0 | (folded >> 6));
    out[++i] = static_cast<char>(0x80 | (folded & 0x3F));
  }
  return out;
}

}  // namespace nutgraf
