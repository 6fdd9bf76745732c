#include "daemon/feed/repair.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/utf8.h"
#include "daemon/feed/tag_scanner.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMaxDepth = 512;

/// No element of any feed has a longer name; each is written twice.
constexpr std::size_t kLongestName = 1024;

using Names = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view name, Names names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view n) { return equals_ignoring_case(n, name); });
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_root(std::string_view name) {
  return is_one_of(local_name(name), {"rss", "feed", "rdf", "channel", "urlset"});
}

bool is_item(std::string_view name) { return is_one_of(local_name(name), {"item", "entry"}); }

/// Elements of HTML that never have an end tag.
bool is_void(std::string_view name) {
  return is_one_of(name, {"br", "hr", "img", "input", "wbr", "area", "col", "embed", "meta"});
}

/// Fields of feeds and items that hold text, no other field: where one opens, the last one is over.
bool is_field(std::string_view name) {
  return is_one_of(name, {"title",         "link",           "description", "pubdate",
                          "guid",          "category",       "comments",    "author",
                          "summary",       "content",        "id",          "updated",
                          "published",     "issued",         "created",     "modified",
                          "language",      "copyright",      "generator",   "ttl",
                          "lastbuilddate", "managingeditor", "webmaster",   "docs",
                          "subtitle",      "tagline",        "rights",      "icon",
                          "logo",          "enclosure"}) ||
         starts_with_ignoring_case(name, "dc:") ||
         is_one_of(name, {"content:encoded", "itunes:summary", "itunes:author", "media:title",
                          "media:description"});
}

/// Fields that may hold others all the same: an author's name, an xhtml content.
bool may_nest(std::string_view name) { return is_one_of(name, {"author", "content", "summary"}); }

/// Where the feed begins; npos if no tag here is the root of one.
std::size_t find_root(std::string_view text) {
  bool no_comment_end =
      false;  // Once there is none, none is looked for at each "<!--" that follows.
  for (std::size_t pos = text.find('<'); pos != std::string_view::npos;
       pos = text.find('<', pos + 1)) {
    if (text.substr(pos).starts_with("<!--")) {
      const std::size_t end = no_comment_end ? std::string_view::npos : text.find("-->", pos + 4);
      no_comment_end = end == std::string_view::npos;
      if (!no_comment_end) pos = end;
      continue;
    }
    std::size_t end = pos + 1;
    while (end < text.size() && end - pos < 64 && is_name_char(text[end])) ++end;
    if (end < text.size() && is_root(text.substr(pos + 1, end - pos - 1))) return pos;
  }
  return std::string_view::npos;
}

/// The name of the tag at `pos`, which is at a '<' or "</"; empty if there is none.
std::string_view tag_name(std::string_view text, std::size_t pos) {
  ++pos;
  if (pos < text.size() && text[pos] == '/') ++pos;
  if (pos >= text.size() || !is_name_start(text[pos])) return {};
  std::size_t end = pos;
  while (end < text.size() && end - pos < 64 && is_name_char(text[end])) ++end;
  return text.substr(pos, end - pos);
}

/// Where the first whole item of a feed begins whose beginning is lost; npos if this is none. What
/// tells it from any XML with an <item> in it: a feed's end tag, or that the item is in nothing.
std::size_t find_orphan(std::string_view text) {
  std::size_t item = std::string_view::npos;
  int open = 0;  // elements around the item, as far as the text has them
  for (std::size_t pos = text.find('<'); pos != std::string_view::npos;
       pos = text.find('<', pos + 1)) {
    const std::string_view name = tag_name(text, pos);
    const bool end = text.substr(pos, 2) == "</";
    if (item != std::string_view::npos) {
      if (end && (is_root(name) || (open == 0 && is_item(name)))) return item;
    } else if (!end && is_item(name)) {
      item = pos;
    } else if (!name.empty()) {
      const std::size_t close = text.find_first_of("<>", pos + 1);
      const bool empty = close != std::string_view::npos && text[close - 1] == '/';
      open = end ? std::max(open - 1, 0) : open + (empty ? 0 : 1);
    }
  }
  return std::string_view::npos;
}

/// Length of a character reference at the '&' of `text`, 0 if it is a bare one.
std::size_t reference_length(std::string_view text) {
  std::size_t i = 1;
  if (i < text.size() && text[i] == '#') ++i;
  const std::size_t first = i;
  while (i < text.size() && i < 40 && is_alnum(text[i])) ++i;
  return i > first && i < text.size() && text[i] == ';' ? i + 1 : 0;
}

class Repairer {
 public:
  explicit Repairer(std::string_view text) : text_(text), tags_(text) {}

  std::string run() {
    out_.reserve(text_.size() + text_.size() / 8);
    const std::size_t root = find_root(text_);
    const std::size_t orphan = root == std::string_view::npos ? find_orphan(text_) : root;
    pos_ = orphan == std::string_view::npos ? 0 : orphan;
    if (root != orphan) {
      open(equals_ignoring_case(local_name(tag_name(text_, pos_)), "entry") ? "feed" : "rss");
    }
    while (pos_ < text_.size()) {
      const std::size_t open = std::min(text_.find('<', pos_), text_.size());
      append_escaped(text_.substr(pos_, open - pos_), "&<");
      pos_ = open;
      if (pos_ < text_.size()) markup();
    }
    while (!stack_.empty()) close_top();
    return std::move(out_);
  }

 private:
  /// `special`: of "&<\"" what may not stand for itself there.
  void append_escaped(std::string_view text, const char* special) {
    std::size_t from = 0;
    for (std::size_t i = text.find_first_of(special); i != std::string_view::npos;
         i = text.find_first_of(special, i + 1)) {
      if (text[i] == '&' && reference_length(text.substr(i)) > 0) continue;
      out_.append(text.substr(from, i - from));
      out_.append(text[i] == '&' ? "&amp;" : text[i] == '<' ? "&lt;" : "&quot;");
      from = i + 1;
    }
    out_.append(text.substr(from));
  }

  void markup() {
    const std::string_view rest = text_.substr(pos_);
    if (rest.starts_with("<!--")) return skip_past("-->", no_comment_end_);
    if (rest.starts_with("<![CDATA[")) return cdata();
    if (rest.starts_with("<?")) return skip_past("?>", no_instruction_end_);
    if (rest.starts_with("<!") && rest.size() > 2 && is_alpha(rest[2])) {
      return skip_past(">", no_tag_end_);
    }
    if (rest.starts_with("</") && rest.size() > 2 && is_name_start(rest[2])) return end_tag();
    if (const auto tag = tags_.start_tag(pos_)) return start_tag(*tag);
    literal_less_than();
  }

  void literal_less_than() {
    // The beginning of a tag at the very end is what a cut left over.
    if (text_.size() - pos_ < 1024 &&
        text_.find_first_of("<>", pos_ + 1) == std::string_view::npos && pos_ + 1 < text_.size() &&
        (is_name_start(text_[pos_ + 1]) || text_[pos_ + 1] == '/')) {
      pos_ = text_.size();
      return;
    }
    out_ += "&lt;";
    ++pos_;
  }

  void skip_past(std::string_view mark, bool& none) {
    const std::size_t found = none ? std::string_view::npos : text_.find(mark, pos_);
    none = found == std::string_view::npos;
    if (none) return literal_less_than();
    pos_ = found + mark.size();
  }

  /// A CDATA section without an end holds what its element holds.
  void cdata() {
    const std::size_t start = pos_ + 9;
    std::size_t end = no_cdata_end_ ? std::string_view::npos : text_.find("]]>", start);
    no_cdata_end_ = end == std::string_view::npos;
    pos_ = end + 3;
    if (no_cdata_end_) {
      const std::string close =
          "</" + (stack_.empty() ? std::string("?") : std::string(stack_.back()));
      end = std::min(text_.find(close, start), text_.size());
      pos_ = end;
    }
    out_.append("<![CDATA[").append(text_.substr(start, end - start)).append("]]>");
  }

  void start_tag(const Tag& tag) {
    pos_ = tag.end;
    if (is_item(tag.name)) {
      close_to_root();
    } else if (is_field(tag.name) && !stack_.empty() && is_field(stack_.back()) &&
               !may_nest(stack_.back())) {
      close_top();
    }
    if (stack_.size() >= kMaxDepth || tag.name.size() > kLongestName) return;
    out_.append("<").append(tag.name);
    for (const Attribute& a : tag.attributes) append_attribute(a);
    if (tag.closed || is_void(tag.name)) {
      out_ += "/>";
      return;
    }
    out_ += '>';
    stack_.push_back(tag.name);
    ++open_[tag.name];
  }

  /// A root that the text has lost.
  void open(std::string_view name) {
    out_.append("<").append(name).append(">");
    stack_.push_back(name);
    ++open_[name];
  }

  void append_attribute(const Attribute& a) {
    if (!std::all_of(a.name.begin(), a.name.end(), is_name_char)) return;
    const bool quotes = a.value.find('"') != std::string_view::npos;
    const char quote = quotes && a.value.find('\'') == std::string_view::npos ? '\'' : '"';
    out_.append(" ").append(a.name).append("=").append(1, quote);
    append_escaped(a.value, quote == '"' ? "&<\"" : "&<");
    out_ += quote;
  }

  void end_tag() {
    std::size_t end = pos_ + 2;
    while (end < text_.size() && is_name_char(text_[end])) ++end;
    const std::string_view name = text_.substr(pos_ + 2, end - pos_ - 2);
    // "</b" without its '>' before the next '<' still closes.
    const std::size_t close = text_.find_first_of("<>", end);
    pos_ = close == std::string_view::npos ? text_.size() : close + (text_[close] == '>' ? 1 : 0);
    close_element(name);
  }

  void close_element(std::string_view name) {
    const auto open = open_.find(name);
    if (open == open_.end() || open->second == 0) return;
    while (stack_.back() != name) close_top();
    close_top();
  }

  /// Items stand in the root or in the channel, nowhere else.
  void close_to_root() {
    while (!stack_.empty() && !is_root(stack_.back())) close_top();
  }

  void close_top() {
    --open_[stack_.back()];
    out_.append("</").append(stack_.back()).append(">");
    stack_.pop_back();
  }

  std::string_view text_;
  TagScanner tags_;
  std::size_t pos_ = 0;
  std::string out_;
  std::vector<std::string_view> stack_;
  std::unordered_map<std::string_view, int> open_;  // how many of each name are on the stack
  // Marks known not to come any more: searched once, not once a '<'.
  bool no_comment_end_ = false;
  bool no_instruction_end_ = false;
  bool no_cdata_end_ = false;
  bool no_tag_end_ = false;
};

bool is_dropped(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

std::string repair_xml(std::string_view text) { return Repairer(text).run(); }

namespace {

bool mend_c1_characters(std::string& text) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find('\xC2'); at != std::string::npos;
       at = text.find('\xC2', at + 1)) {
    const auto second = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
    // U+0085 is a line end on mainframes: "…" is what it means in the news.
    if (second < 0x80 || second > 0x9F) continue;
    out.append(text, copied, at - copied);
    append_utf8(out, windows_1252(static_cast<unsigned char>(second)));
    copied = at + 2;
  }
  if (copied > 0) text = out.append(text, copied);
  return copied > 0;
}

bool mend_c1_references(std::string& text) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find("&#1"); at != std::string::npos; at = text.find("&#1", at + 3)) {
    if (at + 5 >= text.size() || text[at + 5] != ';') continue;
    const std::string reference = text.substr(at, 6);
    if (reference < "&#128;" || reference > "&#159;") continue;
    out.append(text, copied, at - copied).append(decode_entities(reference));
    copied = at + 6;
  }
  if (copied > 0) text = out.append(text, copied);
  return copied > 0;
}

}  // namespace

Suspects suspects_in(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto is = [&](std::size_t i, unsigned char c) { return int{byte(i) == c}; };
  // Without a branch and in bytes: so the compiler takes sixteen at a time.
  unsigned char controls = 0;
  unsigned char characters = 0;
  unsigned char references = 0;
  const std::size_t end = text.size() < 3 ? 0 : text.size() - 2;
  for (std::size_t i = 0; i < end; ++i) {
    const int white = is(i, '\t') | is(i, '\n') | is(i, '\r');
    controls |= static_cast<unsigned char>(int{byte(i) < 0x20} & ~white);
    characters |= static_cast<unsigned char>(is(i, 0xC2) & int{byte(i + 1) < 0xA0});
    references |= static_cast<unsigned char>(is(i, '&') & is(i + 1, '#') & is(i + 2, '1'));
  }
  for (const char c : text.substr(end)) controls |= is_dropped(c) ? 1 : 0;
  const bool last_two =
      text.size() >= 2 && byte(text.size() - 2) == 0xC2 && byte(text.size() - 1) < 0xA0;
  return {controls != 0, characters != 0 || last_two, references != 0};
}

bool mend_c1(std::string& text, const Suspects& suspects) {
  const bool characters = suspects.c1_characters && mend_c1_characters(text);
  const bool references = suspects.c1_references && mend_c1_references(text);
  return characters || references;
}

bool drop_controls(std::string& text) { return std::erase_if(text, is_dropped) > 0; }

}  // namespace nutgraf
