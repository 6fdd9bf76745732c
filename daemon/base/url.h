#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nutgraf {

/// An absolute http(s) URL in its parts, as the WHATWG URL standard would serialize it
/// [https://url.spec.whatwg.org]: scheme and host lower case, host in ASCII (IDNA), default port
/// dropped, dot segments removed, blanks and non-ASCII percent-encoded. What it does not change:
/// percent-encoding that is already there, the order of the query.
struct Url {
  std::string scheme;  ///< "http" or "https" (others parse too: "file", "ftp", …; callers check).
  std::string userinfo;  ///< "user:password" as written, without '@'; empty if none.
  std::string host;      ///< Lower-case; IPv6 literals keep their brackets.
  std::string port;      ///< Digits, empty for the scheme's default.
  std::string path;      ///< Begins with '/'.
  std::string query;     ///< Without '?'.
  bool has_query = false;
  std::string fragment;  ///< Without '#'.

  std::string str() const;
  /// scheme://host[:port], the unit of polling manners.
  std::string origin() const;
};

/// Parses an absolute URL. Leading and trailing blanks and C0 controls are cut, tabs and newlines
/// inside are dropped, as browsers do. nullopt: no scheme, no host for http(s), a port that is no
/// number, or longer than 8 KiB.
std::optional<Url> parse_url(std::string_view text);

/// `reference` seen from `base` [RFC 3986 section 5.2, with WHATWG's tolerance]: "//host/x", "/x",
/// "../x", "?q", "#f", "x". An absolute reference is returned normalized; if `base` is empty or
/// unusable and `reference` is relative, the trimmed reference comes back unchanged (a feed's
/// relative link is still better than none).
std::string resolve_url(std::string_view base, std::string_view reference);

/// Lower-case host without port, userinfo or brackets' port; empty if `url` is not absolute.
std::string host_of(std::string_view url);

}  // namespace nutgraf
