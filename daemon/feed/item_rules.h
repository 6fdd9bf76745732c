#pragma once

#include <cstddef>
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

}  // namespace nutgraf
