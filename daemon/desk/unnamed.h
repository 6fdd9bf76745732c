#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nutgraf {

/// Stories, or events that became part of one, that no message of their event has named yet: each
/// with the dirty revision that it made. In the order they came.
class Unnamed {
 public:
  void add(std::int64_t dirty_revision, std::string id) {
    ids_.emplace_back(dirty_revision, std::move(id));
  }

  /// Those of an event that became part of this one, as if that dirty revision had made them all.
  void add_all(std::int64_t dirty_revision, const Unnamed& other) {
    for (const auto& [revision, id] : other.ids_) add(dirty_revision, id);
  }

  /// Those that a message of that dirty revision names: they are named then.
  std::vector<std::string> take(std::int64_t dirty_revision) {
    const auto later = std::stable_partition(
        ids_.begin(), ids_.end(), [&](const auto& each) { return each.first <= dirty_revision; });
    std::vector<std::string> named;
    for (auto it = ids_.begin(); it != later; ++it) named.push_back(std::move(it->second));
    ids_.erase(ids_.begin(), later);
    return named;
  }

  std::vector<std::string> ids() const {
    std::vector<std::string> all;
    for (const auto& [revision, id] : ids_) all.push_back(id);
    return all;
  }

  void remove(std::string_view id) {
    std::erase_if(ids_, [&](const auto& each) { return each.second == id; });
  }

  void clear() { ids_.clear(); }
  bool empty() const { return ids_.empty(); }

 private:
  std::vector<std::pair<std::int64_t, std::string>> ids_;
};

}  // namespace nutgraf
