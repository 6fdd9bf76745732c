#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nutgraf {

/// What is left of a plain text, and what went.
struct Cleaned {
  std::string title;  ///< As given, or the text's own title line; empty if it has none.
  std::string text;   ///< The lines that stay, in order; a blank line where the input had one.
  std::vector<std::string> dropped;  ///< Lines that were furniture, in order; not the title's.
};

/// Takes furniture out of a page's plain text (a feed's full text, a copied page): menus above the
/// story, "Posted in", credits, prompts, tag lines, and everything from "Related stories" on.
///
/// Only whole lines go, and only ones that no story has: what stands between two sentences of the
/// story stays unless it is such a line. White space within lines is collapsed. `title` may be
/// empty: then the first line above the story that looks like a headline is the title; short lines
/// with no story below them have none. `language`: BCP-47, may be empty. Pure, thread-safe, linear
/// in the text.
Cleaned clean_text(std::string_view title, std::string_view text, std::string_view language);

}  // namespace nutgraf
