#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace nutgraf {

/// Latin letters in ASCII: "Ünï" -> "Uni", "Straße" -> "Strasse", "Łódź" -> "Lodz" [CLDR,
/// Latin-ASCII]. Letters of other scripts stay as they are.
///
/// Linear; the first text that is not ASCII costs some milliseconds, for ICU's rules. One thread.
class LatinLetters {
 public:
  LatinLetters();
  ~LatinLetters();
  LatinLetters(const LatinLetters&) = delete;
  LatinLetters& operator=(const LatinLetters&) = delete;

  std::string to_ascii(std::string_view utf8);

 private:
  struct Rules;
  std::unique_ptr<Rules> rules_;  // Null until they are needed.
};

}  // namespace nutgraf
