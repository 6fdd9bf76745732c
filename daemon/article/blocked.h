#pragma once

#include <string_view>

#include "daemon/article/html.h"

namespace nutgraf {

/// Why the page is no article but a wall before one: "challenge" (prove that you are human),
/// "consent" (accept cookies first), "login", "empty" (nothing to read); empty view if it is none.
///
/// `bytes`: the page as it came, searched for challenge scripts if it shows next to nothing.
/// Deliberately shy: a page with a text of some length is never blocked.
std::string_view blocked_reason(const HtmlDocument& document, std::string_view bytes,
                                std::string_view title, std::string_view text);

}  // namespace nutgraf
