#include "daemon/config/config.h"
#include "daemon/config/keys.h"

namespace nutgraf {
namespace {

void print_line(std::string& out, const Config& config, const std::string& name,
                const std::string& value, const std::string& place) {
  const auto origin = config.origins.find(place);
  out += name + " = " + value + "  # " +
         (origin == config.origins.end() ? "default" : origin->second) + "\n";
}

template <typename T>
void print_entries(std::string& out, const Config& config, const char* section,
                   const std::vector<T>& entries, const std::vector<ConfigKey<T>>& keys) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    out += "\n[[" + std::string(section) + "]]\n";
    const std::string place = std::string(section) + "." + std::to_string(i) + ".";
    for (const ConfigKey<T>& key : keys) {
      const std::string value = key.print(entries[i]);
      if (!value.empty()) print_line(out, config, key.name, value, place + key.name);
    }
  }
}

}  // namespace

std::string print_config(const Config& config) {
  std::string out;
  std::string section;
  for (const ConfigKey<Config>& key : config_keys()) {
    const auto dot = key.name.find('.');
    if (key.name.substr(0, dot) != section) {
      section = key.name.substr(0, dot);
      out += (out.empty() ? "[" : "\n[") + section + "]\n";
    }
    // An optional duration that is unset is off.
    const std::string value = key.print(config);
    print_line(out, config, key.name.substr(dot + 1), value.empty() ? "\"off\"" : value, key.name);
  }
  print_entries(out, config, "host", config.poll.hosts, host_keys());
  print_entries(out, config, "feed", config.feeds, feed_keys());
  return out;
}

}  // namespace nutgraf
