#include "daemon/event/centroid.h"

#include <algorithm>
#include <cmath>

namespace nutgraf {
namespace {

constexpr double kNames = 0.15;
constexpr double kTitle = 0.4;
constexpr char kVersion = 1;
constexpr std::size_t kMostTerms = 4096;
constexpr std::size_t kMostLanguage = 8;  // Of a primary tag [RFC 5646, section 2.1].

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void put(std::string& out, const WeightedTerms& vector) {
  put(out, static_cast<std::uint32_t>(vector.terms.size()), 2);
  for (const std::uint32_t term : vector.terms) put(out, term, 4);
  for (const std::uint16_t weight : vector.weights) put(out, weight, 2);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t number(int width) {
    const auto size = static_cast<std::size_t>(width);
    if (bytes_.size() - at_ < size) {
      sound_ = false;
      return 0;
    }
    std::uint32_t value = 0;
    for (int i = 0; i < width; ++i) {
      value |= std::uint32_t{static_cast<unsigned char>(bytes_[at_++])} << (8 * i);
    }
    return value;
  }

  std::string text() {
    const std::size_t size = number(1);
    if (size > kMostLanguage || bytes_.size() - at_ < size) {
      sound_ = false;
      return {};
    }
    at_ += size;
    return std::string(bytes_.substr(at_ - size, size));
  }

  WeightedTerms vector() {
    const std::size_t count = number(2);
    if (count > kMostTerms || bytes_.size() - at_ < 6 * count) {
      sound_ = false;
      return {};
    }
    WeightedTerms vector{std::vector<std::uint32_t>(count), std::vector<std::uint16_t>(count)};
    const auto* bytes = reinterpret_cast<const unsigned char*>(bytes_.data()) + at_;
    for (std::size_t i = 0; i < count; ++i, bytes += 4) {
      vector.terms[i] = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint32_t{bytes[3]} << 24;
    }
    for (std::size_t i = 0; i < count; ++i, bytes += 2) {
      vector.weights[i] = static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8);
    }
    at_ += 6 * count;
    sound_ = sound_ && std::is_sorted(vector.terms.begin(), vector.terms.end());
    return vector;
  }

  bool complete() const { return sound_ && at_ == bytes_.size(); }

 private:
  const std::string_view bytes_;
  std::size_t at_ = 0;
  bool sound_ = true;
};

double cosine(double dot, double length) { return length > 0 ? dot / length : 0; }

/// Σ w² and Σ v w, with 1 for kOne, of unit vectors as they stand.
double length(const WeightedTerms& vector) {
  std::int64_t squares = 0;
  for (const std::uint16_t w : vector.weights) squares += std::int64_t{w} * w;
  return std::sqrt(static_cast<double>(squares)) / WeightedTerms::kOne;
}

double dot(const WeightedTerms& a, const WeightedTerms& b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0, j = 0; i < a.terms.size() && j < b.terms.size();) {
    if (a.terms[i] == b.terms[j]) {
      sum += std::int64_t{a.weights[i++]} * b.weights[j++];
    } else if (a.terms[i] < b.terms[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  return static_cast<double>(sum) / (WeightedTerms::kOne * WeightedTerms::kOne);
}

double cosine(const WeightedTerms& vector, const TermSum& sum) {
  return cosine(sum.dot(vector), sum.length());
}

double cosine(const WeightedTerms& vector, const WeightedTerms& other) {
  return cosine(dot(vector, other), length(other));
}

/// Likeness from the cosines of body, names and title.
double combined(double body, double names, double title, double g) {
  const double s = ((1 - kNames) * body + kNames * names) * g;
  return std::max(s, (1 - kTitle) * s + kTitle * title * g);
}

}  // namespace

std::string serialize(const WeightedStory& story) {
  std::string out;
  out += kVersion;
  const std::string language = story.language.substr(0, kMostLanguage);
  put(out, static_cast<std::uint32_t>(language.size()), 1);
  out += language;
  for (const WeightedTerms* part : {&story.body, &story.names, &story.title}) put(out, *part);
  return out;
}

std::optional<WeightedStory> parse_weighted_story(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.number(1) != static_cast<std::uint32_t>(kVersion)) return std::nullopt;
  WeightedStory story;
  story.language = reader.text();
  for (WeightedTerms* part : {&story.body, &story.names, &story.title}) *part = reader.vector();
  if (!reader.complete()) return std::nullopt;
  return story;
}

std::string stored_language(std::string_view bytes) {
  Reader reader(bytes);
  return reader.number(1) == static_cast<std::uint32_t>(kVersion) ? reader.text() : std::string();
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
  std::int64_t sum = 0;
  auto entry = sums_.begin();
  for (std::size_t i = 0; i < vector.terms.size() && entry != sums_.end(); ++i) {
    const std::uint32_t term = vector.terms[i];
    // A large event has many more terms than a story: then steps are too many, and jumps pay.
    if (sums_.size() > 8 * vector.terms.size()) {
      entry = std::lower_bound(entry, sums_.end(), term, [](const Entry& e, std::uint32_t wanted) {
        return e.term < wanted;
      });
    } else {
      while (entry != sums_.end() && entry->term < term) ++entry;
    }
    if (entry != sums_.end() && entry->term == term) {
      sum += std::int64_t{entry->sum} * vector.weights[i];
    }
  }
  return static_cast<double>(sum) / (WeightedTerms::kOne * WeightedTerms::kOne);
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

double likeness(const WeightedStory& story, const Centroid& centroid) {
  if (centroid.size == 0) return 0;
  return combined(cosine(story.body, centroid.body), cosine(story.names, centroid.names),
                  cosine(story.title, centroid.title),
                  centroid.body.length() / static_cast<double>(centroid.size));
}

double likeness(const WeightedStory& story, const WeightedStory& only) {
  return combined(cosine(story.body, only.body), cosine(story.names, only.names),
                  cosine(story.title, only.title), length(only.body));
}

}  // namespace nutgraf
