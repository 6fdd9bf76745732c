#include "daemon/event/number_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

using std::string_view;

constexpr std::array<string_view, 20> kSmall = {
    "zero",     "one",     "two",     "three",     "four",     "five",    "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<string_view, 8> kTens = {"twenty", "thirty",  "forty",  "fifty",
                                              "sixty",  "seventy", "eighty", "ninety"};
constexpr std::pair<string_view, double> kScales[] = {
    {"hundred", 1e2},   {"thousand", 1e3}, {"million", 1e6}, {"billion", 1e9},
    {"trillion", 1e12}, {"lakh", 1e5},     {"crore", 1e7},   {"k", 1e3},
    {"mn", 1e6},        {"bn", 1e9},       {"b", 1e9},       {"tn", 1e12}};

std::optional<std::size_t> place(const auto& list, string_view word) {
  const auto found = std::find(list.begin(), list.end(), word);
  if (found == list.end()) return std::nullopt;
  return static_cast<std::size_t>(found - list.begin());
}

double scale_of(string_view word) {
  for (const auto& [name, factor] : kScales) {
    if (name == word) return factor;
  }
  return 0;
}

/// Place of the last digit written that is not zero: 0.1 for "1.20", 100 for "1200".
double grain_of(string_view figures) {
  const std::size_t point = figures.find('.');
  const std::size_t last = figures.find_last_not_of("0.");
  if (last == string_view::npos) return 1;
  const std::size_t whole = point == string_view::npos ? figures.size() : point;
  const auto exponent = last < whole ? static_cast<double>(whole - last) - 1
                                     : static_cast<double>(whole) - static_cast<double>(last);
  return std::pow(10.0, exponent);
}

std::optional<WrittenNumber> in_figures(string_view word) {
  WrittenNumber number;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number.value,
                                            std::chars_format::fixed);
  if (error != std::errc()) return std::nullopt;
  const auto length = static_cast<std::size_t>(end - word.data());
  number.grain = grain_of(word.substr(0, length));
  number.digits = true;
  const string_view rest = word.substr(length);
  if (rest == "m") {
    number.suffix = 'm';
  } else if (const double scale = scale_of(rest); scale != 0) {
    number.value *= scale;
    number.grain *= scale;
    number.digits = false;
  } else if (!rest.empty()) {
    return std::nullopt;
  }
  return number;
}

std::optional<WrittenNumber> in_words(const Words& words, std::size_t at) {
  WrittenNumber number;
  number.after = at + 1;
  if (const auto small = place(kSmall, words[at])) {
    number.value = static_cast<double>(*small);
  } else if (const auto tens = place(kTens, words[at])) {
    number.value = 20 + 10 * static_cast<double>(*tens);
    const auto ones =
        at + 1 < words.size() ? place(kSmall, words[at + 1]) : std::optional<std::size_t>();
    if (ones && *ones > 0 && *ones < 10) {
      number.value += static_cast<double>(*ones);
      ++number.after;
    }
  } else {
    return std::nullopt;
  }
  const bool round = number.value >= 10 && std::fmod(number.value, 10) == 0;
  number.grain = round ? 10 : 1;
  return number;
}

}  // namespace

std::optional<WrittenNumber> written_number(const Words& words, std::size_t at) {
  std::optional<WrittenNumber> number =
      words.words[at].number ? in_figures(words[at]) : in_words(words, at);
  if (!number) return std::nullopt;
  if (words.words[at].number) number->after = at + 1;
  // "20, 000": no other figure is written in three noughts.
  if (words.words[at].number && number->digits && number->value >= 1 && words[at].size() <= 3 &&
      number->after < words.size() && words[number->after] == "000") {
    number->value *= 1000;
    number->grain *= 1000;
    ++number->after;
  }
  if (number->after < words.size()) {
    const double scale = words[number->after].size() > 2 ? scale_of(words[number->after]) : 0;
    if (scale != 0) {
      number->value *= scale;
      number->grain *= scale;
      number->digits = false;
      ++number->after;
    }
  }
  return number;
}

bool may_hold_number(string_view text) {
  constexpr std::size_t kLongest = 9;  // "seventeen"
  char word[kLongest] = {};
  std::size_t size = 0;
  const auto names_number = [&] {
    if (size < 3 || size > kLongest) return false;
    const string_view name(word, size);
    return place(kSmall, name).has_value() || place(kTens, name).has_value();
  };
  for (const char c : text) {
    if (is_digit(c)) return true;
    const char letter = to_lower(c);
    if (letter >= 'a' && letter <= 'z') {
      if (size < kLongest) word[size] = letter;
      ++size;
      continue;
    }
    if (names_number()) return true;
    size = 0;
  }
  return names_number();
}

}  // namespace nutgraf
