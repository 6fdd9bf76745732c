#include "daemon/event/packed_story.h"

#include "daemon/base/packing.h"

namespace nutgraf {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kMostTerms = 4096;
constexpr std::size_t kMostLanguage = 8;  // Of a primary tag [RFC 5646, section 2.1].

void put(std::string& out, const WeightedTerms& vector) {
  put_number(out, vector.terms.size(), 2);
  for (const std::uint32_t term : vector.terms) put_number(out, term, 4);
  for (const std::uint16_t weight : vector.weights) put_number(out, weight, 2);
}

std::size_t packed_bytes(const WeightedTerms& vector) { return 2 + 6 * vector.terms.size(); }

PackedTerms read_terms(PackedReader& reader) {
  const std::size_t count = reader.number(2);
  if (count > kMostTerms) reader.spoil();
  const std::string_view bytes = reader.bytes(6 * count);
  return reader.sound() ? PackedTerms(bytes.data(), count) : PackedTerms();
}

PackedStory read(PackedReader& reader) {
  PackedStory story;
  if (reader.number(1) != kVersion) reader.spoil();
  const std::size_t language = reader.number(1);
  if (language > kMostLanguage) reader.spoil();
  story.language = reader.bytes(language);
  for (PackedTerms* part : {&story.body, &story.names, &story.head}) *part = read_terms(reader);
  return story;
}

bool sorted(const PackedTerms& terms) {
  bool sorted = true;
  for (std::size_t i = 1; i < terms.size(); ++i) sorted &= terms.term(i - 1) <= terms.term(i);
  return sorted;
}

}  // namespace

std::string serialize(const WeightedStory& story) {
  const std::string language = story.language.substr(0, kMostLanguage);
  std::string out;
  out.reserve(2 + language.size() + packed_bytes(story.body) + packed_bytes(story.names) +
              packed_bytes(story.head));
  out += kVersion;
  put_number(out, language.size(), 1);
  out += language;
  for (const WeightedTerms* part : {&story.body, &story.names, &story.head}) put(out, *part);
  return out;
}

std::optional<PackedStory> read_story(std::string_view bytes) {
  PackedReader reader(bytes);
  const PackedStory story = read(reader);
  const bool sound =
      reader.complete() && sorted(story.body) && sorted(story.names) && sorted(story.head);
  return sound ? std::optional(story) : std::nullopt;
}

PackedStory known_story(std::string_view bytes) {
  PackedReader reader(bytes);
  return read(reader);
}

}  // namespace nutgraf
