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
#include "daemon/feed/item_runs.h"
#include "daemon/feed/json_feed.h"
#include "daemon/feed/repair.h"
#include "daemon/feed/size_guard.h"

namespace nutgraf {
namespace {

constexpr const char* kControls = "control characters dropped";

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

/// An assignment would keep the memory.
void give_back(std::string& text) { std::string().swap(text); }

/// The document as UTF-8 without what XML cannot hold.
struct Decoded {
  std::string text;
  bool controls = false;  ///< There was such.
};

bool is_json(std::string_view start) { return start.starts_with("{") || start.starts_with("["); }

Decoded decode(std::string_view bytes, const ParseOptions& options) {
  Decoded out{decode_xml(bytes, charset_of_content_type(options.content_type))};
  const Suspects suspects = suspects_in(out.text);
  out.controls = suspects.controls && drop_controls(out.text);
  mend_c1(out.text, suspects);
  return out;
}

/// To what can be parsed as a whole. False: it is all of it.
bool shorten(std::string& text) {
  const std::size_t size = affordable(text).size();
  if (size == text.size()) return false;
  text.resize(size);
  text.shrink_to_fit();
  return true;
}

struct ReadInRuns {
  std::optional<ParsedFeed> feed;  ///< Of a well-formed document of many items.
  bool consumed = false;           ///< The text is spoilt.
};

ReadInRuns read_in_runs(std::string& text, const ParseOptions& options) {
  std::optional<ItemRuns> cut = cut_items(text);
  if (!cut || affordable(cut->frame).size() < cut->frame.size()) return {};
  const unsigned flags = parse_flags(text);
  pugi::xml_document frame;
  pugi::xml_document items;
  if (!frame.load_buffer_inplace(cut->frame.data(), cut->frame.size(), flags,
                                 pugi::encoding_utf8)) {
    return {};
  }
  std::size_t next = 0;
  const auto parse_next = [&]() -> std::optional<pugi::xml_node> {
    if (next == cut->runs.size()) return std::nullopt;
    const auto [begin, size] = cut->runs[next++];
    if (affordable({text.data() + begin, size}).size() < size) return std::nullopt;
    const bool sound = static_cast<bool>(items.load_buffer_inplace(
        text.data() + begin, size, flags | pugi::parse_fragment, pugi::encoding_utf8));
    return sound ? std::optional<pugi::xml_node>(items) : std::nullopt;
  };
  std::optional<ParsedFeed> feed = read_cut_feed(frame, options, {cut->name, parse_next});
  const bool all = next == cut->runs.size() || (feed && feed->items.size() >= options.max_items);
  return {all ? std::move(feed) : std::nullopt, next > 0};
}

/// By the tree of the whole document, mended if need be.
Result<ParsedFeed> read_whole(Decoded given, std::string_view bytes, const ParseOptions& options) {
  const bool shortened = shorten(given.text);
  pugi::xml_document document;
  const bool sound = load(document, given.text);
  std::optional<ParsedFeed> feed;
  if (sound) feed = read_feed(document, options);
  const bool mended = !feed;
  bool cut_off = false;
  if (mended) {
    // Parsing in place has consumed the text; to decode it again is rarer than to copy it always.
    document.reset();
    give_back(given.text);  // Before there is another of its size.
    Decoded original = decode(bytes, options);
    shorten(original.text);
    given.text = repair_xml(original.text);
    load(document, given.text);
    feed = read_feed(document, options);
    if (!feed) return fail(ErrorCode::kMalformed, explain(original.text, options.base_url));
    // What was shortened here was whole on the wire; of its last item only the beginning is left.
    cut_off = !sound && !shortened && breaks_off(original.text);
    if (shortened && feed->items.size() > 1 && feed->items.size() < options.max_items) {
      feed->items.pop_back();
    }
  }
  feed->cut_off = cut_off;
  if (given.controls) feed->repairs.emplace_back(kControls);
  if (shortened) {
    feed->repairs.emplace_back("only the beginning is read: too much markup");
  } else if (mended) {
    feed->repairs.emplace_back("ill-formed XML mended");
  }
  return std::move(*feed);
}

}  // namespace

Result<ParsedFeed> parse_feed(std::string_view bytes, const ParseOptions& options) {
  Decoded document = decode(bytes, options);
  const std::string_view start = trim(document.text);
  if (is_json(start)) {
    return parse_json_feed(start, options.base_url, options.max_items);
  }
  const std::string message =
      looks_like_html(document.text) ? explain(document.text, options.base_url) : "";
  if (!message.empty()) return fail(ErrorCode::kMalformed, message);
  auto [feed, consumed] = read_in_runs(document.text, options);
  if (feed) {
    if (document.controls) feed->repairs.emplace_back(kControls);
    return *std::move(feed);
  }
  if (consumed) {
    give_back(document.text);  // Before there is another of its size.
    document = decode(bytes, options);
  }
  return read_whole(std::move(document), bytes, options);
}

}  // namespace nutgraf
