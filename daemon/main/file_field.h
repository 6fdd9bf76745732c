#pragma once

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "daemon/main/filter.h"

namespace nutgraf::tool {

/// The file that a line of input names. Throws std::runtime_error if it names none, or "-": the
/// lines themselves come from there.
inline std::string file_field(const nlohmann::json& object) {
  std::string file = text_field(object, "file");
  if (file.empty()) throw std::runtime_error("file is missing");
  if (file == "-") throw std::runtime_error("file is \"-\": the lines come from there");
  return file;
}

}  // namespace nutgraf::tool
