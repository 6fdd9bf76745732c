#pragma once

#include "daemon/article/phrases.h"

namespace nutgraf {

/// What furniture says, in the languages of news: tables of whole lines and of phrases. Each set is
/// built at its first use; all are thread-safe.

/// A line that is no part of any story wherever it stands: "Advertisement", "Lire aussi : …",
/// "Photo: …", "3 comments", "Follow us on Twitter".
const PhraseSet& junk_lines();

/// A heading behind which no story goes on: "Related stories", "Leave a comment".
const PhraseSet& tail_headings();

/// Words of a request to the reader: "sign up for", "unser Newsletter".
const PhraseSet& prompts();

}  // namespace nutgraf
