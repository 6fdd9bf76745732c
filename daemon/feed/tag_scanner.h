#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// One attribute of a tag as written: the value without quotes, references not decoded.
struct Attribute {
  std::string_view name;
  std::string_view value;
};

/// A start tag as written, quoted or not: <a href=x>, <br/>.
struct Tag {
  std::string_view name;
  std::vector<Attribute> attributes;
  bool closed = false;  ///< Ends in "/>".
  std::size_t end = 0;  ///< Position after its '>'.

  /// Value of the attribute (name in any case), empty if absent.
  std::string_view value(std::string_view attribute) const;
};

/// Reads start tags of HTML or of broken XML where no parser would.
class TagScanner {
 public:
  explicit TagScanner(std::string_view text) : text_(text) {}

  /// The start tag at `pos`, which is at a '<'. nullopt if this '<' opens none: no name follows, or
  /// another '<' or the end comes before the '>'. A quote that is never closed ends at the first
  /// blank or '>'. Linear over all calls: once the text has shown itself hostile (much was read for
  /// tags that came to nothing), a tag may be no longer than 256 bytes.
  std::optional<Tag> start_tag(std::size_t pos);

 private:
  std::optional<Tag> read(std::size_t& pos);
  bool attribute(std::size_t& pos, Tag& tag);
  std::string_view quoted_value(std::size_t& pos);

  std::string_view text_;
  std::size_t wasted_ = 0;  ///< Bytes read for tags that came to nothing.
};

/// True for what may begin the name of an element.
bool is_name_start(char c);
bool is_name_char(char c);

}  // namespace nutgraf
