#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/base/encoding.h"
#include "daemon/base/result.h"

namespace nutgraf::fuzz {

/// Ends a fuzzer where it is thrown; a gtest reports it with the seed.
class BrokenProperty : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* property) {
  if (!holds) throw BrokenProperty(property);
}

inline void require_utf8(std::string_view text, const char* what) {
  if (!is_utf8(text)) throw BrokenProperty(std::string(what) + " is not UTF-8");
}

/// One line of plain text for people.
inline void require_line(std::string_view text, const char* what) {
  require_utf8(text, what);
  if (text.find_first_of("\n\r") != text.npos) {
    throw BrokenProperty(std::string(what) + " has more than one line");
  }
}

/// The error of a reader of foreign bytes: they are malformed, and the message can be logged.
inline void require_malformed(const Error& error) {
  require(error.code == ErrorCode::kMalformed, "an error that is not kMalformed");
  require_line(error.message, "an error's message");
}

/// The first line without its end, and what follows.
inline std::pair<std::string_view, std::string_view> first_line(std::string_view bytes) {
  const auto end = bytes.find('\n');
  if (end == bytes.npos) return {bytes, {}};
  return {bytes.substr(0, end), bytes.substr(end + 1)};
}

}  // namespace nutgraf::fuzz
