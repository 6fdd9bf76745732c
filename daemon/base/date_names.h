#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nutgraf {

/// Month 1–12 that `word` names in any language of the table: a whole name, or a beginning of three
/// letters or more that all names with that beginning agree on ("mar", "févr", "сент"; not "jui",
/// which is June or July in French). `word` must be folded. O(log names).
std::optional<int> month_of(std::string_view word);

/// Minutes east of Greenwich for a zone's abbreviation ("est", "pt", "cest", "msk"), folded; those
/// with several meanings have the one of American and European news.
std::optional<int> zone_of(std::string_view word);

/// +12 (pm) or 0 (am) in some languages; nullopt for any other word.
std::optional<int> half_day_of(std::string_view word);

/// Lower case for Latin, Greek and Cyrillic letters in UTF-8; other bytes stay.
std::string fold_letters(std::string_view text);

}  // namespace nutgraf
