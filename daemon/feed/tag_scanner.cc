#include "daemon/feed/tag_scanner.h"

#include <algorithm>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

/// More attributes than any element has; what follows them is skipped.
constexpr std::size_t kMaxAttributes = 64;

/// Longest tag in a text that is out to waste our time.
constexpr std::size_t kHostileTag = 256;

bool ends_value(char c) { return is_space(c) || c == '>'; }

}  // namespace

bool is_name_start(char c) {
  return is_alpha(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_char(char c) {
  return is_name_start(c) || is_digit(c) || c == '-' || c == '.' || c == ':';
}

std::string_view Tag::value(std::string_view attribute) const {
  for (const Attribute& a : attributes) {
    if (equals_ignoring_case(a.name, attribute)) return a.value;
  }
  return {};
}

std::optional<Tag> TagScanner::start_tag(std::size_t pos) {
  const std::size_t start = pos;
  auto tag = read(pos);
  if (!tag) wasted_ += pos - start;
  return tag;
}

std::optional<Tag> TagScanner::read(std::size_t& pos) {
  const bool hostile = wasted_ > 4 * text_.size() + 65536;
  const std::size_t limit = hostile ? std::min(text_.size(), pos + kHostileTag) : text_.size();
  ++pos;
  if (pos >= limit || !is_name_start(text_[pos])) return std::nullopt;
  Tag tag;
  const std::size_t name = pos;
  while (pos < limit && is_name_char(text_[pos])) ++pos;
  tag.name = text_.substr(name, pos - name);
  while (pos < limit) {
    const char c = text_[pos];
    if (c == '<') return std::nullopt;
    if (c == '>') {
      tag.closed = text_[pos - 1] == '/';
      tag.end = pos + 1;
      return tag;
    }
    if (is_space(c) || c == '/') {
      ++pos;
    } else if (!attribute(pos, tag)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

bool TagScanner::attribute(std::size_t& pos, Tag& tag) {
  const std::size_t name = pos;
  while (pos < text_.size() && !ends_value(text_[pos]) && text_[pos] != '=' && text_[pos] != '/' &&
         text_[pos] != '<') {
    ++pos;
  }
  Attribute found{text_.substr(name, pos - name), {}};
  std::size_t mark = pos;
  while (mark < text_.size() && is_space(text_[mark])) ++mark;
  if (mark < text_.size() && text_[mark] == '=') {
    pos = mark + 1;
    while (pos < text_.size() && is_space(text_[pos])) ++pos;
    found.value = quoted_value(pos);
  }
  const bool named = !found.name.empty() && is_name_start(found.name[0]);
  if (named && tag.attributes.size() < kMaxAttributes) tag.attributes.push_back(found);
  return pos > name;
}

std::string_view TagScanner::quoted_value(std::size_t& pos) {
  if (pos >= text_.size()) return {};
  const char quote = text_[pos];
  if (quote == '"' || quote == '\'') {
    const std::size_t start = pos + 1;
    const std::size_t close = std::min(text_.find(quote, start), text_.size());
    const bool sane = close < text_.size() &&
                      (close + 1 == text_.size() || ends_value(text_[close + 1]) ||
                       text_[close + 1] == '/' || text_[close + 1] == '?' ||
                       text_.substr(start, close - start).find('<') == std::string_view::npos);
    if (sane) {
      pos = close + 1;
      return text_.substr(start, close - start);
    }
    ++pos;
  }
  const std::size_t start = pos;
  while (pos < text_.size() && !ends_value(text_[pos]) && text_[pos] != '<') ++pos;
  const bool slash =
      pos < text_.size() && text_[pos] == '>' && pos > start && text_[pos - 1] == '/';
  return text_.substr(start, pos - start - (slash ? 1 : 0));
}

}  // namespace nutgraf
