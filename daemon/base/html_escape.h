#pragma once

#include <string>
#include <string_view>

namespace nutgraf {

/// Appends `text` as the text of an HTML element: '&', '<' and '>' become references.
void append_html_text(std::string& out, std::string_view text);

/// Appends `value` as it may stand between quotes of either kind: '&', '"' and ''' become
/// references.
void append_html_attribute(std::string& out, std::string_view value);

/// `text` as it may stand both in an element and between quotes.
std::string escape_html(std::string_view text);

/// Plain text as HTML: ends trimmed, markup escaped, line ends as <br>.
std::string html_of_text(std::string_view text);

}  // namespace nutgraf
