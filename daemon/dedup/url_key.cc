// The canonical form of a URL, for look-up only.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/base/url.h"
#include "daemon/dedup/identity.h"
#include "daemon/dedup/tracking.h"

namespace nutgraf {
namespace {

/// Unreserved characters decoded, hex digits in upper case [RFC 3986 section 6.2.2]; %2F and the
/// like are data and stay.
std::string normalize_escapes(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    const char c = static_cast<char>(high * 16 + low);
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<std::size_t>(high)];
      out += kDigits[static_cast<std::size_t>(low)];
    }
    i += 2;
  }
  return out;
}

bool cut_suffix(std::string& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.resize(text.size() - suffix.size());
  return true;
}

/// Without the labels that name an edition of a site for a device.
std::string bare_host(std::string host) {
  while (host.ends_with('.')) host.pop_back();
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view prefix : {"www.", "m.", "mobile.", "amp."}) {
      const bool leaves_a_domain = host.find('.', prefix.size()) != std::string::npos;
      if (!host.starts_with(prefix) || !leaves_a_domain) continue;
      host.erase(0, prefix.size());
      cut = true;
    }
  }
  return host;
}

std::string single_slashes(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c != '/' || !out.ends_with('/')) out += c;
  }
  return out;
}

std::string bare_path(std::string_view given) {
  std::string path = normalize_escapes(single_slashes(given));
  cut_suffix(path, "/");
  constexpr std::array<std::string_view, 6> kIndex = {"/index.html", "/index.htm",  "/index.php",
                                                      "/index.asp",  "/index.aspx", "/index.shtml"};
  std::any_of(kIndex.begin(), kIndex.end(),
              [&](std::string_view index) { return cut_suffix(path, index); });
  cut_suffix(path, "/amp");
  if (cut_suffix(path, ".amp.html")) path += ".html";
  cut_suffix(path, ".amp");
  return path;
}

std::string bare_query(std::string_view host, std::string_view query) {
  std::vector<std::string> kept;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view parameter = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view() : query.substr(end + 1);
    if (parameter.empty()) continue;
    const std::string_view name = parameter.substr(0, parameter.find('='));
    if (!is_tracking_parameter(host, name)) kept.push_back(normalize_escapes(parameter));
  }
  std::sort(kept.begin(), kept.end());
  std::string out;
  for (const std::string& parameter : kept) {
    out += out.empty() ? '?' : '&';
    out += parameter;
  }
  return out;
}

/// The page behind Google's AMP cache: cdn.ampproject.org/c/s/host/path.
std::string behind_amp_cache(const Url& url) {
  if (!url.host.ends_with("cdn.ampproject.org")) return {};
  for (const std::string_view prefix : {"/c/s/", "/v/s/", "/c/", "/v/"}) {
    if (url.path.starts_with(prefix)) return "https://" + url.path.substr(prefix.size());
  }
  return {};
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin));
}

}  // namespace

std::string url_key(std::string_view text) {
  std::optional<Url> url = parse_url(text);
  if (!url || (url->scheme != "http" && url->scheme != "https")) return trimmed(text);
  if (const std::string inner = behind_amp_cache(*url); !inner.empty()) {
    if (std::optional<Url> page = parse_url(inner)) url = std::move(page);
  }
  const std::string host = bare_host(url->host);
  std::string key = host;
  if (!url->port.empty()) key += ":" + url->port;
  key += bare_path(url->path);
  key += bare_query(host, url->query);
  return key;
}

}  // namespace nutgraf
