#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace nutgraf::bench {

/// A seeded stream of made-up news: the same reports in the same order everywhere.
///
/// Words are drawn by Mandelbrot's law from 60,000 common ones, and a fifth of them from the 60 of
/// the report's own subject, of which a quarter are names. Sentences have 9 to 31 words, every
/// fourth a figure, every third one of 50,000 stock phrases; a report has a title and 60 to 1,200
/// words, half of the reports fewer than 330. Of the reports
///   60 % are of a subject, new or of the last 3,000, told in other words each time: an event;
///   15 % are copies of one of the last 2,000 with 1 to 8 words replaced, cut off at two thirds or
///        with an opening of another outlet;
///    5 % are updates: such a copy with a changed figure and two sentences more;
///    8 % are follow-ups: a new report with two paragraphs of background of an earlier one;
///    5 % are fillings of one of 40 templates with other names and figures.
///    7 % are of no subject at all.
/// Every tenth ends with two of its outlet's five standing sentences, which extraction left over;
/// there are 400 outlets. So a report has two or three candidates for a duplicate, as real ones do.
class Newsroom {
 public:
  struct Report {
    std::string title;
    std::vector<std::string> sentences;
    unsigned outlet = 0;
    unsigned subject = 0;

    std::string text() const;
  };

  explicit Newsroom(std::uint32_t seed) : random_(seed) {}
  Report next();

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  unsigned ranked(unsigned ranks);
  std::string common();
  std::string stock_phrase();
  std::string own(unsigned subject);
  std::string sentence(unsigned subject);
  Report of_subject(unsigned subject);
  Report copy();
  Report update();
  Report follow_up();
  Report filled_template();
  unsigned some_subject();
  void close_with_furniture(Report& report);
  void replace_word(Report& report);

  std::mt19937 random_;
  unsigned subjects_ = 0;
  std::vector<Report> recent_;  ///< Without furniture; a ring.
  std::size_t told_ = 0;
};

}  // namespace nutgraf::bench
