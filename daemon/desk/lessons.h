#pragma once

#include <string>
#include <unordered_map>

#include "daemon/article/line_counts.h"
#include "daemon/desk/docket.h"
#include "daemon/pipeline/job.h"

namespace nutgraf {

/// What stories teach of their feeds' furniture (article/line_counts.h).
///
/// Desk thread only.
class Lessons {
 public:
  explicit Lessons(const DeskSeams& seams) : seams_(seams) {}

  /// Puts into the book what was learned. Before the workers start.
  Result<void> restore();

  /// Counts the lines of a new story. Of new ones only: a copy or another edition would count the
  /// same lines again. Of a live blog the lines above its entries recur because they are its own.
  void learn(const AnalysedStory& told, const Story& story);

  /// Before each commit: what was counted and learned goes into the batch, and into the book.
  void conclude();

 private:
  struct Lesson {
    LineCounts counts;
    bool changed = false;  // What is furniture.
  };

  const DeskSeams seams_;
  std::unordered_map<std::string, Lesson> lessons_;  // Of feeds with new stories in this batch.
};

}  // namespace nutgraf
