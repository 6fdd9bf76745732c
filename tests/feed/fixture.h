#pragma once

#include <fstream>
#include <sstream>
#include <string>

namespace nutgraf {

/// The bytes of tests/feeds/<name>.
inline std::string feed_fixture(const std::string& name) {
  std::ifstream file(std::string(NUTGRAF_TEST_DIR) + "/feeds/" + name, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

}  // namespace nutgraf
