#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nutgraf {

/// One value of a JSON text, where it stands: nothing is copied or built, so that neither a million
/// items nor a million brackets take memory. Reads what is there: a text that is cut off or broken
/// gives all that comes before, and sound() says so. Linear at each level that is looked into; no
/// recursion. [RFC 8259]
class JsonView {
 public:
  using Members = std::vector<std::pair<std::string_view, JsonView>>;

  /// Of members and elements past this, the rest is not listed.
  static constexpr std::size_t kMaxMembers = 256;

  JsonView() = default;
  /// `text` is one value, with or without blanks around it.
  explicit JsonView(std::string_view text);

  bool is_object() const { return text_.starts_with('{'); }
  bool is_array() const { return text_.starts_with('['); }
  bool is_string() const { return text_.starts_with('"'); }
  bool is_number() const;

  /// A string decoded, without control characters; a number as written, "7" for "7.0"; empty for
  /// all else.
  std::string text() const;

  /// The members of an object, by their names as written; of several with one name all. Sets
  /// `sound` to false where this is not as it should be, else leaves it.
  Members members(bool& sound) const;

  /// The next element of an array from `pos` on, which begins at 0 and is moved past it; nullopt at
  /// the end. An element that is cut off is none. `sound` as in members().
  std::optional<JsonView> next_element(std::size_t& pos, bool& sound) const;

 private:
  std::string_view text_;
};

/// The last member of that name; an empty view if there is none.
JsonView member(const JsonView::Members& members, std::string_view name);

}  // namespace nutgraf
