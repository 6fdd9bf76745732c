#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "daemon/base/count_table.h"
#include "daemon/base/deferred_adds.h"
#include "daemon/event/event_vector.h"
#include "daemon/event/packed_story.h"

namespace nutgraf {

/// How many of the stories that are remembered hold a term, and so what it weighs in the next one.
/// One thread at a time.
class Vocabulary {
 public:
  void add(const PackedStory& story);
  /// Takes back one add() of the same terms.
  void remove(const PackedStory& story);

  /// Calls visit(term) for each that is counted of a story: those of a title are in its body.
  template <typename Visit>
  static void each_term(const PackedStory& story, Visit visit) {
    for (const PackedTerms* part : {&story.body, &story.names}) {
      for (std::size_t i = 0; i < part->size(); ++i) visit(part->term(i));
    }
  }

  /// An add() of that many stories with these terms, of which nothing is seen before settle().
  void put_off(std::vector<CountTable::Addition> terms, std::size_t stories);
  void settle();

  /// (1 + ln tf) ln((N + 1) / (df + 1/2)), of unit length. The background counts as stories seen
  /// before the first: a young window knows nothing of which words are common.
  WeightedStory weigh(const StoryVector& vector) const;

  std::size_t memory_bytes() const { return frequencies_.memory_bytes(); }

 private:
  CountTable frequencies_;
  std::size_t stories_ = 0;
  std::unique_ptr<DeferredAdds<CountTable>> deferred_;
};

}  // namespace nutgraf
