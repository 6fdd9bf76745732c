#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// The JSON-LD of a page: all its scripts as one flat array of values. Reads what pages really
/// have (raw line breaks in strings, CDATA and comment wrappers, trailing commas, truncation) and
/// never fails: what makes no sense ends the script. Linear, no recursion.
class JsonLd {
 public:
  using Index = std::uint32_t;
  static constexpr Index kNone = UINT32_MAX;
  enum class Kind : std::uint8_t { kObject, kArray, kString, kOther };

  struct Value {
    Kind kind = Kind::kOther;
    Index parent = kNone;  ///< kNone: the top of a script.
    Index end = 0;         ///< One past the last value inside.
    std::string key;       ///< Its name, if the parent is an object.
    std::string text;      ///< Of a string, unescaped; of a number or literal, as written.
  };

  /// Adds the content of one <script type="application/ld+json">.
  void add(std::string_view script);

  Index size() const { return static_cast<Index>(values_.size()); }
  const Value& operator[](Index i) const { return values_[i]; }

  /// Member of an object; kNone if absent or if `object` is no object.
  Index member(Index object, std::string_view key) const;
  /// Text of a string member, or of the first string of an array member; empty if there is none.
  std::string_view text(Index object, std::string_view key) const;
  /// The types of an object: "@type" is a string or an array of strings.
  std::vector<std::string_view> types(Index object) const;
  /// The object with this "@id" that has more than the id; kNone if there is none.
  Index by_id(std::string_view id) const;

  /// Objects that describe the article itself (NewsArticle, BlogPosting, Report, …), in order;
  /// failing these a recipe, failing that the page (WebPage), failing that any object with a
  /// headline.
  std::vector<Index> articles() const;

 private:
  std::vector<Value> values_;
};

}  // namespace nutgraf
