#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "daemon/dedup/fingerprint.h"
#include "daemon/dedup/gram_set.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// Whether `edition`, a text of a story, says what none of its earlier texts `known` says: new
/// passages, a new lede, a changed figure, or a title that announces it. Clock lines, bylines and
/// prompts say nothing; a strict subset is never an update. `furniture` marks the words of
/// `edition` that many stories share, or is empty; pure. About 3 µs and 2 a known text.
bool is_update(const TextWords& edition, const Flags& furniture, std::span<const TextWords> known);

/// Share of the words of `old_text` that `new_text` has in the same company of threes, in [0, 1]; 1
/// for an old text without words. Volatile lines count like others. Pure; linear.
double kept_share(std::string_view old_text, std::string_view new_text);

/// The sentences of `new_text` that `old_text` does not have, each with the old sentence that it
/// most likely replaces (most shared words in threes; empty if none), in order, and then the old
/// ones that nothing replaced. At most 20. Volatile lines are left out. Pure, for worker threads;
/// linear but for the changed sentences, of which at most 20 are compared with every old one.
std::vector<Change> changed_sentences(std::string_view old_text, std::string_view new_text);

}  // namespace nutgraf
