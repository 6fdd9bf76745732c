#pragma once

#include <string>
#include <vector>

#include "summarizer/summarizer.h"

namespace nutgraf::tool {

/// A text, how its sentences were scored, and what was picked.
struct Explanation {
  std::string name;  ///< Of the file; "" for stdin.
  std::string text;
  summarizer::Analysis analysis;
  std::vector<summarizer::Score> scores;  ///< Of each sentence.
  std::vector<summarizer::Likeness> likenesses;
  summarizer::Summary summary;
  std::vector<std::string> keywords;
  std::vector<std::string> entities;

  /// 1 for the sentence picked first; 0 for one that was not.
  int pick_of(std::size_t sentence) const;
  /// Whether a line of the text begins with the sentence.
  bool begins_line(std::size_t sentence) const;
  /// Sentences by score, best first.
  std::vector<std::size_t> by_score() const;
};

Explanation explain(const std::string& name, const std::string& text, const std::string& language,
                    const summarizer::Options& options);

/// Why a sentence has its score and its place, in words: "11 names: × 1.30", …; one reason each.
std::vector<std::string> reasons(const Explanation& explanation, std::size_t sentence);

/// One self-contained page: the story with its picks marked, the graph of its sentences, and the
/// ranking. No address in it is fetched from anywhere. UTF-8.
std::string to_html(const Explanation& explanation);

/// The graph of that page: sentences on a line in the order of the text, as large as their rank,
/// with an arc to those that are like them. Only the likest neighbours of each have an arc.
std::string graph_svg(const Explanation& explanation);

}  // namespace nutgraf::tool
