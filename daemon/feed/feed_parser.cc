#include "daemon/feed/feed_parser.h"

#include <algorithm>
#include <cstring>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/encoding.h"
#include "daemon/feed/discovery.h"
#include "daemon/feed/feed_reader.h"
#include "daemon/feed/json_feed.h"
#include "daemon/feed/repair.h"
#include "daemon/feed/size_guard.h"

namespace nutgraf {
namespace {

/// Blanks between elements matter only inside of xhtml; keeping them costs a node each.
unsigned parse_flags(std::string_view text) {
  constexpr unsigned kFlags =
      pugi::parse_cdata | pugi::parse_escapes | pugi::parse_wconv_attribute | pugi::parse_eol;
  const bool xhtml = memmem(text.data(), text.size(), "xhtml", 5) != nullptr;
  return xhtml ? kFlags | pugi::parse_ws_pcdata : kFlags;
}

/// True if the whole of `text` parsed; `document` holds what did. Consumes `text`.
bool load(pugi::xml_document& document, std::string& text) {
  const unsigned flags = parse_flags(text);
  return static_cast<bool>(
      document.load_buffer_inplace(text.data(), text.size(), flags, pugi::encoding_utf8));
}

/// Why there is no feed in `text`.
std::string explain(std::string_view text, std::string_view base_url) {
  if (trim(text).empty()) return "an empty document";
  const auto links = feed_links(text, base_url);
  if (!looks_like_html(text) && links.empty()) return "not a feed: no rss, feed or RDF element";
  if (links.empty()) return "this is HTML, and it names no feed";
  std::string message = "this is HTML; it names feeds:";
  for (std::size_t i = 0; i < links.size() && i < 5; ++i) message += " " + links[i].url;
  return message;
}

/// Whether the end tag of a feed's root element is missing. `</channel>` will do: what a feed of
/// news tells is told by then.
bool breaks_off(std::string_view text) {
  for (std::size_t at = text.rfind("</"); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : text.rfind("</", at - 1)) {
    std::string_view name = text.substr(at + 2, 64);
    name = name.substr(0, name.find_first_of("> \t\r\n"));
    name.remove_prefix(std::min(name.find(':') + 1, name.size()));
    for (const std::string_view root : {"rss", "channel", "feed", "rdf", "urlset"}) {
      if (equals_ignoring_case(name, root)) return false;
    }
  }
  return true;
}

/// The document as UTF-8 without what XML cannot hold.
struct Decoded {
  std::string text;
  bool controls = false;   ///< There was such.
  bool shortened = false;  ///< There was more of it than is read.
};

bool is_json(std::string_view start) { return start.starts_with("{") || start.starts_with("["); }

Decoded decode(std::string_view bytes, const ParseOptions& options) {
  Decoded out{decode_xml(bytes, charset_of_content_type(options.content_type))};
  const Suspects suspects = suspects_in(out.text);
  out.controls = suspects.controls && drop_controls(out.text);
  mend_c1(out.text, suspects);
  const std::size_t size = is_json(trim(out.text)) ? out.text.size() : affordable(out.text).size();
  out.shortened = size < out.text.size();
  if (out.shortened) {
    out.text.resize(size);
    out.text.shrink_to_fit();
  }
  return out;
}

}  // namespace

Result<ParsedFeed> parse_feed(std::string_view bytes, const ParseOptions& options) {
  auto [text, controls, shortened] = decode(bytes, options);
  const std::string_view start = trim(text);
  if (is_json(start)) {
    return parse_json_feed(start, options.base_url, options.max_items);
  }
  const std::string message = looks_like_html(text) ? explain(text, options.base_url) : "";
  if (!message.empty()) return fail(ErrorCode::kMalformed, message);
  pugi::xml_document document;
  const bool sound = load(document, text);
  std::optional<ParsedFeed> feed;
  if (sound) feed = read_feed(document, options);
  const bool mended = !feed;
  bool cut_off = false;
  if (mended) {
    // Parsing in place has consumed the text; to decode it again is rarer than to copy it always.
    document.reset();
    text = {};  // Before there is another of its size.
    const std::string original = decode(bytes, options).text;
    text = repair_xml(original);
    load(document, text);
    feed = read_feed(document, options);
    if (!feed) return fail(ErrorCode::kMalformed, explain(original, options.base_url));
    // What was shortened here was whole on the wire; of its last item only the beginning is left.
    cut_off = !sound && !shortened && breaks_off(original);
    if (shortened && feed->items.size() > 1 && feed->items.size() < options.max_items) {
      feed->items.pop_back();
    }
  }
  feed->cut_off = cut_off;
  if (controls) feed->repairs.emplace_back("control characters dropped");
  if (shortened) {
    feed->repairs.emplace_back("only the beginning is read: too much markup");
  } else if (mended) {
    feed->repairs.emplace_back("ill-formed XML mended");
  }
  return std::move(*feed);
}

}  // namespace nutgraf
