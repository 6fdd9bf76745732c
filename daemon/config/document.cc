#include "daemon/config/document.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace nutgraf {
namespace {

// toml++ refuses more than 256 levels, so the recursion is bounded by the parser.
ConfigNode convert(const toml::node& node, std::string key);

void add_members(const toml::table& table, ConfigNode& out) {
  out.kind = ConfigNode::Kind::kTable;
  for (const auto& [name, value] : table) {
    out.children.push_back(convert(value, std::string(name.str())));
    // Problems are shown at the key, which is where the operator looks.
    const auto& where = name.source().begin;
    if (!value.is_table() && !value.is_array() && where.line > 0) {
      out.children.back().line = static_cast<int>(where.line);
      out.children.back().column = static_cast<int>(where.column);
    }
  }
  // toml++ keeps keys sorted; people read them as they wrote them.
  std::stable_sort(out.children.begin(), out.children.end(), [](const auto& a, const auto& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
}

ConfigNode convert(const toml::node& node, std::string key) {
  ConfigNode out;
  out.key = std::move(key);
  out.line = static_cast<int>(node.source().begin.line);
  out.column = static_cast<int>(node.source().begin.column);
  if (const auto* table = node.as_table()) {
    add_members(*table, out);
  } else if (const auto* array = node.as_array()) {
    out.kind = ConfigNode::Kind::kArray;
    for (const toml::node& element : *array) out.children.push_back(convert(element, {}));
  } else if (const auto* text = node.as_string()) {
    out.kind = ConfigNode::Kind::kString;
    out.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    out.kind = ConfigNode::Kind::kInteger;
    out.integer = integer->get();
    out.number = static_cast<double>(out.integer);
  } else if (const auto* number = node.as_floating_point()) {
    out.kind = ConfigNode::Kind::kNumber;
    out.number = number->get();
  } else if (const auto* boolean = node.as_boolean()) {
    out.kind = ConfigNode::Kind::kBoolean;
    out.boolean = boolean->get();
  } else {
    out.kind = ConfigNode::Kind::kDate;
  }
  return out;
}

/// What to do about the slips that are made most, where the parser tells only what it met.
std::string with_remedy(std::string said) {
  constexpr std::pair<std::string_view, std::string_view> kRemedies[] = {
      {"invalid utf-8", "save the file as UTF-8"},
      {"expected digit, saw", "a number with a unit stands in quotes (e.g. \"15m\")"},
      {"could not determine value type",
       "text stands in straight quotes (e.g. \"15m\"); yes and no are true and false"},
      {"parsing boolean", "it is true or false, in small letters"},
      {"unescaped control characters", "is the quote at the end missing?"},
      {"expected '=', saw", "a setting is written key = value"},
      {"cannot redefine existing table", "a [section] may stand once: join the two"},
      {"cannot redefine existing", "a key may stand once in its section"},
  };
  for (const auto& [part, remedy] : kRemedies) {
    if (said.find(part) == std::string::npos) continue;
    said.append("; ").append(remedy);
    break;
  }
  return said;
}

}  // namespace

const ConfigNode* ConfigNode::find(std::string_view name) const {
  const auto found = std::find_if(children.begin(), children.end(),
                                  [&](const ConfigNode& child) { return child.key == name; });
  return found == children.end() ? nullptr : &*found;
}

std::string_view to_string(ConfigNode::Kind kind) {
  switch (kind) {
    case ConfigNode::Kind::kString:
      return "a string";
    case ConfigNode::Kind::kInteger:
      return "a whole number";
    case ConfigNode::Kind::kNumber:
      return "a number";
    case ConfigNode::Kind::kBoolean:
      return "true or false";
    case ConfigNode::Kind::kArray:
      return "a list";
    case ConfigNode::Kind::kTable:
      return "a table";
    case ConfigNode::Kind::kDate:
      return "a date";
  }
  return "something else";
}

tl::expected<ConfigNode, SyntaxError> parse_toml(const std::string& text) {
  try {
    const toml::table table = toml::parse(text);
    return convert(table, {});
  } catch (const toml::parse_error& error) {
    return tl::unexpected<SyntaxError>({static_cast<int>(error.source().begin.line),
                                        static_cast<int>(error.source().begin.column),
                                        with_remedy(std::string(error.description()))});
  }
}

std::string toml_quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace nutgraf
