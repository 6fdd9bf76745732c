#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/config/document.h"

namespace nutgraf {

/// One setting: its name and how it is read and printed. The tables below are the whole schema; a
/// key that is not in them does not exist.
template <typename T>
struct ConfigKey {
  std::string name;  ///< "poll.interval"; of a feed or host just "interval".
  /// Sets the value, or says what is wrong with it and shows one that is right; "" if all is well.
  std::function<std::string(T&, const ConfigNode&)> read;
  /// As TOML; "" if it is unset.
  std::function<std::string(const T&)> print;
};

std::vector<ConfigKey<Config>> config_keys();
std::vector<ConfigKey<HostRule>> host_keys();
std::vector<ConfigKey<FeedSource>> feed_keys();

}  // namespace nutgraf
