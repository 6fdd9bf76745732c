#include "tests/bench/newsroom.h"

#include <algorithm>
#include <cmath>

namespace nutgraf::bench {
namespace {

constexpr unsigned kCommonWords = 60'000;
constexpr unsigned kPhrases = 50'000;
constexpr unsigned kSubjectWords = 60;
constexpr unsigned kRecent = 2000;
constexpr unsigned kSubjectsAlive = 3000;
constexpr unsigned kOutlets = 400;
constexpr unsigned kTemplates = 40;

/// Letters for a number, so that words look like words to a splitter and a stemmer.
std::string spelled(unsigned number) {
  static constexpr std::array<const char*, 16> kSyllables = {"ba", "de", "fi", "go", "lu", "ma",
                                                             "ne", "pi", "ro", "su", "ta", "ve",
                                                             "zi", "ko", "hu", "ja"};
  std::string word;
  do {
    word += kSyllables[number % 16];
    number /= 16;
  } while (number > 0);
  return word;
}

std::string capital(std::string word) {
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string furniture(unsigned outlet, unsigned which) {
  return capital(spelled(outlet + 256)) + " readers can follow " + spelled(which + 700) +
         " and sign up for our morning " + spelled(which + 300) + " letter here today.";
}

}  // namespace

std::string Newsroom::Report::text() const {
  std::string text;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    text += i == 0 ? "" : i % 3 == 0 ? "\n\n" : " ";
    text += sentences[i];
  }
  return text;
}

/// A rank by Mandelbrot's law, p(k) ~ 1 / (k + q), by inverting its sum.
unsigned Newsroom::ranked(unsigned ranks) {
  constexpr double kFlat = 12;
  const double uniform = static_cast<double>(random_()) / 4294967296.0;
  const double most = std::log((ranks + kFlat) / kFlat);
  return static_cast<unsigned>(kFlat * std::exp(uniform * most) - kFlat);
}

std::string Newsroom::common() { return spelled(ranked(kCommonWords)); }

/// Four to seven words that are always said so.
std::string Newsroom::stock_phrase() {
  const unsigned which = ranked(kPhrases);
  std::string phrase;
  for (unsigned i = 0; i < 4 + which % 4; ++i) phrase += " " + spelled(which * (i + 3) % 50'000);
  return phrase;
}

std::string Newsroom::own(unsigned subject) {
  const unsigned which = below(kSubjectWords);
  std::string word = spelled(70'000 + (subject * 31 + which * 7919) % 4'000'000);
  return which % 4 == 0 ? capital(std::move(word)) : word;
}

std::string Newsroom::sentence(unsigned subject) {
  const unsigned words = 9 + below(23);
  std::string text;
  for (unsigned i = 0; i < words; ++i) {
    std::string word = subject != 0 && below(5) == 0 ? own(subject) : common();
    if (i == 0 && word[0] >= 'a') word = capital(std::move(word));
    text += (i == 0 ? "" : " ") + word;
    if (i == words / 2 && below(4) == 0) text += " " + std::to_string(2 + below(900));
  }
  if (below(3) == 0) text += stock_phrase();
  return text + ".";
}

Newsroom::Report Newsroom::of_subject(unsigned subject) {
  Report report;
  report.subject = subject;
  report.outlet = below(kOutlets);
  for (int i = 0; i < 7; ++i) {
    report.title += (i == 0 ? "" : " ") + (i % 2 == 0 && subject != 0 ? own(subject) : common());
  }
  report.title = capital(report.title[0] >= 'a' ? report.title : "the " + report.title);
  const double length = std::exp(std::normal_distribution<double>(5.8, 0.62)(random_));
  const double words = std::clamp(length, 60.0, 1200.0);
  for (double written = 0; written < words; written += 20) {
    report.sentences.push_back(sentence(subject));
  }
  return report;
}

void Newsroom::replace_word(Report& report) {
  std::string& sentence = report.sentences[below(static_cast<unsigned>(report.sentences.size()))];
  const std::size_t begin = sentence.find(' ', below(static_cast<unsigned>(sentence.size())));
  if (begin == std::string::npos) return;
  const std::size_t end = std::min(sentence.find(' ', begin + 1), sentence.size() - 1);
  sentence.replace(begin, end - begin, " " + common());
}

Newsroom::Report Newsroom::copy() {
  Report report = recent_[below(static_cast<unsigned>(recent_.size()))];
  report.outlet = below(kOutlets);
  for (unsigned edits = 1 + below(8); edits > 0; --edits) replace_word(report);
  const unsigned way = below(4);
  if (way == 0) report.sentences.resize(std::max<std::size_t>(3, report.sentences.size() * 2 / 3));
  if (way == 1) report.sentences.insert(report.sentences.begin(), sentence(report.subject));
  return report;
}

Newsroom::Report Newsroom::update() {
  Report report = copy();
  for (std::string& sentence : report.sentences) {
    const std::size_t digit = sentence.find_first_of("123456789");
    if (digit == std::string::npos) continue;
    sentence[digit] = sentence[digit] == '9' ? '1' : static_cast<char>(sentence[digit] + 1);
    break;
  }
  for (int i = 0; i < 2; ++i) report.sentences.push_back(sentence(report.subject));
  return report;
}

Newsroom::Report Newsroom::follow_up() {
  const Report& earlier = recent_[below(static_cast<unsigned>(recent_.size()))];
  Report report = of_subject(earlier.subject);
  const std::size_t background = std::min<std::size_t>(6, earlier.sentences.size());
  report.sentences.insert(report.sentences.end(), earlier.sentences.begin(),
                          earlier.sentences.begin() + static_cast<std::ptrdiff_t>(background));
  return report;
}

Newsroom::Report Newsroom::filled_template() {
  const unsigned kind = below(kTemplates);
  const std::string name = capital(spelled(5'000'000 + below(1'000'000)));
  Report report;
  report.outlet = below(kOutlets);
  report.title = name + " reports its " + spelled(kind + 900) + " quarter";
  for (unsigned i = 0; i < 9; ++i) {
    std::string words = name;
    for (unsigned w = 0; w < 14; ++w) words += " " + spelled(1000 + kind * 977 + i * 131 + w * 17);
    report.sentences.push_back(words + " " + std::to_string(2 + below(9000)) + " million.");
  }
  return report;
}

unsigned Newsroom::some_subject() {
  if (subjects_ == 0 || below(3) == 0) return ++subjects_;
  return subjects_ - below(std::min(subjects_, kSubjectsAlive));
}

void Newsroom::close_with_furniture(Report& report) {
  if (below(10) != 0) return;
  const unsigned first = below(5);
  for (unsigned i = 0; i < 2; ++i) {
    report.sentences.push_back(furniture(report.outlet, (first + i) % 5));
  }
}

Newsroom::Report Newsroom::next() {
  const unsigned draw = recent_.empty() ? 0 : below(100);
  Report report = draw < 60   ? of_subject(some_subject())
                  : draw < 75 ? copy()
                  : draw < 80 ? update()
                  : draw < 88 ? follow_up()
                  : draw < 93 ? filled_template()
                              : of_subject(0);
  if (recent_.size() < kRecent) recent_.emplace_back();
  recent_[told_++ % recent_.size()] = report;
  close_with_furniture(report);
  return report;
}

}  // namespace nutgraf::bench
