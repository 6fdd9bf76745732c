#include "daemon/event/centroid.h"

#include <algorithm>
#include <cmath>

#include "daemon/base/packing.h"

namespace nutgraf {
namespace {

constexpr double kNames = 0.15;
constexpr double kTitle = 0.3;
/// Names say at most so many times what the texts say: of two texts whose only name is one town the
/// names are equal, and nothing else need be.
constexpr double kNamesPerBody = 2.5;
constexpr char kVersion = 1;
constexpr std::size_t kMostTerms = 4096;
constexpr std::size_t kMostLanguage = 8;  // Of a primary tag [RFC 5646, section 2.1].

void put(std::string& out, const WeightedTerms& vector) {
  put_number(out, vector.terms.size(), 2);
  for (const std::uint32_t term : vector.terms) put_number(out, term, 4);
  for (const std::uint16_t weight : vector.weights) put_number(out, weight, 2);
}

std::string read_language(PackedReader& reader) {
  const std::size_t size = reader.number(1);
  if (size > kMostLanguage) reader.spoil();
  return std::string(reader.bytes(size));
}

/// A vector as it is stored.
class PackedTerms {
 public:
  PackedTerms() = default;
  PackedTerms(std::string_view bytes, std::size_t count)
      : terms_(reinterpret_cast<const unsigned char*>(bytes.data())),
        weights_(terms_ + 4 * count),
        count_(count) {}

  std::size_t size() const { return count_; }
  std::uint32_t term(std::size_t i) const {
    const unsigned char* at = terms_ + 4 * i;
    return at[0] | at[1] << 8 | at[2] << 16 | std::uint32_t{at[3]} << 24;
  }
  std::uint16_t weight(std::size_t i) const {
    const unsigned char* at = weights_ + 2 * i;
    return static_cast<std::uint16_t>(at[0] | at[1] << 8);
  }

 private:
  const unsigned char* terms_ = nullptr;
  const unsigned char* weights_ = nullptr;
  std::size_t count_ = 0;
};

PackedTerms read_packed(PackedReader& reader) {
  const std::size_t count = reader.number(2);
  if (count > kMostTerms) reader.spoil();
  const std::string_view bytes = reader.bytes(6 * count);
  return reader.sound() ? PackedTerms(bytes, count) : PackedTerms();
}

WeightedTerms read_terms(PackedReader& reader) {
  const PackedTerms packed = read_packed(reader);
  WeightedTerms vector{std::vector<std::uint32_t>(packed.size()),
                       std::vector<std::uint16_t>(packed.size())};
  for (std::size_t i = 0; i < packed.size(); ++i) vector.terms[i] = packed.term(i);
  for (std::size_t i = 0; i < packed.size(); ++i) vector.weights[i] = packed.weight(i);
  if (!std::is_sorted(vector.terms.begin(), vector.terms.end())) reader.spoil();
  return vector;
}

double cosine(double dot, double length) { return length > 0 ? dot / length : 0; }

/// With 1 for kOne: a unit vector's, but for what rounding made of it.
double length(const PackedTerms& vector) {
  std::int64_t squares = 0;
  for (std::size_t i = 0; i < vector.size(); ++i) {
    squares += std::int64_t{vector.weight(i)} * vector.weight(i);
  }
  return std::sqrt(static_cast<double>(squares)) / WeightedTerms::kOne;
}

double dot(const WeightedTerms& a, const PackedTerms& b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0, j = 0; i < a.terms.size() && j < b.size();) {
    // Without branches, which nothing could predict.
    const std::uint32_t left = a.terms[i];
    const std::uint32_t right = b.term(j);
    const std::int64_t product = std::int64_t{a.weights[i]} * b.weight(j);
    sum += left == right ? product : 0;
    i += left <= right ? 1 : 0;
    j += right <= left ? 1 : 0;
  }
  return static_cast<double>(sum) / (WeightedTerms::kOne * WeightedTerms::kOne);
}

double cosine(const WeightedTerms& vector, const TermSum& sum) {
  return cosine(sum.dot(vector), sum.length());
}

double cosine(const WeightedTerms& vector, const PackedTerms& other) {
  return cosine(dot(vector, other), length(other));
}

/// Likeness from the cosines of body, names and title.
double combined(double body, double names, double title, double g) {
  const double s = ((1 - kNames) * body + kNames * std::min(names, kNamesPerBody * body)) * g;
  return std::max(s, (1 - kTitle) * s + kTitle * title * g);
}

}  // namespace

std::string serialize(const WeightedStory& story) {
  std::string out;
  out += kVersion;
  const std::string language = story.language.substr(0, kMostLanguage);
  put_number(out, language.size(), 1);
  out += language;
  for (const WeightedTerms* part : {&story.body, &story.names, &story.title}) put(out, *part);
  return out;
}

std::optional<WeightedStory> parse_weighted_story(std::string_view bytes) {
  PackedReader reader(bytes);
  if (reader.number(1) != kVersion) return std::nullopt;
  WeightedStory story;
  story.language = read_language(reader);
  for (WeightedTerms* part : {&story.body, &story.names, &story.title}) *part = read_terms(reader);
  if (!reader.complete()) return std::nullopt;
  return story;
}

std::string stored_language(std::string_view bytes) {
  PackedReader reader(bytes);
  return reader.number(1) == kVersion ? read_language(reader) : std::string();
}

void TermSum::merge(const WeightedTerms& vector, int sign) {
  std::vector<Entry> merged;
  merged.reserve(sums_.size() + vector.terms.size());
  auto old = sums_.begin();
  for (std::size_t i = 0; i < vector.terms.size(); ++i) {
    while (old != sums_.end() && old->term < vector.terms[i]) merged.push_back(*old++);
    std::int64_t before = 0;
    if (old != sums_.end() && old->term == vector.terms[i]) before = old++->sum;
    const std::int64_t after = before + sign * std::int64_t{vector.weights[i]};
    squares_ += after * after - before * before;
    if (after != 0) merged.push_back({vector.terms[i], static_cast<std::int32_t>(after)});
  }
  merged.insert(merged.end(), old, sums_.end());
  merged.shrink_to_fit();
  sums_ = std::move(merged);
}

double TermSum::dot(const WeightedTerms& vector) const {
  // A large event has many more terms than a story: then steps are too many, and jumps pay.
  const std::int64_t sum =
      sums_.size() > 8 * vector.terms.size() ? dot_by_jumps(vector) : dot_by_steps(vector);
  return static_cast<double>(sum) / (WeightedTerms::kOne * WeightedTerms::kOne);
}

std::int64_t TermSum::dot_by_jumps(const WeightedTerms& vector) const {
  std::int64_t sum = 0;
  auto entry = sums_.begin();
  for (std::size_t i = 0; i < vector.terms.size(); ++i) {
    const std::uint32_t term = vector.terms[i];
    entry = std::lower_bound(entry, sums_.end(), term,
                             [](const Entry& e, std::uint32_t wanted) { return e.term < wanted; });
    if (entry == sums_.end()) break;
    if (entry->term == term) sum += std::int64_t{entry->sum} * vector.weights[i];
  }
  return sum;
}

std::int64_t TermSum::dot_by_steps(const WeightedTerms& vector) const {
  std::int64_t sum = 0;
  for (std::size_t i = 0, j = 0; i < vector.terms.size() && j < sums_.size();) {
    // Without branches, which nothing could predict.
    const std::uint32_t left = vector.terms[i];
    const std::uint32_t right = sums_[j].term;
    const std::int64_t product = std::int64_t{vector.weights[i]} * sums_[j].sum;
    sum += left == right ? product : 0;
    i += left <= right ? 1 : 0;
    j += right <= left ? 1 : 0;
  }
  return sum;
}

double TermSum::dot(const TermSum& other) const {
  // No overflow, and no error below 2^53, which sums of unit vectors stay far from.
  double sum = 0;
  auto mine = sums_.begin();
  auto its = other.sums_.begin();
  while (mine != sums_.end() && its != other.sums_.end()) {
    if (mine->term == its->term) {
      sum += static_cast<double>(std::int64_t{mine++->sum} * its++->sum);
    } else if (mine->term < its->term) {
      ++mine;
    } else {
      ++its;
    }
  }
  return sum / (WeightedTerms::kOne * WeightedTerms::kOne);
}

double TermSum::length() const {
  return std::sqrt(static_cast<double>(squares_)) / WeightedTerms::kOne;
}

void Centroid::add(const WeightedStory& story) {
  body.add(story.body);
  names.add(story.names);
  title.add(story.title);
  ++size;
}

void Centroid::remove(const WeightedStory& story) {
  body.remove(story.body);
  names.remove(story.names);
  title.remove(story.title);
  --size;
}

double closeness(const Centroid& centroid) {
  return centroid.size == 0 ? 0 : centroid.body.length() / static_cast<double>(centroid.size);
}

double likeness(const WeightedStory& story, const Centroid& centroid) {
  if (centroid.size == 0) return 0;
  return combined(cosine(story.body, centroid.body), cosine(story.names, centroid.names),
                  cosine(story.title, centroid.title), closeness(centroid));
}

double likeness(const WeightedStory& story, std::string_view only) {
  PackedReader reader(only);
  if (reader.number(1) != kVersion) return 0;
  read_language(reader);
  const PackedTerms body = read_packed(reader);
  const PackedTerms names = read_packed(reader);
  const PackedTerms title = read_packed(reader);
  if (!reader.complete()) return 0;
  return combined(cosine(story.body, body), cosine(story.names, names), cosine(story.title, title),
                  length(body));
}

double likeness(const Centroid& a, const Centroid& b) {
  if (a.size == 0 || b.size == 0) return 0;
  const auto alike = [](const TermSum& x, const TermSum& y) {
    return cosine(x.dot(y), x.length() * y.length());
  };
  const double g = a.body.length() * b.body.length() / static_cast<double>(a.size * b.size);
  return combined(alike(a.body, b.body), alike(a.names, b.names), alike(a.title, b.title), g);
}

}  // namespace nutgraf
