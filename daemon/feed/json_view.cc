#include "daemon/feed/json_view.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "daemon/base/ascii.h"
#include "daemon/base/utf8.h"

namespace nutgraf {
namespace {

constexpr std::size_t npos = std::string_view::npos;

bool is_blank(char c) { return is_space(c) || c == ','; }

/// After the string whose opening quote is at `pos`; npos if it never closes.
std::size_t string_end(std::string_view text, std::size_t pos) {
  const std::size_t start = pos + 1;
  while ((pos = text.find('"', pos + 1)) != npos) {
    std::size_t slashes = 0;
    while (pos - slashes > start && text[pos - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) return pos + 1;
  }
  return npos;
}

constexpr auto kStructural = [] {
  std::array<bool, 256> marks{};
  for (const char c : std::string_view("\"{}[]")) marks[static_cast<unsigned char>(c)] = true;
  return marks;
}();

/// After the object or array that begins at `pos`; npos if it never ends.
std::size_t container_end(std::string_view text, std::size_t pos) {
  std::size_t depth = 0;
  while (pos < text.size()) {
    const char c = text[pos];
    if (!kStructural[static_cast<unsigned char>(c)]) {
      ++pos;
    } else if (c == '"') {
      pos = string_end(text, pos);
    } else {
      ++pos;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return pos;
    }
  }
  return npos;
}

std::size_t value_end(std::string_view text, std::size_t pos) {
  if (text[pos] == '"') return string_end(text, pos);
  if (text[pos] == '{' || text[pos] == '[') return container_end(text, pos);
  return std::min(text.find_first_of(",]} \t\r\n", pos), text.size());
}

/// False for a bare word, which is no value of JSON.
bool is_value(std::string_view text) {
  constexpr std::string_view kStarts = "\"{[-0123456789";
  return !text.empty() &&
         (kStarts.find(text[0]) != npos || text == "true" || text == "false" || text == "null");
}

/// The code unit of "uXXXX" at the head of `text`.
std::optional<char32_t> code_unit(std::string_view text) {
  if (text.size() < 5 || text[0] != 'u') return std::nullopt;
  char32_t unit = 0;
  for (std::size_t i = 1; i < 5; ++i) {
    const int digit = hex_value(text[i]);
    if (digit < 0) return std::nullopt;
    unit = unit * 16 + static_cast<char32_t>(digit);
  }
  return unit;
}

/// Appends what the escape means whose text begins after the backslash; returns its length.
std::size_t append_escape(std::string& out, std::string_view text) {
  if (text.empty()) return 0;
  const auto unit = code_unit(text);
  if (!unit) {
    const char c = text[0];
    out += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'b' || c == 'f' ? ' ' : c;
    return 1;
  }
  const bool high = *unit >= 0xD800 && *unit < 0xDC00;
  const auto low = high && text.substr(5, 1) == "\\" ? code_unit(text.substr(6)) : std::nullopt;
  if (low && *low >= 0xDC00 && *low < 0xE000) {
    append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
    return 11;
  }
  const bool control = *unit < 0x20 && *unit != '\n' && *unit != '\t' && *unit != '\r';
  if (!control) append_utf8(out, *unit);
  return 5;
}

std::string decoded(std::string_view inside) {
  std::string out;
  out.reserve(inside.size());
  for (std::size_t pos = 0; pos < inside.size();) {
    const std::size_t slash = std::min(inside.find('\\', pos), inside.size());
    out.append(inside.substr(pos, slash - pos));
    pos = slash + 1;
    if (slash < inside.size()) pos += append_escape(out, inside.substr(pos));
  }
  return out;
}

}  // namespace

JsonView::JsonView(std::string_view text) : text_(trim(text)) {}

bool JsonView::is_number() const {
  return !text_.empty() && (is_digit(text_[0]) || text_[0] == '-');
}

std::string JsonView::text() const {
  if (is_string() && text_.size() >= 2) return decoded(text_.substr(1, text_.size() - 2));
  if (!is_number()) return {};
  double value = 0;
  std::from_chars(text_.data(), text_.data() + text_.size(), value);
  const bool integral = text_.find_first_of(".eE") == npos;
  if (integral || std::floor(value) != value || std::fabs(value) >= 1e15) return std::string(text_);
  return std::to_string(static_cast<long long>(value));
}

JsonView::Members JsonView::members(bool& sound) const {
  Members found;
  std::size_t pos = 1;
  const auto skip_blanks = [&] {
    while (pos < text_.size() && is_blank(text_[pos])) ++pos;
  };
  while (is_object() && found.size() < kMaxMembers) {
    skip_blanks();
    if (pos < text_.size() && text_[pos] == '}') return found;
    const std::size_t name = pos;
    pos = pos < text_.size() && text_[pos] == '"' ? string_end(text_, pos) : npos;
    if (pos == npos) break;
    const std::string_view key = text_.substr(name + 1, pos - name - 2);
    skip_blanks();
    if (pos >= text_.size() || text_[pos] != ':') break;
    ++pos;
    skip_blanks();
    if (pos >= text_.size()) break;
    const std::size_t end = value_end(text_, pos);
    found.emplace_back(key, JsonView(text_.substr(pos, end - pos)));
    if (end == npos) break;
    sound = sound && is_value(text_.substr(pos, end - pos));
    pos = end;
  }
  sound = sound && found.size() == kMaxMembers;
  return found;
}

std::optional<JsonView> JsonView::next_element(std::size_t& pos, bool& sound) const {
  if (!is_array()) return std::nullopt;
  if (pos == 0) pos = 1;
  while (pos < text_.size() && is_blank(text_[pos])) ++pos;
  if (pos < text_.size() && text_[pos] == ']') return std::nullopt;
  const std::size_t start = pos;
  const std::size_t end = pos < text_.size() ? value_end(text_, pos) : npos;
  if (end == npos || end == start) {
    sound = false;
    return std::nullopt;
  }
  pos = end;
  return JsonView(text_.substr(start, end - start));
}

JsonView member(const JsonView::Members& members, std::string_view name) {
  const auto found = std::find_if(members.rbegin(), members.rend(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == members.rend() ? JsonView() : found->second;
}

}  // namespace nutgraf
