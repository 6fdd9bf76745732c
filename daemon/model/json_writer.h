#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/date.h"

namespace nutgraf {

/// Appends `text` as a JSON string, quotes included [RFC 8259 section 7]. Ill-formed UTF-8 becomes
/// U+FFFD, so that what we print is always valid. About 1 ns a byte.
void append_json_string(std::string& out, std::string_view text);

/// Writes one JSON object straight into a string, fields in the order of the calls: no document in
/// between, which on the desk thread would cost more than all the rest of a story.
///
/// Absent is absent: empty texts, empty lists, absent times and objects without fields are left
/// out. Its sibling with the same verbs, the reader in json.cc, lets one list of fields serve both
/// directions.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out), begin_(out.size()) { out_ += '{'; }
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  /// Ends the object; nothing may be written after it.
  void close() { out_ += '}'; }
  bool empty() const { return out_.size() == begin_ + 1; }

  void text(std::string_view name, std::string_view value);
  void texts(std::string_view name, const std::vector<std::string>& values);
  void flag(std::string_view name, bool value);
  void real(std::string_view name, double value);
  void real(std::string_view name, float value);  ///< With a float's digits, not a double's.
  void time(std::string_view name, Time value);
  void time(std::string_view name, const std::optional<Time>& value);

  /// Spliced in as it is: must be valid JSON.
  void raw(std::string_view name, std::string_view json);

  template <std::integral Int>
  void number(std::string_view name, Int value) {
    key(name);
    char digits[24];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
  }

  /// A number that is left out if it is 0.
  template <std::integral Int>
  void count(std::string_view name, Int value) {
    if (value != 0) number(name, value);
  }

  /// `fields(writer, value)` writes the inner object, which is left out if it stays empty.
  template <typename T, typename Fields>
  void object(std::string_view name, const T& value, Fields fields) {
    const std::size_t before = out_.size();
    key(name);
    JsonWriter inner(out_);
    fields(inner, value);
    if (inner.empty()) {
      out_.resize(before);
    } else {
      inner.close();
    }
  }

  template <typename T, typename Fields>
  void objects(std::string_view name, const std::vector<T>& values, Fields fields) {
    if (values.empty()) return;
    key(name);
    char before = '[';
    for (const T& value : values) {
      out_ += before;
      before = ',';
      JsonWriter inner(out_);
      fields(inner, value);
      inner.close();
    }
    out_ += ']';
  }

 private:
  void key(std::string_view name);

  std::string& out_;
  const std::size_t begin_;  ///< Where the opening brace stands.
};

}  // namespace nutgraf
