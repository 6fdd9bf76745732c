#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// One part of a story as a unit vector of integers: 2^14 stands for 1, so that sums are exact in
/// any order.
struct WeightedTerms {
  static constexpr double kOne = 16384;

  std::vector<std::uint32_t> terms;  ///< Sorted.
  std::vector<std::uint16_t> weights;

  friend bool operator==(const WeightedTerms&, const WeightedTerms&) = default;
};

/// A story as its event counts it.
struct WeightedStory {
  std::string language;
  WeightedTerms body;
  WeightedTerms names;
  WeightedTerms title;

  friend bool operator==(const WeightedStory&, const WeightedStory&) = default;
};

/// The stored form, versioned: parse(serialize(s)) == s. nullopt for any other bytes.
std::string serialize(const WeightedStory& story);
std::optional<WeightedStory> parse_weighted_story(std::string_view bytes);

/// The language in it alone; empty for bytes that are no such form.
std::string stored_language(std::string_view bytes);

/// The sum of unit vectors.
class TermSum {
 public:
  void add(const WeightedTerms& vector) { merge(vector, 1); }
  /// Takes out exactly what add() put in.
  void remove(const WeightedTerms& vector) { merge(vector, -1); }

  /// Dot product with a unit vector, and the length of the sum; both with 1 for kOne.
  double dot(const WeightedTerms& vector) const;
  double dot(const TermSum& other) const;
  double length() const;

  std::size_t memory_bytes() const { return sums_.capacity() * sizeof(Entry); }

 private:
  struct Entry {
    std::uint32_t term = 0;
    std::int32_t sum = 0;
  };
  void merge(const WeightedTerms& vector, int sign);
  std::int64_t dot_by_jumps(const WeightedTerms& vector) const;
  std::int64_t dot_by_steps(const WeightedTerms& vector) const;

  std::vector<Entry> sums_;   ///< Sorted by term; no zeros.
  std::int64_t squares_ = 0;  ///< Σ sum².
};

/// What the members of an event are about, together.
struct Centroid {
  TermSum body;
  TermSum names;
  TermSum title;
  std::size_t size = 0;  ///< Members.

  void add(const WeightedStory& story);
  void remove(const WeightedStory& story);

  std::size_t memory_bytes() const {
    return sizeof *this + body.memory_bytes() + names.memory_bytes() + title.memory_bytes();
  }
};

/// How alike a story and the members of an event are on average, in [0, 1], times apart left out:
/// g = |Σ members| / n; s = (0.85 cos_body + 0.15 min(cos_names, 2.5 cos_body)) g;
/// max(s, 0.7 s + 0.3 cos_title g).
double likeness(const WeightedStory& story, const Centroid& centroid);

/// That g, which no likeness exceeds by more than rounding does.
double closeness(const Centroid& centroid);

/// The likeness to an event of one member, by its stored form as it is; 0 for other bytes.
double likeness(const WeightedStory& story, std::string_view only);

/// How alike the members of two events are on average, pair by pair: as above, with g of both.
double likeness(const Centroid& a, const Centroid& b);

}  // namespace nutgraf
