#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "summarizer/unicode.h"

namespace nutgraf::summarizer {

/// A fixed list of words, written as one string with spaces between them.
class WordSet {
 public:
  WordSet() = default;
  explicit WordSet(std::string_view list);

  bool contains(Text word) const { return words_.find(word) != words_.end(); }
  bool empty() const { return words_.empty(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(Text word) const { return std::hash<Text>{}(word); }
  };
  std::unordered_set<std::u32string, Hash, std::equal_to<>> words_;
};

}  // namespace nutgraf::summarizer
