#include "daemon/base/url.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/base/idna.h"

namespace nutgraf {
namespace {

/// Longer than any server accepts; keeps every later step short.
constexpr size_t kMaxUrl = 8192;

struct SpecialScheme {
  std::string_view name;
  std::string_view port;
};
constexpr std::array kSpecial = {SpecialScheme{"http", "80"}, SpecialScheme{"https", "443"},
                                 SpecialScheme{"ftp", "21"},  SpecialScheme{"ws", "80"},
                                 SpecialScheme{"wss", "443"}, SpecialScheme{"file", ""}};

const SpecialScheme* special(std::string_view scheme) {
  const auto* found = std::find_if(kSpecial.begin(), kSpecial.end(),
                                   [&](const SpecialScheme& s) { return s.name == scheme; });
  return found == kSpecial.end() ? nullptr : found;
}

bool is_control_or_blank(char c) { return static_cast<unsigned char>(c) <= 0x20; }

/// Ends cut, tabs and line ends inside dropped.
std::string clean(std::string_view text) {
  while (!text.empty() && is_control_or_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_control_or_blank(text.back())) text.remove_suffix(1);
  std::string out(text);
  const auto dropped = [](char c) { return c == '\t' || c == '\n' || c == '\r'; };
  if (std::any_of(out.begin(), out.end(), dropped)) std::erase_if(out, dropped);
  return out;
}

/// Length of a scheme at the start, without its ':'; 0 if there is none.
size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_alpha(text[0])) return 0;
  size_t i = 1;
  while (i < text.size() &&
         (is_alnum(text[i]) || text[i] == '+' || text[i] == '-' || text[i] == '.')) {
    ++i;
  }
  return i < text.size() && text[i] == ':' ? i : 0;
}

/// One bit a byte: what a set of characters holds besides controls and non-ASCII.
using ByteSet = std::array<bool, 256>;

constexpr ByteSet escape_set(std::string_view marks) {
  ByteSet set{};
  for (size_t byte = 0; byte < 256; ++byte) set[byte] = byte < 0x20 || byte >= 0x7F;
  for (const char c : marks) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr ByteSet kPathEscapes = escape_set(" \"<>`{}^|");
constexpr ByteSet kQueryEscapes = escape_set(" \"<>'");
constexpr ByteSet kFragmentEscapes = escape_set(" \"<>`");
constexpr ByteSet kUserEscapes = escape_set(" \"#<>?`{}/;=@[\\]^|");
constexpr ByteSet kOpaqueHostEscapes = escape_set("\"`{}");
constexpr ByteSet kOpaquePathEscapes = escape_set(" ");
constexpr ByteSet kForbiddenInHost = escape_set(" #/:<>?@[\\]^|%");

bool has_any(std::string_view text, const ByteSet& set) {
  return std::any_of(text.begin(), text.end(),
                     [&](char c) { return set[static_cast<unsigned char>(c)]; });
}

void append_escaped(std::string& out, std::string_view text, const ByteSet& escapes) {
  if (!has_any(text, escapes)) {
    out += text;
    return;
  }
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (escapes[byte]) {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
}

std::string escaped(std::string_view text, const ByteSet& escapes) {
  std::string out;
  out.reserve(text.size());
  append_escaped(out, text, escapes);
  return out;
}

bool is_dot(std::string_view segment) {
  return segment == "." || segment == "%2e" || segment == "%2E";
}

bool is_double_dot(std::string_view segment) {
  return segment == ".." || equals_ignoring_case(segment, ".%2e") ||
         equals_ignoring_case(segment, "%2e.") || equals_ignoring_case(segment, "%2e%2e");
}

/// A path with its dot segments removed [RFC 3986 section 5.2.4] and its bytes escaped.
std::string normal_path(std::string_view path) {
  std::string out;
  if (path.starts_with("/") && path.find("/.") == std::string_view::npos &&
      path.find('%') == std::string_view::npos) {
    append_escaped(out, path, kPathEscapes);
    return out;
  }
  std::vector<size_t> starts;  // where in `out` each kept segment begins, at its '/'
  size_t pos = !path.empty() && path[0] == '/' ? 1 : 0;
  while (true) {
    const size_t end = std::min(path.find('/', pos), path.size());
    const std::string_view segment = path.substr(pos, end - pos);
    const bool last = end == path.size();
    if (is_double_dot(segment)) {
      if (!starts.empty()) {
        out.resize(starts.back());
        starts.pop_back();
      }
      if (last) out += '/';
    } else if (is_dot(segment)) {
      if (last) out += '/';
    } else {
      starts.push_back(out.size());
      out += '/';
      append_escaped(out, segment, kPathEscapes);
    }
    if (last) return out;
    pos = end + 1;
  }
}

/// One part of an IPv4 address: decimal, octal "017" or hexadecimal "0x1f".
std::optional<uint64_t> ipv4_part(std::string_view text) {
  if (text.empty()) return std::nullopt;
  uint64_t base = 10;
  if (text.size() >= 2 && text[0] == '0' && to_lower(text[1]) == 'x') {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() >= 2 && text[0] == '0') {
    base = 8;
    text.remove_prefix(1);
  }
  uint64_t value = 0;
  for (const char c : text) {
    const int digit = hex_value(c);
    if (digit < 0 || static_cast<uint64_t>(digit) >= base) return std::nullopt;
    value = std::min<uint64_t>(value * base + static_cast<uint64_t>(digit), uint64_t{1} << 40);
  }
  return value;
}

std::vector<std::string_view> split_dots(std::string_view host) {
  std::vector<std::string_view> parts;
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);
  while (true) {
    const size_t dot = host.find('.');
    parts.push_back(host.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    host.remove_prefix(dot + 1);
  }
}

/// "2130706433", "0x7f.1" and the like are addresses too: what cannot be seen cannot be refused.
bool ends_in_number(const std::vector<std::string_view>& parts) {
  const std::string_view last = parts.back();
  if (last.empty()) return false;
  return std::all_of(last.begin(), last.end(), is_digit) ||
         (last.size() >= 2 && last[0] == '0' && to_lower(last[1]) == 'x' && ipv4_part(last));
}

std::optional<std::string> ipv4_host(const std::vector<std::string_view>& parts) {
  if (parts.size() > 4) return std::nullopt;
  uint64_t address = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto part = ipv4_part(parts[i]);
    const bool last = i + 1 == parts.size();
    const uint64_t limit = last ? uint64_t{1} << (8 * (5 - parts.size())) : 256;
    if (!part || *part >= limit) return std::nullopt;
    address = last ? address + *part : address + (*part << (8 * (3 - i)));
  }
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += std::to_string((address >> shift) & 255);
    if (shift > 0) out += '.';
  }
  return out;
}

std::optional<std::string> ipv6_host(std::string_view host) {
  if (host.size() < 4 || host.back() != ']') return std::nullopt;
  in6_addr address{};
  if (inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) != 1) {
    return std::nullopt;
  }
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  return "[" + std::string(text.data()) + "]";
}

std::string percent_decoded(std::string_view text) {
  if (text.find('%') == std::string_view::npos) return std::string(text);
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
        hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// The host of a special scheme: IPv6 literal, IPv4 in any spelling, or a domain name in ASCII.
std::optional<std::string> normal_host(std::string_view text) {
  if (!text.empty() && text[0] == '[') return ipv6_host(text);
  std::string host = to_lower(percent_decoded(text));
  const bool ascii = std::all_of(host.begin(), host.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    auto name = domain_to_ascii(host);
    if (!name) return std::nullopt;
    host = std::move(*name);
  }
  if (host.empty() || host.size() > 255 || has_any(host, kForbiddenInHost)) return std::nullopt;
  // Only a last label that begins with a digit can make a number of it.
  const size_t dot = host.find_last_of('.', host.size() - 2);
  if (!is_digit(host[dot == std::string::npos ? 0 : dot + 1])) return host;
  const auto parts = split_dots(host);
  return ends_in_number(parts) ? ipv4_host(parts) : host;
}

/// The host of any other scheme: an IPv6 literal, or whatever cannot be taken for another part.
std::optional<std::string> opaque_host(std::string_view text) {
  if (text.starts_with('[')) return ipv6_host(text);
  if (text.find_first_of(" #/:<>?@[\\]^|") != text.npos) return std::nullopt;
  return to_lower(escaped(text, kOpaqueHostEscapes));
}

/// ":8080" → "8080"; leading zeros and the scheme's default go.
std::optional<std::string> normal_port(std::string_view digits, const SpecialScheme* scheme) {
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  if (digits.size() > 5 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return std::nullopt;
  }
  if (digits.size() == 5 && digits > "65535") return std::nullopt;
  if (scheme != nullptr && digits == scheme->port) return "";
  return std::string(digits);
}

bool parse_authority(std::string_view text, const SpecialScheme* scheme, Url& url) {
  if (const size_t at = text.rfind('@'); at != std::string_view::npos) {
    url.userinfo = escaped(text.substr(0, at), kUserEscapes);
    text.remove_prefix(at + 1);
  }
  const size_t bracket = text.rfind(']');
  const size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    auto port = normal_port(text.substr(colon + 1), scheme);
    if (!port) return false;
    url.port = std::move(*port);
    text = text.substr(0, colon);
  }
  if (text.empty() && (scheme == nullptr || scheme->name == "file")) {
    return url.port.empty() && url.userinfo.empty();
  }
  auto host = scheme == nullptr ? opaque_host(text) : normal_host(text);
  if (!host) return false;
  url.host = std::move(*host);
  return true;
}

/// Cuts query and fragment off `rest` into `url`.
void take_query_and_fragment(std::string_view& rest, Url& url) {
  if (const size_t hash = rest.find('#'); hash != std::string_view::npos) {
    url.fragment = escaped(rest.substr(hash + 1), kFragmentEscapes);
    rest = rest.substr(0, hash);
  }
  if (const size_t mark = rest.find('?'); mark != std::string_view::npos) {
    url.query = escaped(rest.substr(mark + 1), kQueryEscapes);
    url.has_query = true;
    rest = rest.substr(0, mark);
  }
}

/// Backslashes before the query are slashes in special schemes.
void unify_slashes(std::string& text) {
  for (char& c : text) {
    if (c == '?' || c == '#') return;
    if (c == '\\') c = '/';
  }
}

/// What may stay as it is in a path, a query and a fragment alike; kLook: if what follows allows
/// it.
enum class InUrl : unsigned char { kEscaped, kPlain, kLook };

constexpr auto kInUrl = [] {
  std::array<InUrl, 256> all{};
  for (size_t byte = 0x21; byte < 0x7F; ++byte) {
    const bool plain = !kPathEscapes[byte] && !kQueryEscapes[byte] && byte != '\\';
    all[byte] = byte == '/' || byte == '%' ? InUrl::kLook : plain ? InUrl::kPlain : InUrl::kEscaped;
  }
  return all;
}();

constexpr ByteSet kPlainInHost = [] {
  ByteSet plain{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789.-_")) {
    plain[static_cast<unsigned char>(c)] = true;
  }
  return plain;
}();

/// True for "http://name/path…" and "https://…" that every step below would leave as they are. Most
/// URLs of feeds are such, and this look costs a tenth of taking them apart.
bool is_normal(std::string_view text) {
  if (!text.starts_with("http") || text.size() > kMaxUrl) return false;
  const size_t host = text.substr(4, 3) == "://" ? 7 : text.substr(4, 4) == "s://" ? 8 : 0;
  if (host == 0) return false;
  size_t pos = host;
  size_t label = host;
  for (; pos < text.size() && kPlainInHost[static_cast<unsigned char>(text[pos])]; ++pos) {
    if (text[pos] == '.') label = pos + 1;
  }
  const bool named = pos > label && pos - host <= 255 && !is_digit(text[label]);
  if (!named || pos == text.size() || text[pos] != '/' || text.back() == '#') return false;
  for (; pos < text.size(); ++pos) {
    const InUrl kind = kInUrl[static_cast<unsigned char>(text[pos])];
    if (kind == InUrl::kPlain) continue;
    const std::string_view rest = text.substr(pos, 3);
    const bool dots = rest.starts_with("/.") || rest == "%2e" || rest == "%2E";
    if (kind == InUrl::kEscaped || dots) return false;
  }
  return true;
}

std::optional<Url> parse_clean(std::string text) {
  const size_t length = scheme_length(text);
  if (length == 0 || text.size() > kMaxUrl) return std::nullopt;
  Url url;
  url.scheme = to_lower(std::string_view(text).substr(0, length));
  const SpecialScheme* scheme = special(url.scheme);
  text.erase(0, length + 1);
  if (scheme != nullptr) unify_slashes(text);
  std::string_view rest = text;
  take_query_and_fragment(rest, url);
  const bool authority = rest.starts_with("//") || (scheme != nullptr && scheme->name != "file");
  if (!authority) {  // "mailto:x", "urn:y", "file:/x"
    url.path = scheme != nullptr ? normal_path(rest) : escaped(rest, kOpaquePathEscapes);
    return url;
  }
  // "http:host", "http:/host" and "http:////host" all mean the same to browsers.
  size_t slashes = 0;
  while (slashes < rest.size() && rest[slashes] == '/') ++slashes;
  rest.remove_prefix(scheme == nullptr || scheme->name == "file" ? 2 : slashes);
  const size_t end = std::min(rest.find('/'), rest.size());
  if (!parse_authority(rest.substr(0, end), scheme, url)) return std::nullopt;
  url.path = normal_path(rest.substr(end));
  return url;
}

/// The directory part of a path, with its last '/'.
std::string_view directory(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view("/") : path.substr(0, slash + 1);
}

void resolve_path(Url& url, std::string_view reference) {
  const std::string_view whole = reference;
  url.fragment.clear();
  Url parts;
  take_query_and_fragment(reference, parts);
  url.fragment = parts.fragment;
  if (!reference.empty()) {
    const bool rooted = reference[0] == '/';
    url.path = normal_path(rooted ? std::string(reference)
                                  : std::string(directory(url.path)) + std::string(reference));
  }
  if (parts.has_query || (!reference.empty() && whole[0] != '#')) {
    url.query = parts.query;
    url.has_query = parts.has_query;
  }
}

}  // namespace

std::string Url::origin() const { return scheme + "://" + host + (port.empty() ? "" : ":" + port); }

std::string Url::str() const {
  std::string out;
  out.reserve(scheme.size() + host.size() + path.size() + query.size() + 16);
  out.append(scheme).append(":");
  // Without an authority, a path that begins with two slashes would be read as one.
  if (!host.empty() || special(scheme) != nullptr || path.starts_with("//")) out.append("//");
  if (!userinfo.empty()) out.append(userinfo).append("@");
  out.append(host);
  if (!port.empty()) out.append(":").append(port);
  out.append(path);
  if (has_query) out.append("?").append(query);
  if (!fragment.empty()) out.append("#").append(fragment);
  return out;
}

std::optional<Url> parse_url(std::string_view text) {
  if (text.size() > 2 * kMaxUrl) return std::nullopt;
  return parse_clean(clean(text));
}

std::string resolve_url(std::string_view base, std::string_view reference) {
  if (reference.size() > 2 * kMaxUrl) return std::string(trim(reference));
  if (is_normal(reference)) return std::string(reference);
  std::string text = clean(reference);
  const size_t scheme = scheme_length(text);
  // "http:x" seen from an http base is relative by the letter of old RFCs; nobody means it so.
  if (scheme > 0) {
    const auto url = parse_clean(text);
    return url ? url->str() : text;
  }
  const auto from = parse_url(base);
  if (!from || from->host.empty() || text.size() > kMaxUrl) return text;
  if (special(from->scheme) != nullptr) unify_slashes(text);
  if (text.starts_with("//")) {
    const auto url = parse_clean(from->scheme + ":" + text);
    return url ? url->str() : text;
  }
  Url url = *from;
  resolve_path(url, text);
  return url.str();
}

namespace {

/// Four numbers as we would write them.
bool is_plain_ipv4(std::string_view host) {
  int numbers = 0;
  while (true) {
    const std::size_t size = std::min(host.find('.'), host.size());
    unsigned value = 256;
    std::from_chars(host.data(), host.data() + size, value);
    if (size == 0 || size > 3 || value > 255 || (size > 1 && host[0] == '0')) return false;
    ++numbers;
    if (size == host.size()) return numbers == 4;
    host.remove_prefix(size + 1);
  }
}

/// A name that can only be read as it stands. Not so "xn--", a number at the end, and much more.
bool is_plain_name(std::string_view host) {
  const std::size_t last = host.rfind('.') + 1;
  return last < host.size() && host[last] >= 'a' && host[last] <= 'z' && host.size() < 64 &&
         host[0] != '.' && host.find("--") == std::string_view::npos &&
         host.find("..") == std::string_view::npos;
}

/// Digits that are surely no more than 65535.
bool is_plain_port(std::string_view port) {
  return !port.empty() && port.size() < 6 && std::all_of(port.begin(), port.end(), is_digit) &&
         (port.size() < 5 || port <= "65535");
}

/// The host of a URL that is written as we would write it; empty: take a closer look. Every poll
/// asks for it, and parsing takes 2 µs.
std::string_view plain_host(std::string_view url) {
  if (url.size() > kMaxUrl) return {};
  std::size_t start = 0;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (url.starts_with(scheme)) start = scheme.size();
  }
  if (start == 0) return {};
  const std::string_view rest = url.substr(start, url.find('/', start) - start);
  const std::string_view host = rest.substr(0, rest.find(':'));
  const bool simple = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-';
  });
  if (!simple || host.empty()) return {};
  if (host.size() < rest.size() && !is_plain_port(rest.substr(host.size() + 1))) return {};
  return is_plain_name(host) || is_plain_ipv4(host) ? host : std::string_view();
}

}  // namespace

std::string host_of(std::string_view url) {
  if (const std::string_view host = plain_host(url); !host.empty()) return std::string(host);
  const auto parsed = parse_url(url);
  return parsed ? parsed->host : "";
}

}  // namespace nutgraf
