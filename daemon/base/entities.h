#pragma once

#include <string>
#include <string_view>

namespace nutgraf {

/// Decodes the character references of HTML (all names of the standard, decimal, hexadecimal;
/// windows-1252 meaning for
/// &#128;–&#159;) once. A lone '&' and unknown names stay. Linear. [WHATWG HTML, section 13.5]
std::string decode_entities(std::string_view text);

/// White space (also U+00A0, U+200B, U+FEFF) collapsed to single blanks and trimmed.
std::string collapse_space(std::string_view text);

/// HTML of a short field (a title, a teaser) as one line of plain text: tags of elements that HTML
/// has, comments, script and style content out, entities decoded, white space collapsed. A tolerant
/// scanner, no tree: linear, no recursion. Not for articles.
std::string plain_text(std::string_view html);

}  // namespace nutgraf
