#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"

namespace nutgraf {

/// A value of a TOML document and where it stands: what the rest of daemon/config sees of toml++.
struct ConfigNode {
  enum class Kind { kString, kInteger, kNumber, kBoolean, kArray, kTable, kDate };
  Kind kind = Kind::kTable;
  std::string key;  ///< In the table above; empty in an array.
  std::string text;
  std::int64_t integer = 0;
  double number = 0;  ///< Also of an integer.
  bool boolean = false;
  std::vector<ConfigNode> children;  ///< Of an array or a table, in the order of the file.
  int line = 0;                      ///< From 1.
  int column = 0;

  const ConfigNode* find(std::string_view name) const;
};

std::string_view to_string(ConfigNode::Kind kind);

struct SyntaxError {
  int line = 0;
  int column = 0;
  std::string message;
};

/// The root table of a document of TOML 1.0.
tl::expected<ConfigNode, SyntaxError> parse_toml(const std::string& text);

/// `text` as a TOML string, quotes included.
std::string toml_quote(std::string_view text);

}  // namespace nutgraf
