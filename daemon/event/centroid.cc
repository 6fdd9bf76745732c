#include "daemon/event/centroid.h"

#include <algorithm>
#include <cmath>

namespace nutgraf {
namespace {

constexpr double kNames = 0.15;
constexpr double kHead = 0.3;
/// Names say at most so many times what the texts say: of two texts whose only name is one town the
/// names are equal, and nothing else need be.
constexpr double kNamesPerBody = 2.5;

double length(std::int64_t squares) {
  return std::sqrt(static_cast<double>(squares)) / PackedTerms::kOne;
}

double cosine(std::int64_t dot, double length) {
  const double product = static_cast<double>(dot) / (PackedTerms::kOne * PackedTerms::kOne);
  return length > 0 ? product / length : 0;
}

/// Likeness from the cosines of body, names and head.
double combined(double body, double names, double head, double g) {
  const double s = ((1 - kNames) * body + kNames * std::min(names, kNamesPerBody * body)) * g;
  return std::max(s, (1 - kHead) * s + kHead * head * g);
}

}  // namespace

void Products::add(const Products& other, std::int64_t times) {
  body += times * other.body;
  names += times * other.names;
  head += times * other.head;
}

Products squares(const PackedStory& story) {
  return {story.body.squares(), story.names.squares(), story.head.squares()};
}

Products StoryProbe::dot(const PackedStory& other) const {
  return {body_.dot(other.body), names_.dot(other.names), head_.dot(other.head)};
}

void Centroid::add(const PackedStory& story) {
  body_.add(story.body);
  names_.add(story.names);
  head_.add(story.head);
}

void Centroid::remove(const PackedStory& story) {
  body_.remove(story.body);
  names_.remove(story.names);
  head_.remove(story.head);
}

Products Centroid::dot(const StoryProbe& story) const {
  return {body_.dot(story.body_), names_.dot(story.names_), head_.dot(story.head_)};
}

Products Centroid::dot(const Centroid& other) const {
  return {body_.dot(other.body_), names_.dot(other.names_), head_.dot(other.head_)};
}

void Centroid::prefetch() const {
  for (const TermSum* part : {&body_, &names_, &head_}) part->prefetch();
}

double closeness(const Extent& event) {
  return event.members == 0 ? 0 : length(event.squares.body) / static_cast<double>(event.members);
}

double likeness(const Products& dots, const Extent& event) {
  if (event.members == 0) return 0;
  return combined(cosine(dots.body, length(event.squares.body)),
                  cosine(dots.names, length(event.squares.names)),
                  cosine(dots.head, length(event.squares.head)), closeness(event));
}

double likeness(const Products& dots, const Extent& a, const Extent& b) {
  if (a.members == 0 || b.members == 0) return 0;
  const auto lengths = [](std::int64_t one, std::int64_t other) {
    return length(one) * length(other);
  };
  const double g =
      lengths(a.squares.body, b.squares.body) / static_cast<double>(a.members * b.members);
  return combined(cosine(dots.body, lengths(a.squares.body, b.squares.body)),
                  cosine(dots.names, lengths(a.squares.names, b.squares.names)),
                  cosine(dots.head, lengths(a.squares.head, b.squares.head)), g);
}

}  // namespace nutgraf
