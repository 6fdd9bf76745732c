#include "daemon/base/entities.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "daemon/base/ascii.h"
#include "daemon/base/utf8.h"

namespace nutgraf {
namespace {

struct Entity {
  std::string_view name;  ///< Without '&'; with ';' but for the 106 names that may go without.
  std::string_view text;  ///< UTF-8.
};

constexpr Entity kEntities[] = {
#include "daemon/base/entities_table.inc"
};
static_assert(std::is_sorted(std::begin(kEntities), std::end(kEntities),
                             [](const Entity& a, const Entity& b) { return a.name < b.name; }));

/// "CounterClockwiseContourIntegral;" is the longest name.
constexpr size_t kLongestName = 32;
/// "quot" is the shortest of the names without ';' but "gt", "lt", …: two letters.
constexpr size_t kShortestName = 2;

const Entity* find_entity(std::string_view name) {
  const auto* found =
      std::lower_bound(std::begin(kEntities), std::end(kEntities), name,
                       [](const Entity& e, std::string_view n) { return e.name < n; });
  return found != std::end(kEntities) && found->name == name ? found : nullptr;
}

/// Appends the reference that starts after the '&' at the head of `text`; returns the bytes it
/// took, 0 if there is none.
size_t append_named(std::string& out, std::string_view text) {
  size_t length = 0;
  while (length < text.size() && length < kLongestName && is_alnum(text[length])) ++length;
  if (length < text.size() && text[length] == ';') {
    if (const Entity* whole = find_entity(text.substr(0, length + 1))) {
      out += whole->text;
      return length + 1;
    }
  }
  // "&copy2026" and "&notit;": the longest name that may stand without ';'. None is over 6 long.
  for (size_t n = std::min<size_t>(length, 6); n >= kShortestName; --n) {
    if (const Entity* legacy = find_entity(text.substr(0, n))) {
      out += legacy->text;
      return n;
    }
  }
  return 0;
}

char32_t numeric_meaning(uint32_t code) {
  if (code >= 0x80 && code <= 0x9F) return windows_1252(static_cast<unsigned char>(code));
  return code == 0 ? kReplacement : static_cast<char32_t>(code);
}

size_t append_numeric(std::string& out, std::string_view text) {
  const bool hex = text.size() > 1 && to_lower(text[1]) == 'x';
  const uint32_t base = hex ? 16 : 10;
  const size_t first = hex ? 2 : 1;
  size_t pos = first;
  uint32_t code = 0;
  for (; pos < text.size(); ++pos) {
    const int digit = hex_value(text[pos]);
    if (digit < 0 || static_cast<uint32_t>(digit) >= base) break;
    code = std::min<uint32_t>(code * base + static_cast<uint32_t>(digit), 0x110000);
  }
  if (pos == first) return 0;
  append_utf8(out, numeric_meaning(code));
  return pos < text.size() && text[pos] == ';' ? pos + 1 : pos;
}

size_t append_reference(std::string& out, std::string_view text) {
  if (text.empty()) return 0;
  return text[0] == '#' ? append_numeric(out, text) : append_named(out, text);
}

/// Bytes of white space at `pos`: ASCII, and U+00A0, U+0085, U+2000–U+200B, U+2028/9, U+202F,
/// U+205F, U+3000, U+FEFF; 0 if there is none.
size_t space_length(std::string_view text, size_t pos) {
  const auto c = static_cast<unsigned char>(text[pos]);
  if (c < 0x80) return is_space(text[pos]) || c == '\v' ? 1 : 0;
  const std::string_view rest = text.substr(pos, 3);
  if (rest.starts_with("\xC2\xA0") || rest.starts_with("\xC2\x85")) return 2;
  if (rest == "\xEF\xBB\xBF" || rest == "\xE3\x80\x80" || rest == "\xE2\x81\x9F") return 3;
  if (rest.size() == 3 && rest.starts_with("\xE2\x80")) {
    const auto last = static_cast<unsigned char>(rest[2]);
    if (last <= 0x8B || last == 0xA8 || last == 0xA9 || last == 0xAF) return 3;
  }
  return 0;
}

/// Visible ASCII: neither a blank nor the beginning of one.
bool is_plain(char c) { return c > 0x20 && c < 0x7F; }

/// True if collapse_space() would change nothing.
bool is_collapsed(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() == ' ' || text.back() == ' ') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_plain(c)) continue;
    if (c == ' ' ? text[i + 1] == ' ' : space_length(text, i) > 0) return false;
  }
  return true;
}

/// Elements that stand inside a line; every other tag separates words.
constexpr std::array<std::string_view, 27> kInline = {
    "a",   "abbr", "acronym", "b",    "bdi",    "bdo",    "big", "cite", "code",
    "del", "dfn",  "em",      "font", "i",      "ins",    "kbd", "mark", "q",
    "s",   "samp", "small",   "span", "strike", "strong", "sub", "sup",  "u"};

/// The other elements of HTML, current and obsolete, and of the vocabularies inside of it. What has
/// none of these names is no tag.
constexpr auto kBlocks = std::to_array<std::string_view>(
    {"address",  "applet",     "area",     "article",  "aside",   "audio",    "base",
     "blink",    "blockquote", "body",     "br",       "button",  "canvas",   "caption",
     "center",   "circle",     "col",      "colgroup", "data",    "datalist", "dd",
     "details",  "dialog",     "dir",      "div",      "dl",      "dt",       "embed",
     "fieldset", "figcaption", "figure",   "footer",   "form",    "frame",    "frameset",
     "g",        "h1",         "h2",       "h3",       "h4",      "h5",       "h6",
     "head",     "header",     "hgroup",   "hr",       "html",    "iframe",   "image",
     "img",      "input",      "label",    "legend",   "li",      "link",     "main",
     "map",      "marquee",    "math",     "menu",     "meta",    "meter",    "nav",
     "nobr",     "noframes",   "noscript", "object",   "ol",      "optgroup", "option",
     "output",   "p",          "param",    "path",     "picture", "pre",      "progress",
     "rp",       "rt",         "ruby",     "script",   "section", "select",   "slot",
     "source",   "style",      "summary",  "svg",      "table",   "tbody",    "td",
     "template", "textarea",   "tfoot",    "th",       "thead",   "time",     "title",
     "tr",       "track",      "tt",       "ul",       "var",     "video",    "wbr"});

static_assert(std::is_sorted(kInline.begin(), kInline.end()));
static_assert(std::is_sorted(kBlocks.begin(), kBlocks.end()));

/// `name` in lower case; a prefix ("xhtml:p") or a hyphen (custom elements) makes it markup, too.
bool is_element(std::string_view name) {
  return name.find_first_of(":-") != std::string_view::npos ||
         std::binary_search(kInline.begin(), kInline.end(), name) ||
         std::binary_search(kBlocks.begin(), kBlocks.end(), name);
}

/// Walks over markup, copying what is text.
class TagStripper {
 public:
  explicit TagStripper(std::string_view html) : html_(html) {}

  std::string run() {
    out_.reserve(html_.size());
    while (pos_ < html_.size()) {
      const size_t open = std::min(html_.find('<', pos_), html_.size());
      out_.append(html_.substr(pos_, open - pos_));
      pos_ = open;
      if (pos_ < html_.size()) markup();
    }
    return std::move(out_);
  }

 private:
  void markup() {
    const std::string_view rest = html_.substr(pos_);
    if (rest.starts_with("<!--")) return skip_past("-->", no_comment_end_);
    if (rest.starts_with("<![CDATA[")) return cdata();
    const char next = rest.size() > 1 ? rest[1] : ' ';
    if (next == '!' || next == '?') return skip_past(">", no_tag_end_);
    if (is_alpha(next)) return tag(1);
    if (next == '/' && rest.size() > 2 && is_alpha(rest[2])) return tag(2);
    out_ += '<';
    ++pos_;
  }

  void cdata() {  // left over from double wrapping: its content is text
    pos_ += 9;
    const size_t end = no_cdata_end_ ? std::string_view::npos : html_.find("]]>", pos_);
    no_cdata_end_ = end == std::string_view::npos;
    if (no_cdata_end_) return;
    out_.append(html_.substr(pos_, end - pos_));
    pos_ = end + 3;
  }

  void tag(size_t name_at) {
    size_t end = pos_ + name_at;
    while (end < html_.size() && (is_alnum(html_[end]) || html_[end] == ':' || html_[end] == '-'))
      ++end;
    const std::string name = to_lower(html_.substr(pos_ + name_at, end - pos_ - name_at));
    if (!is_element(name)) {  // "vector<int>" is text
      out_ += '<';
      ++pos_;
      return;
    }
    skip_past(">", no_tag_end_);
    if (!std::binary_search(kInline.begin(), kInline.end(), name)) out_ += ' ';
    if (name_at != 1) return;
    if (name == "script") skip_element("</script", no_script_end_);
    if (name == "style") skip_element("</style", no_style_end_);
  }

  /// To after the next `mark`. Without one the '<' is text; `none` remembers that, so that a
  /// million of them do not search to the end a million times.
  void skip_past(std::string_view mark, bool& none) {
    const size_t found = none ? std::string_view::npos : html_.find(mark, pos_);
    none = found == std::string_view::npos;
    if (none) {
      out_ += '<';
      ++pos_;
    } else {
      pos_ = found + mark.size();
    }
  }

  void skip_element(std::string_view close, bool& none) {
    if (none) return;
    const auto same = [](char a, char b) { return to_lower(a) == b; };
    const auto found = std::search(html_.begin() + static_cast<std::ptrdiff_t>(pos_), html_.end(),
                                   close.begin(), close.end(), same);
    none = found == html_.end();
    if (!none) pos_ = static_cast<size_t>(found - html_.begin());
  }

  std::string_view html_;
  std::string out_;
  size_t pos_ = 0;
  bool no_tag_end_ = false;
  bool no_comment_end_ = false;
  bool no_cdata_end_ = false;
  bool no_script_end_ = false;
  bool no_style_end_ = false;
};

}  // namespace

std::string decode_entities(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t pos = 0;
  while (true) {
    const size_t amp = text.find('&', pos);
    out.append(text.substr(pos, amp - pos));
    if (amp == std::string_view::npos) return out;
    const size_t taken = append_reference(out, text.substr(amp + 1));
    if (taken == 0) out += '&';
    pos = amp + 1 + taken;
  }
}

std::string collapse_space(std::string_view text) {
  if (is_collapsed(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (size_t pos = 0; pos < text.size();) {
    size_t end = pos;
    while (end < text.size() && is_plain(text[end])) ++end;
    if (end > pos) {
      if (gap && !out.empty()) out += ' ';
      gap = false;
      out.append(text.substr(pos, end - pos));
      pos = end;
      continue;
    }
    const size_t space = space_length(text, pos);
    if (space > 0) {
      gap = true;
      pos += space;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += text[pos++];
  }
  return out;
}

std::string plain_text(std::string_view html) {
  const bool plain =
      html.find('<') == std::string_view::npos && html.find('&') == std::string_view::npos;
  if (plain) return collapse_space(html);
  return collapse_space(decode_entities(TagStripper(html).run()));
}

}  // namespace nutgraf
