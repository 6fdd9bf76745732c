#include "daemon/main/key_file.h"

#include <fstream>

#include "daemon/wire/curve.h"

namespace nutgraf::tool {

Result<std::string> read_key(const std::string& given, KeyKind kind) {
  if (kind == KeyKind::kPublic && is_curve_key(given)) return given;
  std::ifstream file(given);
  std::string line;
  if (!std::getline(file, line)) {
    return fail(ErrorCode::kBadConfig,
                given + (kind == KeyKind::kPublic ? " is neither a key nor a file with one"
                                                  : ": no such file, or it is empty"));
  }
  if (line.ends_with('\r')) line.pop_back();
  if (!is_curve_key(line)) return fail(ErrorCode::kBadConfig, given + " holds no key");
  return line;
}

}  // namespace nutgraf::tool
