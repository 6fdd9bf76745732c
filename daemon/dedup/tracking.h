#pragma once

#include <string_view>

namespace nutgraf {

/// True if query parameter `name` on `host` (lower case, without www.) only says how a reader came
/// to the page, by the rules of config/tracking_parameters.txt (compiled in). Thread-safe; one or
/// two binary searches.
bool is_tracking_parameter(std::string_view host, std::string_view name);

}  // namespace nutgraf
