#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nutgraf {

/// Charset of a Content-Type header ("text/xml; charset=\"utf-8\""), lower case; empty if it has
/// none.
std::string charset_of_content_type(std::string_view content_type);

/// `bytes` of charset `label` (WHATWG labels: latin1 means windows-1252, gb2312 means gb18030, …)
/// as UTF-8. Invalid input becomes U+FFFD. nullopt: a label that nobody knows. `errors`, if given,
/// receives the number of replacements.
std::optional<std::string> to_utf8(std::string_view bytes, std::string_view label,
                                   int* errors = nullptr);

/// True if `bytes` is well-formed UTF-8 [RFC 3629]: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
bool is_utf8(std::string_view bytes);

/// A copy with every ill-formed sequence replaced by U+FFFD, so that what we print is always valid.
std::string scrub_utf8(std::string_view bytes);

/// A document of XML as UTF-8. Order: BOM, HTTP charset if it decodes cleanly, XML declaration,
/// strict UTF-8, UTF-8 with replacements when UTF-8 was declared and errors are few, windows-1252.
/// Never fails; linear time.
std::string decode_xml(std::string_view bytes, std::string_view http_charset);

/// A page of HTML as UTF-8: BOM, HTTP charset, <meta charset> in the first 4 KiB, strict UTF-8,
/// windows-1252. [WHATWG HTML, section 13.2.3.2]
std::string decode_html(std::string_view bytes, std::string_view http_charset);

}  // namespace nutgraf
