#pragma once

#include <cstddef>
#include <cstdint>

#include "daemon/event/packed_story.h"
#include "daemon/event/term_sum.h"

namespace nutgraf {

/// Dot products of two stories, or of sums of stories, part by part, with 2^28 for 1. Exact.
struct Products {
  std::int64_t body = 0;
  std::int64_t names = 0;
  std::int64_t head = 0;

  /// Adds `times` times the other's.
  void add(const Products& other, std::int64_t times);
};

/// Of a story with itself.
Products squares(const PackedStory& story);

/// A story laid out to be multiplied with others.
class StoryProbe {
 public:
  explicit StoryProbe(const PackedStory& story)
      : body_(story.body), names_(story.names), head_(story.head) {}

  /// About 0.5 µs for a usual other.
  Products dot(const PackedStory& other) const;

 private:
  friend class Centroid;
  TermProbe body_;
  TermProbe names_;
  TermProbe head_;
};

/// The sum of the members of an event.
class Centroid {
 public:
  void add(const PackedStory& story);
  void remove(const PackedStory& story);

  Products dot(const StoryProbe& story) const;
  Products dot(const Centroid& other) const;

  /// To be called for some centroids ahead of dot() [TermSum::prefetch].
  void prefetch() const;

  std::size_t memory_bytes() const {
    return sizeof *this + body_.memory_bytes() + names_.memory_bytes() + head_.memory_bytes();
  }

 private:
  TermSum body_;
  TermSum names_;
  TermSum head_;
};

/// What of an event's members their likeness to others takes, besides products with those.
struct Extent {
  std::size_t members = 0;
  Products squares;  ///< Of their sum.
};

/// How alike a story and the members of an event are on average, in [0, 1], times apart left out:
/// g = |Σ members| / n; s = (0.85 cos_body + 0.15 min(cos_names, 2.5 cos_body)) g;
/// max(s, 0.7 s + 0.3 cos_head g). `dots` are of the story with the members' sum.
double likeness(const Products& dots, const Extent& event);

/// That g, which no likeness exceeds by more than rounding does.
double closeness(const Extent& event);

/// How alike the members of two events are on average, pair by pair: as above, with g of both.
/// `dots` are of the two sums.
double likeness(const Products& dots, const Extent& a, const Extent& b);

}  // namespace nutgraf
