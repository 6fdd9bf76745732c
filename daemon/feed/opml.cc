#include "daemon/feed/opml.h"

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <unordered_set>

#include "daemon/base/ascii.h"
#include "daemon/base/encoding.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/base/utf8.h"
#include "daemon/feed/latin.h"

namespace nutgraf {
namespace {

constexpr std::string_view kNamespace = "urn:nutgraf:opml";
constexpr std::size_t kMaxTree = std::size_t{256} << 20;
constexpr std::size_t kMaxText = 500;  // Bytes of a name or tag.
constexpr std::size_t kMaxTags = 16;
// Folders within each other that become category and tags; a feed goes through them all.
constexpr std::size_t kMaxFolders = 64;
constexpr std::size_t kMaxTold = 100;
constexpr std::size_t kMaxWord = 64;  // Of an id or category, as the configuration has it.

/// Of pugixml, on 64 bits, as in size_guard.cc.
std::size_t tree_bytes(std::string_view text) {
  const auto nodes = static_cast<std::size_t>(std::count(text.begin(), text.end(), '<'));
  const auto attributes = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  return 128 * nodes + 40 * attributes;
}

std::string clean(std::string_view text) {
  return std::string(cut_utf8(collapse_space(text), kMaxText));
}

/// Attributes of OPML are told apart by letters, not case: xmlUrl, xmlURL, xmlurl are all found.
std::string_view attribute(const pugi::xml_node& node, std::string_view name) {
  for (const pugi::xml_attribute& each : node.attributes()) {
    if (equals_ignoring_case(each.name(), name)) return each.value();
  }
  return {};
}

/// In the letters of topics: "World News" -> "world-news", "Économie" -> "economie". Empty if none
/// of it is a Latin letter or a digit.
std::string topic_word(std::string_view folder, LatinLetters& letters) {
  std::string out;
  for (const char c : letters.to_ascii(folder)) {
    const bool keeps = is_alnum(c) || c == '_';
    if (keeps) out += to_lower(c);
    if (!keeps && !out.empty() && out.back() != '-') out += '-';
    if (out.size() == kMaxWord) break;
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

/// "feed:https://x" and "feed://x" are what some browsers made of links to feeds.
std::string feed_url(std::string_view written) {
  std::string url(trim(written));
  if (url.starts_with("feed://")) return "http" + url.substr(4);
  if (url.starts_with("feed:")) return url.substr(5);
  return url;
}

void add_tag(std::vector<std::string>& tags, std::string_view text) {
  std::string tag = clean(text);
  if (tag.empty() || tags.size() == kMaxTags) return;
  if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
}

/// "/Science/Space,/Local" [OPML 2.0, "category"].
void add_categories(std::vector<std::string>& tags, std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view one = trim(list.substr(0, comma));
    while (one.starts_with('/')) one.remove_prefix(1);
    add_tag(tags, one);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

/// Goes through the outlines of one document.
class Reader {
 public:
  void read(const pugi::xml_node& body) {
    pugi::xml_node node = body.first_child();
    std::size_t depth = 0;
    while (node) {
      const bool enter = is_outline(node) && open(node);
      if (enter && node.first_child()) {
        if (depth < kMaxFolders) folders_.push_back(clean(name_of(node)));
        ++depth;
        node = node.first_child();
        continue;
      }
      while (!node.next_sibling() && depth > 0) {
        node = node.parent();
        --depth;
        if (depth < kMaxFolders) folders_.pop_back();
      }
      node = node.next_sibling();
    }
  }

  void leave_out(std::string why) {
    ++out_.left_out_count;
    if (out_.left_out.size() < kMaxTold) out_.left_out.push_back(std::move(why));
  }

  OpmlFeeds take() { return std::move(out_); }

 private:
  static bool is_outline(const pugi::xml_node& node) {
    return equals_ignoring_case(node.name(), "outline");
  }

  static std::string_view name_of(const pugi::xml_node& node) {
    const std::string_view title = attribute(node, "title");
    return title.empty() ? attribute(node, "text") : title;
  }

  /// Takes the outline if it is a feed; whether what is in it counts.
  bool open(const pugi::xml_node& node) {
    if (equals_ignoring_case(attribute(node, "isComment"), "true")) return false;
    const std::string_view written = attribute(node, "xmlUrl");
    if (!written.empty()) subscribe(node, feed_url(written));
    return true;
  }

  void subscribe(const pugi::xml_node& node, const std::string& written) {
    const auto url = parse_url(written);
    const bool usable =
        url && (url->scheme == "http" || url->scheme == "https") && !url->host.empty();
    if (!usable) {
      return leave_out("no http(s) URL: " + clean(written));
    }
    if (!url->userinfo.empty()) {
      return leave_out(
          "a user or a password in its URL (write the feed by hand, with auth_file): " + url->host +
          clean(url->path));
    }
    if (!seen_.insert(url->str()).second) return leave_out("named twice: " + url->str());
    if (out_.feeds.size() == kMaxOpmlFeeds) return leave_out("one too many: " + url->str());
    FeedSource& feed = out_.feeds.emplace_back();
    feed.url = url->str();
    feed.name = clean(name_of(node));
    const std::string language = clean(attribute(node, "language"));
    if (language != "unknown") feed.language = language;
    feed.id = clean(attribute(node, "nutgraf:id"));
    feed.publisher = clean(attribute(node, "nutgraf:publisher"));
    file(feed);
    add_categories(feed.tags, attribute(node, "category"));
  }

  void file(FeedSource& feed) {
    if (folders_.empty()) return;
    const std::string category = topic_word(folders_.front(), letters_);
    if (!category.empty()) feed.category = category;
    // A category that says less than the folder's name does: the name is kept.
    const bool says_all = equals_ignoring_case(category, folders_.front());
    for (std::size_t i = says_all ? 1 : 0; i < folders_.size(); ++i) {
      add_tag(feed.tags, folders_[i]);
    }
  }

  OpmlFeeds out_;
  LatinLetters letters_;
  std::unordered_set<std::string> seen_;
  std::vector<std::string> folders_;  // Of the outlines that are open; may be empty names.
};

std::string without_password(const std::string& text) {
  auto url = parse_url(text);
  if (!url || url->userinfo.empty()) return text;
  url->userinfo.clear();
  return url->str();
}

std::string joined(const std::vector<std::string>& tags) {
  std::string out;
  for (std::string tag : tags) {
    std::replace(tag.begin(), tag.end(), ',', ' ');
    out += (out.empty() ? "" : ",") + tag;
  }
  return out;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  if (!value.empty()) node.append_attribute(name) = value.c_str();
}

void append_feed(pugi::xml_node folder, const FeedSource& feed) {
  pugi::xml_node outline = folder.append_child("outline");
  set(outline, "type", "rss");
  set(outline, "text", feed.name.empty() ? feed.id : feed.name);
  set(outline, "xmlUrl", without_password(feed.url));
  set(outline, "language", feed.language);
  set(outline, "category", joined(feed.tags));
  set(outline, "nutgraf:id", feed.id);
  set(outline, "nutgraf:publisher", feed.publisher);
}

}  // namespace

Result<OpmlFeeds> read_opml(std::string_view bytes) {
  if (bytes.size() > kMaxOpmlBytes) return fail(ErrorCode::kTooLarge, "larger than 64 MiB");
  const std::string text = decode_xml(bytes, "");
  if (tree_bytes(text) > kMaxTree) return fail(ErrorCode::kTooLarge, "too much markup");
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  const pugi::xml_node root = document.document_element();
  if (!equals_ignoring_case(root.name(), "opml")) {
    return fail(ErrorCode::kMalformed, parsed ? "no OPML: its root is <" + clean(root.name()) + ">"
                                              : "no OPML: " + std::string(parsed.description()));
  }
  Reader reader;
  for (const pugi::xml_node& child : root.children()) {
    if (equals_ignoring_case(child.name(), "body")) reader.read(child);
  }
  if (!parsed) {
    reader.leave_out("what follows byte " + std::to_string(parsed.offset) +
                     ", where it is broken: " + parsed.description());
  }
  OpmlFeeds out = reader.take();
  if (!parsed && out.feeds.empty()) return fail(ErrorCode::kMalformed, out.left_out.back());
  return out;
}

std::string write_opml(const std::vector<FeedSource>& feeds) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("opml");
  root.append_attribute("version") = "2.0";
  root.append_attribute("xmlns:nutgraf") = std::string(kNamespace).c_str();
  root.append_child("head").append_child("title").text() = "nutgraf feeds";
  pugi::xml_node body = root.append_child("body");
  std::map<std::string, pugi::xml_node> folders;
  for (const FeedSource& feed : feeds) {
    if (feed.category == "other") {
      append_feed(body, feed);
      continue;
    }
    pugi::xml_node& folder = folders[feed.category];
    if (!folder) {
      folder = body.append_child("outline");
      set(folder, "text", feed.category);
    }
    append_feed(folder, feed);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

}  // namespace nutgraf
