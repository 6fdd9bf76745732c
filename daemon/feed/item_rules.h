#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/feed/namespaces.h"

namespace nutgraf {

/// What an element of an item can be.
enum class Field {
  kTitle,
  kLink,
  kGuid,
  kPublished,
  kUpdated,
  kAuthor,
  kCategory,
  kKeywords,  ///< Several categories with commas.
  kSummary,
  kText,
  kLanguage,
  kImage,
  kSource,
  kEnclosure,
  kCredit,
  kContainer,  ///< Its children count as the item's own.
};
constexpr std::size_t kFields = static_cast<std::size_t>(Field::kContainer) + 1;

struct Rule {
  Vocabulary vocabulary;
  std::string_view name;
  Field field;
  int weight;
};

/// Which field the element `name` is and how much it counts; nullptr for one that is none. The
/// rules live as long as the program.
const Rule* find_rule(const QualifiedName& name);

/// find_rule() of names as written, with a memory: a feed has thousands of elements and a dozen
/// names. The names have to outlive it, as those of a parsed document do.
class RuleCache {
 public:
  const Rule* find(std::string_view name, const Namespaces& namespaces);

 private:
  struct Entry {
    std::string_view name;
    const Rule* rule = nullptr;
    std::uint64_t generation = 0;  ///< Of the namespaces that it was resolved in.
  };
  std::array<Entry, 128> entries_;
};

}  // namespace nutgraf
