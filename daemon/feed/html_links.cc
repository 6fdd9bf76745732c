#include "daemon/feed/html_links.h"

#include <algorithm>
#include <array>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/html_escape.h"
#include "daemon/base/url.h"
#include "daemon/feed/tag_scanner.h"

namespace nutgraf {
namespace {

constexpr std::array<std::string_view, 7> kUrlAttributes = {
    "href", "src", "poster", "action", "background", "longdesc", "data"};

bool holds_url(std::string_view name) {
  return std::any_of(kUrlAttributes.begin(), kUrlAttributes.end(),
                     [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

bool is_relative(std::string_view url) {
  url = trim(url);
  if (url.empty()) return false;
  if (url.starts_with("//")) return true;
  const std::size_t colon = url.find_first_of(":/?#");
  return colon == std::string_view::npos || url[colon] != ':';
}

/// References are decoded and put back only where there are any: most URLs have none.
std::string resolved_attribute(std::string_view value, std::string_view base) {
  const bool plain = value.find('&') == std::string_view::npos;
  std::string out;
  append_html_attribute(out,
                        resolve_url(base, plain ? std::string(value) : decode_entities(value)));
  return out;
}

/// True if anything looks like a URL attribute with a relative value: most texts have none, and a
/// look at each '=' is cheaper than reading the tags.
bool may_hold_relative(std::string_view html) {
  for (std::size_t mark = html.find('='); mark != std::string_view::npos;
       mark = html.find('=', mark + 1)) {
    std::size_t end = mark;
    while (end > 0 && is_space(html[end - 1])) --end;
    std::size_t start = end;
    while (start > 0 && end - start < 16 && is_alpha(html[start - 1])) --start;
    if (!holds_url(html.substr(start, end - start))) continue;
    std::string_view value = trim(html.substr(mark + 1, 32));
    if (value.starts_with("\"") || value.starts_with("'")) value.remove_prefix(1);
    if (is_relative(value)) return true;
  }
  return false;
}

}  // namespace

std::string absolute_links(std::string html, std::string_view base) {
  if (base.empty() || !may_hold_relative(html)) return html;
  std::string out;
  out.reserve(html.size() + html.size() / 8);
  const std::size_t limit = 2 * html.size() + 4096;
  TagScanner scanner(html);
  std::size_t copied = 0;
  for (std::size_t pos = html.find('<'); pos != std::string::npos && out.size() < limit;
       pos = html.find('<', pos)) {
    const auto tag = scanner.start_tag(pos);
    pos = tag ? tag->end : pos + 1;
    if (!tag) continue;
    for (const Attribute& a : tag->attributes) {
      if (!holds_url(a.name) || !is_relative(a.value)) continue;
      const auto start = static_cast<std::size_t>(a.value.data() - html.data());
      out.append(html, copied, start - copied).append(resolved_attribute(a.value, base));
      copied = start + a.value.size();
    }
  }
  out.append(html, copied);
  return out;
}

bool is_html_text(std::string_view text) {
  for (std::size_t pos = text.find('<'); pos != std::string_view::npos;
       pos = text.find('<', pos + 1)) {
    const std::string_view rest = text.substr(pos + 1, 5);
    if (rest.size() > 1 && rest[0] == '/' && is_alpha(rest[1])) return true;
    for (const std::string_view name : {"br>", "br/>", "br />", "img ", "hr", "p>"}) {
      if (starts_with_ignoring_case(rest, name)) return true;
    }
  }
  for (std::size_t pos = text.find('&'); pos != std::string_view::npos;
       pos = text.find('&', pos + 1)) {
    const std::size_t end = text.substr(pos, 12).find(';');
    if (end == std::string_view::npos) continue;
    const std::string_view reference = text.substr(pos, end + 1);
    if (decode_entities(reference) != reference) return true;
  }
  return false;
}

}  // namespace nutgraf
