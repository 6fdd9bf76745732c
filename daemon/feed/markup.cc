#include "daemon/feed/markup.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <pugixml.hpp>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/base/encoding.h"
#include "daemon/base/entities.h"
#include "daemon/base/html_escape.h"
#include "daemon/feed/html_links.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMaxDepth = 256;

bool is_text(const pugi::xml_node& node) {
  return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

std::string_view without_prefix(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_void(std::string_view name) {
  constexpr auto kVoid = std::to_array<std::string_view>(
      {"br", "hr", "img", "input", "wbr", "area", "col", "embed", "meta", "source", "track"});
  return std::any_of(kVoid.begin(), kVoid.end(),
                     [&](std::string_view v) { return equals_ignoring_case(v, name); });
}

void append_start_tag(std::string& out, const pugi::xml_node& element) {
  out.append("<").append(without_prefix(element.name()));
  for (const pugi::xml_attribute& attribute : element.attributes()) {
    const std::string_view name = attribute.name();
    if (name.starts_with("xmlns")) continue;
    out.append(" ").append(name).append("=\"");
    append_html_attribute(out, attribute.value());
    out += '"';
  }
  out += '>';
}

void append_end_tag(std::string& out, const pugi::xml_node& element) {
  const std::string_view name = without_prefix(element.name());
  if (!is_void(name)) out.append("</").append(name).append(">");
}

/// Decodes base64; white space is skipped, anything else ends it.
std::string from_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    } else if (is_digit(c)) {
      value = static_cast<std::uint32_t>(c - '0' + 52);
    } else if (c == '+' || c == '-') {
      value = 62;
    } else if (c == '/' || c == '_') {
      value = 63;
    } else {
      break;
    }
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> count) & 0xFF);
    }
  }
  return out;
}

/// Atom wraps xhtml in one <div> that is no part of it.
pugi::xml_node unwrapped(const pugi::xml_node& element) {
  pugi::xml_node only;
  for (const pugi::xml_node& child : element.children()) {
    if (is_text(child) && !trim(child.value()).empty()) return element;
    if (child.type() != pugi::node_element) continue;
    if (only) return element;
    only = child;
  }
  return only && without_prefix(only.name()) == "div" ? only : element;
}

bool is_media_type(std::string_view type) { return type.find('/') != std::string_view::npos; }

}  // namespace

ElementText::ElementText(const pugi::xml_node& element) {
  const pugi::xml_node first = element.first_child();
  if (!first) return;
  if (!first.next_sibling() && is_text(first)) {
    view_ = first.value();
    return;
  }
  for (pugi::xml_node child = first; child; child = child.next_sibling()) {
    if (is_text(child)) joined_ += child.value();
  }
  view_ = joined_;
}

std::string text_of(const pugi::xml_node& element) {
  return std::string(ElementText(element).view());
}

bool has_element_children(const pugi::xml_node& element) {
  for (pugi::xml_node child = element.first_child(); child; child = child.next_sibling()) {
    if (child.type() == pugi::node_element) return true;
  }
  return false;
}

std::string inner_markup(const pugi::xml_node& element) {
  std::string out;
  std::vector<pugi::xml_node> open;
  pugi::xml_node node = element.first_child();
  while (true) {
    if (node && is_text(node)) append_html_text(out, node.value());
    if (node && node.type() == pugi::node_element) {
      const bool shown = open.size() < kMaxDepth;
      if (shown) append_start_tag(out, node);
      open.push_back(node);
      node = node.first_child();
      continue;
    }
    if (node) node = node.next_sibling();
    while (!node && !open.empty()) {
      if (open.size() <= kMaxDepth) append_end_tag(out, open.back());
      node = open.back().next_sibling();
      open.pop_back();
    }
    if (!node) return out;
  }
}

TextKind text_kind(const pugi::xml_node& element, bool atom) {
  if (!element.first_attribute()) {
    return has_element_children(element) ? TextKind::kXhtml
           : atom                        ? TextKind::kText
                                         : TextKind::kHtml;
  }
  const std::string mode = to_lower(trim(element.attribute("mode").value()));
  const std::string type = to_lower(trim(element.attribute("type").value()));
  if (mode == "base64") return TextKind::kBase64;
  if (type == "xhtml" || type == "application/xhtml+xml" || mode == "xml") {
    return has_element_children(element)                            ? TextKind::kXhtml
           : type == "text" || type == "text/plain" || type.empty() ? TextKind::kText
                                                                    : TextKind::kHtml;
  }
  if (has_element_children(element)) return TextKind::kXhtml;
  if (type == "html" || type == "text/html") return TextKind::kHtml;
  if (type == "text" || type == "text/plain") return TextKind::kText;
  if (type.empty()) return atom ? TextKind::kText : TextKind::kHtml;
  if (!is_media_type(type)) return TextKind::kHtml;
  if (type.starts_with("text/") || type.ends_with("xml")) return TextKind::kHtml;
  // RFC 4287 section 4.1.3.3: other media are in base64; only what decodes to text is of use here.
  return TextKind::kOpaque;
}

std::string html_of(const pugi::xml_node& element, bool atom) {
  switch (text_kind(element, atom)) {
    case TextKind::kHtml:
      return text_of(element);
    case TextKind::kText: {
      std::string text = text_of(element);
      // Many say "text", or nothing, and mean HTML.
      return is_html_text(text) ? text : html_of_text(text);
    }
    case TextKind::kXhtml:
      return inner_markup(atom ? unwrapped(element) : element);
    case TextKind::kBase64:
    case TextKind::kOpaque: {
      std::string text = from_base64(text_of(element));
      return is_utf8(text) && text.find('\0') == std::string::npos ? text : std::string();
    }
  }
  return {};
}

std::string line_of(const pugi::xml_node& element, bool atom) {
  const TextKind kind = text_kind(element, atom);
  if (kind != TextKind::kText && kind != TextKind::kHtml) return plain_text(html_of(element, atom));
  const ElementText text(element);
  const bool html = kind == TextKind::kHtml || is_html_text(text.view());
  return html ? plain_text(text.view()) : collapse_space(text.view());
}

}  // namespace nutgraf
