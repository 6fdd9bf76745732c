#pragma once

#include <string>
#include <string_view>

namespace nutgraf {

/// `html` with the relative URLs of its links, images and media made absolute against `base`;
/// everything else byte for byte. Unchanged if `base` is empty. The result is at most about twice
/// as long as the input (a long base times many links could be a bomb): later links stay relative.
std::string absolute_links(std::string html, std::string_view base);

/// True if `text` can only be meant as HTML: it has an end tag, a void element or a character
/// reference of HTML.
bool is_html_text(std::string_view text);

}  // namespace nutgraf
