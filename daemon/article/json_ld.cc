#include "daemon/article/json_ld.h"

#include <algorithm>
#include <optional>

#include "daemon/article/letters.h"

namespace nutgraf {
namespace {

/// Values of one page; a data set in a page is no metadata.
constexpr std::size_t kMaxValues = 20'000;

/// Reads tokens of JSON from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// The next character that matters; 0 at the end.
  char peek() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == ',')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  void skip() { ++at_; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  std::string string();
  std::string_view literal();

 private:
  std::optional<char32_t> hex4();
  void escape(std::string& out);

  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<char32_t> Scanner::hex4() {
  if (at_ + 4 > text_.size()) return std::nullopt;
  char32_t value = 0;
  for (std::size_t i = at_; i < at_ + 4; ++i) {
    if (hex_value(text_[i]) < 0) return std::nullopt;
    value = value * 16 + static_cast<char32_t>(hex_value(text_[i]));
  }
  at_ += 4;
  return value;
}

void Scanner::escape(std::string& out) {
  const char c = at_ < text_.size() ? text_[at_++] : '\\';
  if (c == 'u') {
    std::optional<char32_t> code = hex4();
    if (code && *code >= 0xD800 && *code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      at_ += 2;
      const std::optional<char32_t> low = hex4();
      code = low && *low >= 0xDC00 && *low < 0xE000
                 ? std::optional(0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00))
                 : std::nullopt;
    }
    const bool valid = code && (*code < 0xD800 || *code >= 0xE000);
    append_utf8(out, valid ? *code : char32_t{0xFFFD});
  } else if (c == 'n' || c == 'r' || c == 't' || c == 'b' || c == 'f') {
    out += ' ';
  } else {
    out += c;
  }
}

std::string Scanner::string() {
  std::string out;
  while (at_ < text_.size() && text_[at_] != '"') {
    const std::size_t stop = std::min(text_.find_first_of("\"\\", at_), text_.size());
    out += text_.substr(at_, stop - at_);
    at_ = stop;
    if (at_ < text_.size() && text_[at_] == '\\') {
      ++at_;
      escape(out);
    }
  }
  ++at_;
  return out;
}

std::string_view Scanner::literal() {
  const std::size_t from = at_;
  at_ = std::min(text_.find_first_of(",]} \t\r\n", at_), text_.size());
  if (at_ == from) ++at_;
  return text_.substr(from, at_ - from);
}

/// Cuts comment marks and CDATA openings before the first bracket.
std::string_view without_wrapper(std::string_view script) {
  constexpr std::string_view kCdata = "<![CDATA[";
  const std::size_t cdata = script.find(kCdata);
  if (cdata < script.find('{')) script.remove_prefix(cdata + kCdata.size());
  script.remove_prefix(std::min(script.find_first_of("{["), script.size()));
  return script;
}

}  // namespace

void JsonLd::add(std::string_view script) {
  Scanner scan(without_wrapper(script));
  Index open = kNone;
  const auto close = [&] {
    values_[open].end = size();
    open = values_[open].parent;
  };
  for (char c = scan.peek(); c != '\0' && values_.size() < kMaxValues; c = scan.peek()) {
    if (c == '}' || c == ']') {
      scan.skip();
      if (open == kNone) break;
      close();
      if (open == kNone) break;
      continue;
    }
    Value value;
    value.parent = open;
    if (open != kNone && values_[open].kind == Kind::kObject) {
      if (!scan.take('"')) break;
      value.key = scan.string();
      if (!scan.take(':')) break;
      c = scan.peek();
    }
    if (c == '{' || c == '[') {
      scan.skip();
      value.kind = c == '{' ? Kind::kObject : Kind::kArray;
    } else if (c == '"') {
      scan.skip();
      value.kind = Kind::kString;
      value.text = scan.string();
    } else {
      value.text = scan.literal();
    }
    const bool opens = value.kind == Kind::kObject || value.kind == Kind::kArray;
    values_.push_back(std::move(value));
    values_.back().end = size();
    if (opens) open = size() - 1;
    if (open == kNone) break;
  }
  while (open != kNone) close();
}

JsonLd::Index JsonLd::member(Index object, std::string_view key) const {
  if (object >= size() || values_[object].kind != Kind::kObject) return kNone;
  for (Index i = object + 1; i < values_[object].end; i = values_[i].end) {
    if (values_[i].key == key) return i;
  }
  return kNone;
}

std::string_view JsonLd::text(Index object, std::string_view key) const {
  Index value = member(object, key);
  if (value == kNone) return {};
  if (values_[value].kind == Kind::kArray && values_[value].end > value + 1) ++value;
  return values_[value].kind == Kind::kString || values_[value].kind == Kind::kOther
             ? std::string_view(values_[value].text)
             : std::string_view{};
}

std::vector<std::string_view> JsonLd::types(Index object) const {
  std::vector<std::string_view> types;
  const Index value = member(object, "@type");
  if (value == kNone) return types;
  for (Index i = value; i < values_[value].end; ++i) {
    if (values_[i].kind == Kind::kString) types.push_back(values_[i].text);
  }
  return types;
}

JsonLd::Index JsonLd::by_id(std::string_view id) const {
  if (id.empty()) return kNone;
  for (Index i = 0; i < size(); ++i) {
    const Value& value = values_[i];
    if (value.key != "@id" || value.text != id || value.parent == kNone) continue;
    const Index object = value.parent;
    if (values_[object].end > object + 2) return object;
  }
  return kNone;
}

std::vector<JsonLd::Index> JsonLd::articles() const {
  std::vector<Index> found, reviews, recipes, pages, others;
  for (Index i = 0; i < size(); ++i) {
    if (values_[i].kind != Kind::kObject) continue;
    const std::vector<std::string_view> kinds = types(i);
    const auto any_ends = [&kinds](std::string_view tail) {
      return std::ranges::any_of(kinds, [tail](std::string_view t) { return t.ends_with(tail); });
    };
    if (any_ends("Article") || any_ends("Posting") || any_ends("Report")) {
      found.push_back(i);
    } else if (any_ends("Review")) {
      reviews.push_back(i);
    } else if (any_ends("Recipe")) {
      recipes.push_back(i);
    } else if (any_ends("WebPage") || any_ends("Page")) {
      pages.push_back(i);
    } else if (member(i, "headline") != kNone) {
      others.push_back(i);
    }
  }
  // Reviews of a recipe are its readers'.
  if (found.empty()) found = std::move(recipes);
  if (found.empty()) found = std::move(reviews);
  if (found.empty()) found = std::move(pages);
  found.insert(found.end(), others.begin(), others.end());
  return found;
}

}  // namespace nutgraf
