#include "daemon/event/units.h"

#include <utility>

#include "daemon/event/reading.h"

namespace nutgraf {
namespace {

using std::string_view;

constexpr std::pair<string_view, string_view> kUnits[] = {
    {"km", "distance (km)"},         {"kilometers", "distance (km)"},
    {"kilometres", "distance (km)"}, {"kilometer", "distance (km)"},
    {"kilometre", "distance (km)"},  {"miles", "distance (miles)"},
    {"mile", "distance (miles)"},    {"meters", "distance (metres)"},
    {"metres", "distance (metres)"}, {"meter", "distance (metres)"},
    {"metre", "distance (metres)"},  {"feet", "distance (feet)"},
    {"foot", "distance (feet)"},     {"inches", "distance (inches)"},
    {"inch", "distance (inches)"},   {"mph", "speed (mph)"},
    {"kph", "speed (km/h)"},         {"kmh", "speed (km/h)"},
    {"knots", "speed (knots)"},      {"knot", "speed (knots)"},
    {"acres", "area (acres)"},       {"acre", "area (acres)"},
    {"hectares", "area (hectares)"}, {"hectare", "area (hectares)"},
    {"kg", "weight (kg)"},           {"kilograms", "weight (kg)"},
    {"kilogram", "weight (kg)"},     {"kilos", "weight (kg)"},
    {"tons", "weight (tons)"},       {"ton", "weight (tons)"},
    {"tonnes", "weight (tonnes)"},   {"tonne", "weight (tonnes)"},
    {"pound", "weight (pounds)"},    {"ounces", "weight (ounces)"},
};

constexpr std::pair<string_view, string_view> kSpans[] = {
    {"minutes", "minutes"}, {"minute", "minutes"}, {"hours", "hours"}, {"hour", "hours"},
    {"days", "days"},       {"day", "days"},       {"weeks", "weeks"}, {"week", "weeks"},
    {"months", "months"},   {"month", "months"},   {"years", "years"}, {"year", "years"},
};

constexpr std::pair<string_view, string_view> kCurrencies[] = {
    {"dollars", "USD"}, {"euros", "EUR"}, {"pounds", "GBP"}, {"yen", "JPY"}, {"rupees", "INR"}};

}  // namespace

string_view unit_of(string_view word) { return look_up(kUnits, word); }

string_view span_of(string_view word) { return look_up(kSpans, word); }

string_view currency_of(string_view word) { return look_up(kCurrencies, word); }

bool is_measure_word(string_view word) {
  return !unit_of(word).empty() || !span_of(word).empty() || !currency_of(word).empty() ||
         one_of(word, {"seconds", "decades", "points", "others", "cents", "dozens", "hundreds",
                       "thousands", "millions", "billions", "percentages", "yards", "cases",
                       "degrees", "dlrs"});
}

}  // namespace nutgraf
