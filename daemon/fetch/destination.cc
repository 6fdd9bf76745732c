#include "daemon/fetch/destination.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "daemon/base/ascii.h"
#include "daemon/fetch/address_guard.h"

namespace nutgraf {

namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using ParsedUrl = std::unique_ptr<CURLU, FreeUrl>;

/// As a transfer of libcurl would read it.
ParsedUrl parsed(const std::string& text) {
  ParsedUrl url(curl_url());
  constexpr unsigned kAsTransfers = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  const bool good = curl_url_set(url.get(), CURLUPART_URL, text.c_str(), kAsTransfers) == CURLUE_OK;
  return good ? std::move(url) : nullptr;
}

std::optional<std::string> part(const ParsedUrl& url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return std::nullopt;
  std::string out = to_lower(text);
  curl_free(text);
  return out;
}

/// Whether inet_aton() or a browser might take it for an IPv4 address: the last label is a number.
bool looks_numeric(std::string_view host) {
  const std::string_view label = host.substr(host.find_last_of('.') + 1);
  if (label.starts_with("0x")) return true;
  return !label.empty() && std::all_of(label.begin(), label.end(), is_digit);
}

bool is_local_name(std::string_view host) {
  if (host.find('.') == std::string_view::npos) return true;
  for (const std::string_view end : {".localhost", ".local", ".internal", ".home.arpa"}) {
    if (host.ends_with(end)) return true;
  }
  return false;
}

}  // namespace

bool same_origin(const std::string& a, const std::string& b) {
  const ParsedUrl one = parsed(a);
  const ParsedUrl other = parsed(b);
  if (one == nullptr || other == nullptr) return false;
  for (const CURLUPart which : {CURLUPART_SCHEME, CURLUPART_HOST, CURLUPART_PORT}) {
    const std::optional<std::string> mine = part(one, which);
    if (!mine || mine != part(other, which)) return false;
  }
  return true;
}

std::optional<std::string> redirect_target(const std::string& base, const std::string& location) {
  const ParsedUrl url = parsed(base);
  constexpr unsigned kAsRedirects = CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_NON_SUPPORT_SCHEME;
  if (url == nullptr) return std::nullopt;
  if (curl_url_set(url.get(), CURLUPART_URL, location.c_str(), kAsRedirects) != CURLUE_OK) {
    return std::nullopt;
  }
  char* text = nullptr;
  if (curl_url_get(url.get(), CURLUPART_URL, &text, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  std::string out = text;
  curl_free(text);
  return out;
}

bool is_public_destination(const std::string& url_text) {
  const ParsedUrl url = parsed(url_text);
  const std::optional<std::string> written =
      url == nullptr ? std::nullopt : part(url, CURLUPART_HOST);
  if (!written) return false;
  std::string_view host = *written;
  if (host.starts_with('[')) {
    return host.ends_with(']') && is_public_address(host.substr(1, host.size() - 2));
  }
  while (host.ends_with('.')) host.remove_suffix(1);
  // What is not ASCII yet may become a literal or a local name when it is mapped.
  const bool plain = std::all_of(host.begin(), host.end(),
                                 [](unsigned char c) { return c > ' ' && c < 0x7f && c != '%'; });
  if (!plain || host.empty()) return false;
  return looks_numeric(host) ? is_public_address(host) : !is_local_name(host);
}

}  // namespace nutgraf
