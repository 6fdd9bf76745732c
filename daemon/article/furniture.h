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

/// The same for plain text, where no markup tells a line of furniture from one of the story, and so
/// with fewer lines. cut_headings(): what follows is no story.
const PhraseSet& cut_headings();
/// Lines that are furniture wherever they stand.
const PhraseSet& plain_junk_lines();
/// Lines that are furniture if no full stop stands in them: credits, dates.
const PhraseSet& credit_lines();

}  // namespace nutgraf
