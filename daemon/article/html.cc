#include "daemon/article/html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/article/letters.h"
#include "daemon/article/xpath.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

struct TagName {
  std::string_view name;
  Tag tag;
};

// Sorted by name, for binary search.
constexpr TagName kTagNames[] = {
    {"a", Tag::kA},
    {"address", Tag::kAddress},
    {"article", Tag::kArticle},
    {"aside", Tag::kAside},
    {"audio", Tag::kAudio},
    {"blockquote", Tag::kBlockquote},
    {"body", Tag::kBody},
    {"br", Tag::kBr},
    {"button", Tag::kButton},
    {"canvas", Tag::kCanvas},
    {"caption", Tag::kCaption},
    {"center", Tag::kCenter},
    {"dd", Tag::kDd},
    {"details", Tag::kDetails},
    {"dialog", Tag::kDialog},
    {"div", Tag::kDiv},
    {"dl", Tag::kDl},
    {"dt", Tag::kDt},
    {"embed", Tag::kEmbed},
    {"fieldset", Tag::kFieldset},
    {"figcaption", Tag::kFigcaption},
    {"figure", Tag::kFigure},
    {"footer", Tag::kFooter},
    {"form", Tag::kForm},
    {"h1", Tag::kH1},
    {"h2", Tag::kH2},
    {"h3", Tag::kH3},
    {"h4", Tag::kH4},
    {"h5", Tag::kH5},
    {"h6", Tag::kH6},
    {"head", Tag::kHead},
    {"header", Tag::kHeader},
    {"hgroup", Tag::kHgroup},
    {"hr", Tag::kHr},
    {"html", Tag::kHtml},
    {"iframe", Tag::kIframe},
    {"img", Tag::kImg},
    {"input", Tag::kInput},
    {"label", Tag::kLabel},
    {"li", Tag::kLi},
    {"link", Tag::kLink},
    {"main", Tag::kMain},
    {"math", Tag::kMath},
    {"menu", Tag::kMenu},
    {"meta", Tag::kMeta},
    {"nav", Tag::kNav},
    {"noscript", Tag::kNoscript},
    {"object", Tag::kObject},
    {"ol", Tag::kOl},
    {"option", Tag::kOption},
    {"p", Tag::kP},
    {"pre", Tag::kPre},
    {"script", Tag::kScript},
    {"section", Tag::kSection},
    {"select", Tag::kSelect},
    {"style", Tag::kStyle},
    {"summary", Tag::kSummary},
    {"svg", Tag::kSvg},
    {"table", Tag::kTable},
    {"tbody", Tag::kTbody},
    {"td", Tag::kTd},
    {"template", Tag::kTemplate},
    {"textarea", Tag::kTextarea},
    {"tfoot", Tag::kTfoot},
    {"th", Tag::kTh},
    {"thead", Tag::kThead},
    {"time", Tag::kTime},
    {"title", Tag::kTitle},
    {"tr", Tag::kTr},
    {"ul", Tag::kUl},
    {"video", Tag::kVideo},
};
static_assert(std::ranges::is_sorted(kTagNames, {}, &TagName::name));

struct AttrName {
  std::string_view name;
  Attr attr;
};

constexpr AttrName kAttrNames[] = {
    {"aria-hidden", Attr::kAriaHidden},
    {"class", Attr::kClass},
    {"content", Attr::kContent},
    {"datetime", Attr::kDatetime},
    {"hidden", Attr::kHidden},
    {"href", Attr::kHref},
    {"http-equiv", Attr::kHttpEquiv},
    {"id", Attr::kId},
    {"itemprop", Attr::kItemprop},
    {"lang", Attr::kLang},
    {"name", Attr::kName},
    {"property", Attr::kProperty},
    {"pubdate", Attr::kPubdate},
    {"rel", Attr::kRel},
    {"role", Attr::kRole},
    {"src", Attr::kSrc},
    {"style", Attr::kStyle},
    {"title", Attr::kTitle},
    {"type", Attr::kType},
    {"xml:lang", Attr::kLang},
};
static_assert(std::ranges::is_sorted(kAttrNames, {}, &AttrName::name));

Tag tag_of(std::string_view name) {
  const auto* at = std::ranges::lower_bound(kTagNames, name, {}, &TagName::name);
  if (at != std::end(kTagNames) && at->name == name) return at->tag;
  return name.find('-') == std::string_view::npos ? Tag::kOther : Tag::kCustom;
}

std::optional<Attr> attr_of(std::string_view name) {
  const auto* at = std::ranges::lower_bound(kAttrNames, name, {}, &AttrName::name);
  if (at == std::end(kAttrNames) || at->name != name) return std::nullopt;
  return at->attr;
}

/// Longest attribute value that is kept: descriptions and links are shorter, inlined images longer.
constexpr std::size_t kMaxValue = 4096;

/// libxml2 searches its stack of open elements at every stray end tag. The sum of the depths at its
/// errors is that work; 100 million steps are about half a second.
constexpr std::size_t kMaxErrorWork = 100'000'000;

std::string_view view_of(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

}  // namespace

/// Turns libxml2's SAX events into the flat tree; no libxml2 tree is ever built.
class HtmlBuilder {
 public:
  HtmlBuilder(const HtmlLimits& limits, XPathTree* tree) : limits_(limits), tree_(tree) {
    document_.nodes_.push_back({.tag = Tag::kDocument});
    open_.push_back(0);
  }

  void start(const xmlChar* name, const xmlChar** attributes);
  void end();
  void characters(const char* text, std::size_t size);
  void raw(const char* text, std::size_t size);
  void error() {
    error_work_ += depth_;
    if (error_work_ > kMaxErrorWork) stop();
  }
  void reserve(std::size_t bytes);
  HtmlDocument finish();

  xmlParserCtxtPtr context = nullptr;  // To stop it.

 private:
  void stop() {
    stopped_ = true;
    if (context != nullptr) xmlStopParser(context);
  }
  Tag cached_tag(const xmlChar* name);
  void add_attributes(const xmlChar** attributes);
  void append_text(const char* text, std::size_t size);

  const HtmlLimits limits_;
  XPathTree* const tree_;  // May be null.
  HtmlDocument document_;
  std::vector<Index> open_;  // Open elements, at most limits_.depth.
  std::size_t depth_ = 0;    // As libxml2 counts it; may exceed open_.size().
  std::size_t error_work_ = 0;
  bool stopped_ = false;
  std::array<std::pair<const xmlChar*, Tag>, 256> tags_{};  // By address: libxml2 interns names.
};

void HtmlBuilder::reserve(std::size_t bytes) {
  document_.bytes_.reserve(bytes / 2);
  document_.nodes_.reserve(bytes / 32);
  document_.attributes_.reserve(bytes / 48);
}

Tag HtmlBuilder::cached_tag(const xmlChar* name) {
  auto& slot = tags_[(reinterpret_cast<std::uintptr_t>(name) >> 1) % tags_.size()];
  if (slot.first != name) slot = {name, tag_of(view_of(name))};
  return slot.second;
}

void HtmlBuilder::add_attributes(const xmlChar** attributes) {
  HtmlDocument::Node& node = document_.nodes_.back();
  for (; attributes != nullptr && attributes[0] != nullptr; attributes += 2) {
    const std::optional<Attr> name = attr_of(view_of(attributes[0]));
    if (!name) continue;
    const std::string_view value = cut_utf8(view_of(attributes[1]), kMaxValue);
    document_.attributes_.push_back({*name, static_cast<std::uint32_t>(document_.bytes_.size()),
                                     static_cast<std::uint32_t>(value.size())});
    document_.bytes_ += value;
    ++node.count;
  }
}

void HtmlBuilder::start(const xmlChar* name, const xmlChar** attributes) {
  if (stopped_) return;
  ++depth_;
  if (document_.nodes_.size() >= limits_.nodes || depth_ > 64 * limits_.depth) return stop();
  const auto index = static_cast<Index>(document_.nodes_.size());
  document_.nodes_.push_back({.tag = cached_tag(name),
                              .parent = open_.back(),
                              .end = index + 1,
                              .first = static_cast<std::uint32_t>(document_.attributes_.size())});
  add_attributes(attributes);
  if (tree_ != nullptr) {
    tree_->add_element(open_.back(), reinterpret_cast<const char*>(name),
                       reinterpret_cast<const char**>(attributes));
  }
  if (depth_ < limits_.depth) open_.push_back(index);
}

void HtmlBuilder::end() {
  if (stopped_ || depth_ == 0) return;
  if (depth_-- >= limits_.depth || open_.size() == 1) return;
  document_.nodes_[open_.back()].end = document_.size();
  open_.pop_back();
}

void HtmlBuilder::append_text(const char* text, std::size_t size) {
  std::vector<HtmlDocument::Node>& nodes = document_.nodes_;
  // libxml2 hands a text over in pieces; they are one node as long as no tag stands between.
  if (nodes.back().tag != Tag::kText || nodes.back().parent != open_.back()) {
    nodes.push_back({.tag = Tag::kText,
                     .parent = open_.back(),
                     .end = document_.size() + 1,
                     .first = static_cast<std::uint32_t>(document_.bytes_.size())});
    if (tree_ != nullptr) tree_->add_text(open_.back());
  }
  document_.bytes_.append(text, size);
  nodes.back().count += static_cast<std::uint32_t>(size);
}

void HtmlBuilder::characters(const char* text, std::size_t size) {
  if (!stopped_) append_text(text, size);
}

void HtmlBuilder::raw(const char* text, std::size_t size) {
  if (stopped_) return;
  const Index owner = open_.back();
  const Tag tag = document_.tag(owner);
  if (tag == Tag::kStyle) return;
  if (tag == Tag::kScript &&
      document_.attr(owner, Attr::kType).find("json") == std::string_view::npos) {
    return;
  }
  append_text(text, size);
}

HtmlDocument HtmlBuilder::finish() {
  for (const Index i : open_) document_.nodes_[i].end = document_.size();
  for (Index i = 0; tree_ != nullptr && i < document_.size(); ++i) {
    const Tag owner = document_.is_text(i) ? document_.tag(document_.parent(i)) : Tag::kScript;
    if (owner != Tag::kScript) tree_->set_text(i, document_.text(i));
  }
  return std::move(document_);
}

namespace {

HtmlBuilder& builder_of(void* context) { return *static_cast<HtmlBuilder*>(context); }

void on_start(void* context, const xmlChar* name, const xmlChar** attributes) {
  builder_of(context).start(name, attributes);
}
void on_end(void* context, const xmlChar*) { builder_of(context).end(); }
void on_characters(void* context, const xmlChar* text, int size) {
  builder_of(context).characters(reinterpret_cast<const char*>(text),
                                 static_cast<std::size_t>(size));
}
void on_raw(void* context, const xmlChar* text, int size) {
  builder_of(context).raw(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
}
void on_error(void* context, xmlErrorPtr) { builder_of(context).error(); }

xmlSAXHandler handler() {
  xmlSAXHandler sax{};
  sax.startElement = on_start;
  sax.endElement = on_end;
  sax.characters = on_characters;
  sax.ignorableWhitespace = on_characters;
  sax.cdataBlock = on_raw;
  sax.serror = on_error;
  sax.initialized = XML_SAX2_MAGIC;  // Without it libxml2 does not call serror.
  return sax;
}

struct FreeContext {
  void operator()(htmlParserCtxtPtr context) const { htmlFreeParserCtxt(context); }
};

constexpr int kOptions = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                         HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD;

/// Position after the attribute that begins at `at`, or the tag's end.
std::size_t skip_attribute(std::string_view html, std::size_t at) {
  while (at < html.size() && !is_space(html[at]) && html[at] != '>' && html[at] != '=') ++at;
  if (at >= html.size() || html[at] != '=') return at;
  ++at;
  if (at < html.size() && (html[at] == '"' || html[at] == '\'')) {
    const std::size_t close = html.find(html[at], at + 1);
    return close == std::string_view::npos ? html.size() : close + 1;
  }
  while (at < html.size() && !is_space(html[at]) && html[at] != '>') ++at;
  return at;
}

/// Most attributes an element keeps where a tag is suspiciously long. libxml2 compares each name
/// with all earlier ones of the tag, which is quadratic.
constexpr int kMaxAttributes = 256;
/// A tag shorter than this cannot hold enough attributes to matter.
constexpr std::size_t kLongTag = 1024;

/// libxml2 takes a name like "@click" for rubbish and then stumbles over the value: a '>' in it
/// ends the tag, and the rest of it becomes text.
bool is_bad_name(char c) { return !is_alpha(c) && c != '_' && c != ':' && c != '/' && c != '>'; }

/// Blanks the attributes of one tag that libxml2 cannot read, and those beyond kMaxAttributes.
void tame_tag(std::string& html, std::size_t at) {
  int count = 0;
  while (at < html.size() && html[at] != '>') {
    const std::size_t next = std::max(skip_attribute(html, at), at + 1);
    if (++count > kMaxAttributes || (is_bad_name(html[at]) && count > 1)) {
      std::fill(html.begin() + static_cast<std::ptrdiff_t>(at),
                html.begin() + static_cast<std::ptrdiff_t>(std::min(next, html.size())), ' ');
    }
    at = next;
    while (at < html.size() && (is_space(html[at]) || html[at] == '/')) ++at;
  }
}

/// Where the next `c` stands, for positions that only grow: asked at each '<' of a page that has
/// but one '>', it must not read to it each time.
class NextOf {
 public:
  NextOf(const std::string& html, char c) : html_(html), c_(c) {}
  /// From `at` on; the size of the page if there is none.
  std::size_t operator()(std::size_t at) {
    const bool holds = next_ >= at && (next_ == html_.size() || html_[next_] == c_);
    if (!asked_ || !holds) next_ = std::min(html_.find(c_, at), html_.size());
    asked_ = true;
    return next_;
  }

 private:
  const std::string& html_;
  const char c_;
  std::size_t next_ = 0;
  bool asked_ = false;
};

/// The bytes as libxml2 may have them: no NUL (it would end the page), no endless tags.
std::string tame(std::string_view utf8, std::size_t limit) {
  std::string html(cut_utf8(utf8, limit));
  std::ranges::replace(html, '\0', ' ');
  NextOf end_of_tag(html, '>');
  NextOf next_handler(html, '@');
  for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const std::size_t close = end_of_tag(at);
    const bool suspicious = close - at > kLongTag || next_handler(at) < close;
    if (suspicious && close - at > 1 && is_alpha(html[at + 1])) {
      tame_tag(html, at + 1);
      // Another '<' in it begins no tag: were each read to the end, "<a/<a/<a/" were quadratic.
      at = close - 1;
    }
    if (close == html.size()) break;
  }
  return html;
}

}  // namespace

HtmlDocument HtmlDocument::parse(std::string_view utf8, const HtmlLimits& limits, XPathTree* tree) {
  set_up_libxml2();
  const std::string html = tame(utf8, limits.bytes);
  HtmlBuilder builder(limits, tree);
  builder.reserve(html.size());
  const std::unique_ptr<xmlParserCtxt, FreeContext> context(
      html.empty() ? nullptr
                   : htmlCreateMemoryParserCtxt(html.data(), static_cast<int>(html.size())));
  if (!context) return builder.finish();
  htmlCtxtUseOptions(context.get(), kOptions);
  xmlSwitchEncoding(context.get(), XML_CHAR_ENCODING_UTF8);
  *context->sax = handler();
  context->userData = &builder;
  builder.context = context.get();
  htmlParseDocument(context.get());
  return builder.finish();
}

HtmlDocument HtmlDocument::without(std::span<const Index> nodes, std::vector<Index>* origins) && {
  std::vector<Index> kept;
  std::vector<Index> now(size() + 1, 0);  // By former number; of a dropped node, the next kept one.
  auto drop = nodes.begin();
  Index dropped_to = 0;
  for (Index i = 0; i < size(); ++i) {
    now[i] = static_cast<Index>(kept.size());
    for (; drop != nodes.end() && *drop == i; ++drop) dropped_to = std::max(dropped_to, end(i));
    if (i >= dropped_to || i == 0) kept.push_back(i);
  }
  now[size()] = static_cast<Index>(kept.size());
  HtmlDocument out;
  for (const Index i : kept) {
    Node node = nodes_[i];
    if (node.parent != kNone) node.parent = now[node.parent];
    node.end = now[node.end];
    out.nodes_.push_back(node);
  }
  out.attributes_ = std::move(attributes_);
  out.bytes_ = std::move(bytes_);
  if (origins != nullptr) *origins = std::move(kept);
  return out;
}

bool is_inline(Tag tag) {
  switch (tag) {
    case Tag::kOther:
    case Tag::kText:
    case Tag::kA:
    case Tag::kBr:
    case Tag::kImg:
    case Tag::kInput:
    case Tag::kLabel:
    case Tag::kMath:
    case Tag::kSvg:
    case Tag::kTime:
    case Tag::kButton:
    case Tag::kScript:
    case Tag::kStyle:
    case Tag::kLink:
    case Tag::kMeta:
    case Tag::kNoscript:
      return true;
    default:
      return false;
  }
}

std::string_view HtmlDocument::text(Index i) const {
  const Node& node = nodes_[i];
  if (node.tag != Tag::kText) return {};
  return std::string_view(bytes_).substr(node.first, node.count);
}

const HtmlDocument::Attribute* HtmlDocument::find_attr(Index i, Attr name) const {
  const Node& node = nodes_[i];
  if (node.tag == Tag::kText) return nullptr;
  const Attribute* const from = attributes_.data() + node.first;
  const Attribute* const at =
      std::find_if(from, from + node.count, [name](const Attribute& a) { return a.name == name; });
  return at == from + node.count ? nullptr : at;
}

std::string_view HtmlDocument::attr(Index i, Attr name) const {
  const Attribute* const found = find_attr(i, name);
  if (found == nullptr) return {};
  return std::string_view(bytes_).substr(found->first, found->count);
}

bool HtmlDocument::has_attr(Index i, Attr name) const { return find_attr(i, name) != nullptr; }

HtmlDocument::Index HtmlDocument::find(Tag tag, Index from) const {
  for (Index i = from; i < size(); ++i) {
    if (nodes_[i].tag == tag) return i;
  }
  return kNone;
}

std::string HtmlDocument::line(Index i, std::size_t limit) const {
  std::string out;
  for (Index k = i; k < end(i) && out.size() < limit; ++k) {
    const Tag tag = nodes_[k].tag;
    if (tag == Tag::kText) {
      append_collapsed(out, text(k));
    } else if (tag == Tag::kScript || tag == Tag::kStyle || tag == Tag::kTemplate) {
      k = end(k) - 1;
    } else if (!is_inline(tag) || tag == Tag::kBr) {
      append_collapsed(out, " ");
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace nutgraf
