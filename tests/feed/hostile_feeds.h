#pragma once

#include <functional>
#include <string>
#include <vector>

namespace nutgraf {

/// A feed of up to tens of megabytes that is quadratic, deep or large for a careless reader.
struct HostileFeedShape {
  const char* name;
  std::function<std::string()> make;
};

/// All that we know: each has 100,000 or a million of something, or something very long.
const std::vector<HostileFeedShape>& hostile_feeds();

/// `text` so many times.
std::string repeat(int count, const std::string& text);

}  // namespace nutgraf
