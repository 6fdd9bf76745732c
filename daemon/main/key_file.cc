#include "daemon/main/key_file.h"

#include "daemon/base/read_file.h"
#include "daemon/wire/curve.h"

namespace nutgraf::tool {

Result<std::string> read_key(const std::string& given, KeyKind kind) {
  if (kind == KeyKind::kPublic && is_curve_key(given)) return given;
  constexpr std::size_t kMost = std::size_t{4} << 10;
  Result<std::string> content = read_file(given, {.most = kMost});
  if (!content) {
    return fail(ErrorCode::kBadConfig, "cannot read " + given + ": " + content.error().message +
                                           (kind == KeyKind::kPublic ? "; nor is it a key" : ""));
  }
  std::string line = content->substr(0, content->find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  if (!is_curve_key(line)) return fail(ErrorCode::kBadConfig, given + " holds no key");
  return line;
}

}  // namespace nutgraf::tool
