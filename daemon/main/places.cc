#include "daemon/main/places.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

namespace nutgraf::tool {

Result<Config> config_for_places(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    return fail(ErrorCode::kGone, "no such file: " + path);
  }
  Config config;
  const std::vector<ConfigProblem> problems = check_config(path, &config);
  const bool any_read = std::ranges::any_of(
      config.origins, [&](const auto& origin) { return origin.second.starts_with(path + ":"); });
  if (!problems.empty() && !any_read) return fail(ErrorCode::kBadConfig, problems.front().str());
  return config;
}

}  // namespace nutgraf::tool
