#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/base/words.h"
#include "daemon/event/figures.h"
#include "daemon/event/overlap.h"
#include "summarizer/summarizer.h"

namespace nutgraf {

/// What a sentence says of when and who. The lists of what it says of when are sorted, each once.
struct Setting {
  std::vector<std::string> weekdays;
  std::vector<std::string> dates;
  std::vector<std::string> times;
  std::vector<double> numbers;  ///< All that it writes.
  bool several = false;         ///< It sums up several incidents: "the attacks in A and B".
  std::vector<summarizer::Word> names;
};

/// A figure of a report with all that tells what it is of: at most the first 200 words of its
/// sentence.
struct Finding {
  Figure figure;
  std::size_t report = 0;
  std::size_t sentence = 0;
  Stems stems;
  Stems context;  ///< Stems within 45 characters of the figure.
  Stems plain;    ///< Stems but for names and numbers.
  Stems names;
  Stems subjects;  ///< Names before the figure: of whom it is told.
  Setting setting;
};

/// Figures of a report that are looked at, its first ones.
inline constexpr std::size_t kMaxFigures = 64;

/// The first two sentences, of each at most 200 words.
struct Lead {
  Stems names;
  Stems plain;  ///< What else they say, but for numbers.
};

struct Findings {
  std::vector<Finding> found;
  Lead lead;  ///< Of a report in which something was found.
};

/// The figures of an English report in the order of its text, at most kMaxFigures. A word is a name
/// if it is capitalised within some sentence of the report. Linear.
Findings findings_of(const summarizer::Analysis& analysis, std::size_t report);

/// All numbers that a sentence writes.
std::vector<double> numbers_of(const Words& words);

}  // namespace nutgraf
