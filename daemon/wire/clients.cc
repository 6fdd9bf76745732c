#include "daemon/wire/clients.h"

#include <algorithm>

namespace nutgraf {

ClientTable::ClientTable(const std::vector<WireClient>& clients) {
  for (const WireClient& client : clients) {
    names_.emplace(client.key, client.name);
    topics_.emplace(client.name, client.topics);
  }
}

const std::string* ClientTable::name_of(std::string_view key) const {
  const auto found = names_.find(key);
  return found == names_.end() ? nullptr : &found->second;
}

const std::vector<std::string>* ClientTable::topics_of(std::string_view name) const {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : &found->second;
}

std::vector<std::string> granted(const std::vector<std::string>& allowed, std::string_view wanted) {
  if (wanted.starts_with('$') || covers(allowed, wanted)) return {std::string(wanted)};
  std::vector<std::string> within;
  for (const std::string& prefix : allowed) {
    if (prefix.starts_with(wanted)) within.push_back(prefix);
  }
  if (wanted.empty()) within.emplace_back("$");
  return within;
}

bool covers(const std::vector<std::string>& allowed, std::string_view prefix) {
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& each) { return prefix.starts_with(each); });
}

}  // namespace nutgraf
