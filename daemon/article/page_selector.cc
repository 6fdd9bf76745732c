#include "daemon/article/page_selector.h"

#include <algorithm>
#include <array>
#include <utility>

#include "daemon/article/xpath.h"
#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

using Parsed = tl::expected<std::vector<std::string>, SelectorProblem>;

constexpr std::string_view kCssHere =
    "CSS here is tag, *, .class, #id, [attr], [attr=value] with ^=, $= and *=, :first-child, "
    ":last-child, \"a b\", \"a > b\" and \"a, b\"; write the rest as XPath (//…)";

bool is_name_char(char c) {
  return is_alnum(c) || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// A value as XPath has it. It never holds both kinds of quotes: CSS escapes are not read.
std::string quoted(std::string_view value) {
  const char mark = value.find('"') == std::string_view::npos ? '"' : '\'';
  return mark + std::string(value) + mark;
}

/// One compound after the other, left to right; each new one takes what stands to its left into a
/// predicate. Loops only: nothing in this subset nests.
class CssReader {
 public:
  explicit CssReader(std::string_view text) : text_(text) {}

  Parsed read() {
    std::vector<std::string> out;
    do {
      blanks();
      out.push_back(complex());
    } while (!failed() && take(','));
    if (!failed() && at_ < text_.size()) refuse("is not understood");
    if (failed()) return tl::unexpected(std::move(problem_));
    return out;
  }

 private:
  bool failed() const { return problem_.position != 0; }
  void refuse(std::string_view why) {
    if (failed()) return;
    const std::string found = at_ < text_.size() ? "\"" + std::string(text_.substr(at_, 12)) + "\" "
                                                 : std::string("the end ");
    problem_ = {at_ + 1, found + std::string(why) + "; " + std::string(kCssHere)};
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  bool blanks() {
    const std::size_t before = at_;
    while (is_space(peek())) ++at_;
    return at_ > before;
  }
  std::string_view name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    if (begin == at_) refuse("stands where a name should");
    return text_.substr(begin, at_ - begin);
  }

  std::string complex();
  std::string compound();
  bool add_condition(std::string& out);
  std::string attribute();
  std::string value();
  std::string pseudo();

  const std::string_view text_;
  std::size_t at_ = 0;
  SelectorProblem problem_;
};

std::string CssReader::complex() {
  std::string left;  // What the next compound's elements must have above them, as a predicate.
  for (;;) {
    const std::string here = compound() + left;
    if (failed()) return {};
    const bool apart = blanks();
    if (take('>')) {
      blanks();
      left = "[parent::" + here + "]";
    } else if (apart && at_ < text_.size() && peek() != ',') {
      left = "[ancestor::" + here + "]";
    } else {
      return "/descendant::" + here;
    }
  }
}

std::string CssReader::compound() {
  const std::size_t begin = at_;
  std::string out = "*";
  if (!take('*') && (is_alpha(peek()))) out = to_lower(name());
  while (!failed() && add_condition(out)) {
  }
  if (at_ == begin) refuse("stands where an element should");
  return out;
}

bool CssReader::add_condition(std::string& out) {
  if (take('.')) {
    const std::string word = " " + std::string(name()) + " ";
    out += "[contains(concat(\" \", normalize-space(@class), \" \"), " + quoted(word) + ")]";
  } else if (take('#')) {
    out += "[@id=" + quoted(name()) + "]";
  } else if (take('[')) {
    out += "[" + attribute() + "]";
  } else if (take(':')) {
    out += "[" + pseudo() + "]";
  } else {
    return false;
  }
  return true;
}

std::string CssReader::attribute() {
  blanks();
  if (!is_alpha(peek()) && peek() != '_') refuse("stands where an attribute's name should");
  std::string attr = "@" + to_lower(name());
  blanks();
  if (take(']')) return attr;
  const char how = peek();
  if (how == '^' || how == '$' || how == '*') ++at_;
  if (!take('=')) refuse("stands where ], =, ^=, $= or *= should");
  blanks();
  const std::size_t begin = at_;
  const std::string wanted = value();
  blanks();
  if (!failed() && !take(']')) refuse("stands where ] should");
  if (failed() || how == '=') return attr + "=" + quoted(wanted);
  if (wanted.empty()) {
    at_ = begin;
    refuse("is an empty value, which no element has in it; write [attr] for any value");
  }
  if (how == '^') return "starts-with(" + attr + ", " + quoted(wanted) + ")";
  if (how == '*') return "contains(" + attr + ", " + quoted(wanted) + ")";
  return "substring(" + attr + ", string-length(" + attr + ") - " +
         std::to_string(characters(wanted) - 1) + ")=" + quoted(wanted);
}

std::string CssReader::value() {
  const char mark = peek();
  if (mark != '"' && mark != '\'') return std::string(name());
  const std::size_t close = text_.find(mark, at_ + 1);
  if (close == std::string_view::npos) {
    refuse("begins a value whose closing quote is missing");
    return {};
  }
  const std::string_view inside = text_.substr(at_ + 1, close - at_ - 1);
  if (inside.find('\\') != std::string_view::npos) refuse("has a backslash; escapes are not read");
  at_ = close + 1;
  return std::string(inside);
}

std::string CssReader::pseudo() {
  const std::size_t begin = at_;
  const std::string_view which = name();
  if (which == "first-child") return "not(preceding-sibling::*)";
  if (which == "last-child") return "not(following-sibling::*)";
  at_ = begin;
  refuse("is no pseudo-class that is read");
  return {};
}

// ---- XPath as the operator wrote it

/// Functions, node tests and operators that may stand before '('. id(), lang() and sum() are not
/// among them: no page needs them, and their cost is not bounded by libxml2's own count of steps.
constexpr std::array<std::string_view, 30> kCalls = {"and",
                                                     "boolean",
                                                     "ceiling",
                                                     "comment",
                                                     "concat",
                                                     "contains",
                                                     "count",
                                                     "div",
                                                     "false",
                                                     "floor",
                                                     "last",
                                                     "local-name",
                                                     "mod",
                                                     "name",
                                                     "node",
                                                     "normalize-space",
                                                     "not",
                                                     "number",
                                                     "or",
                                                     "position",
                                                     "round",
                                                     "starts-with",
                                                     "string",
                                                     "string-length",
                                                     "substring",
                                                     "substring-after",
                                                     "substring-before",
                                                     "text",
                                                     "translate",
                                                     "true"};
static_assert(std::ranges::is_sorted(kCalls));

/// Walks over the expression's tokens and says what is not allowed in it.
class XPathLook {
 public:
  explicit XPathLook(std::string_view text) : text_(text) {}

  SelectorProblem look() {
    while (at_ < text_.size() && problem_.position == 0) step();
    if (depth_ > 0 && problem_.position == 0) refuse(at_, "a bracket is not closed");
    return std::move(problem_);
  }

 private:
  void refuse(std::size_t at, std::string message) { problem_ = {at + 1, std::move(message)}; }
  void step();
  void word();
  void literal();

  const std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  SelectorProblem problem_;
};

void XPathLook::step() {
  const char c = text_[at_];
  if (c == '"' || c == '\'') return literal();
  if (is_alpha(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80) return word();
  if (c == '$') return refuse(at_, "there are no variables; write the value itself");
  if ((c == '(' || c == '[') && ++depth_ > kDeepestSelector) {
    return refuse(at_, "brackets nest deeper than " + std::to_string(kDeepestSelector) +
                           "; use several selectors");
  }
  if (c == ')' || c == ']') --depth_;
  if (c == '|') {
    return refuse(at_, "a union is not read; write both sides as selectors of their own");
  }
  ++at_;
}

void XPathLook::literal() {
  const std::size_t close = text_.find(text_[at_], at_ + 1);
  if (close == std::string_view::npos) return refuse(at_, "the closing quote is missing");
  at_ = close + 1;
}

void XPathLook::word() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && (is_name_char(text_[at_]) || text_[at_] == '.')) ++at_;
  const std::string_view word = text_.substr(begin, at_ - begin);
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("::")) {
    at_ += 2;
  } else if (rest.starts_with(':')) {
    refuse(begin, "elements of a page have no namespace; leave \"" + std::string(word) +
                      ":\" out, or write *[name()=\"" + std::string(word) + ":…\"]");
  } else if (rest.starts_with('(') && !std::ranges::binary_search(kCalls, word)) {
    refuse(begin, "\"" + std::string(word) +
                      "()\" is not read; there are contains, starts-with, normalize-space, not, "
                      "position, last, count and the other core functions but id, lang and sum");
  }
}

std::string shown(const SelectorProblem& problem, const std::string& selector) {
  return "\"" + selector.substr(0, 80) + (selector.size() > 80 ? "…" : "") + "\" is wrong at " +
         std::to_string(problem.position) + ": " + problem.message;
}

}  // namespace

bool is_xpath(std::string_view selector) {
  return selector.starts_with('/') || selector.starts_with('(');
}

Parsed xpaths_of(std::string_view selector) {
  if (selector.size() > kLongestSelector) {
    return tl::unexpected(SelectorProblem{
        kLongestSelector + 1,
        "it is longer than " + std::to_string(kLongestSelector) + " bytes; use several selectors"});
  }
  const auto control = std::ranges::find_if(
      selector, [](char c) { return static_cast<unsigned char>(c) < ' ' && !is_space(c); });
  if (control != selector.end()) {
    return tl::unexpected(SelectorProblem{static_cast<std::size_t>(control - selector.begin()) + 1,
                                          "a control character stands here; take it out"});
  }
  if (!is_xpath(selector)) return CssReader(selector).read();
  SelectorProblem problem = XPathLook(selector).look();
  if (problem.position != 0) return tl::unexpected(std::move(problem));
  return std::vector<std::string>{std::string(selector)};
}

std::string check_selector(const std::string& selector) {
  const Parsed xpaths = xpaths_of(selector);
  if (!xpaths) return shown(xpaths.error(), selector);
  for (const std::string& xpath : *xpaths) {
    const SelectorProblem problem = check_xpath(xpath);
    if (problem.position != 0) return shown(problem, selector);
  }
  return {};
}

}  // namespace nutgraf
