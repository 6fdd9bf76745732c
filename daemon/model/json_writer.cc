#include "daemon/model/json_writer.h"

#include <array>

#include "daemon/base/encoding.h"

namespace nutgraf {
namespace {

/// For every byte what must stand for it: 0 itself, 'u' \u00XX, else a backslash and this.
constexpr std::array<char, 256> kEscapes = [] {
  std::array<char, 256> escapes{};
  for (int c = 0; c < 0x20; ++c) escapes[c] = 'u';
  escapes['"'] = '"';
  escapes['\\'] = '\\';
  escapes['\n'] = 'n';
  escapes['\r'] = 'r';
  escapes['\t'] = 't';
  return escapes;
}();

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::size_t done = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const char escape = kEscapes[byte];
    if (escape == 0) continue;
    out.append(text, done, i - done);
    done = i + 1;
    out += '\\';
    out += escape;
    if (escape == 'u') out.append({'0', '0', kDigits[byte >> 4], kDigits[byte & 0xF]});
  }
  out.append(text, done);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  if (is_utf8(text)) {
    append_escaped(out, text);
  } else {
    append_escaped(out, scrub_utf8(text));
  }
  out += '"';
}

void JsonWriter::key(std::string_view name) {
  if (!empty()) out_ += ',';
  out_ += '"';
  out_ += name;
  out_ += "\":";
}

void JsonWriter::text(std::string_view name, std::string_view value) {
  if (value.empty()) return;
  key(name);
  append_json_string(out_, value);
}

void JsonWriter::texts(std::string_view name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  key(name);
  char before = '[';
  for (const std::string& value : values) {
    out_ += before;
    before = ',';
    append_json_string(out_, value);
  }
  out_ += ']';
}

void JsonWriter::flag(std::string_view name, bool value) { raw(name, value ? "true" : "false"); }

void JsonWriter::real(std::string_view name, double value) {
  char digits[32];
  const char* end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  raw(name, std::string_view(digits, end));
}

void JsonWriter::real(std::string_view name, float value) {
  char digits[32];
  const char* end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  raw(name, std::string_view(digits, end));
}

void JsonWriter::time(std::string_view name, Time value) {
  key(name);
  append_json_string(out_, format_rfc3339(value));
}

void JsonWriter::time(std::string_view name, const std::optional<Time>& value) {
  if (value) time(name, *value);
}

void JsonWriter::raw(std::string_view name, std::string_view json) {
  key(name);
  out_ += json;
}

}  // namespace nutgraf
