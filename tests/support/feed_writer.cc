#include "tests/support/feed_writer.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <nlohmann/json.hpp>

#include "daemon/base/date.h"
#include "tests/support/newsroom.h"

namespace nutgraf {

namespace {

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

void add(std::string& out, std::string_view tag, std::string_view text) {
  if (text.empty()) return;
  out.append("  <").append(tag).append(">").append(escape_xml(text));
  out.append("</").append(tag.substr(0, tag.find(' '))).append(">\n");
}

void add_rss_item(std::string& out, const WrittenItem& item, bool minimal) {
  out += "<item>\n";
  add(out, "title", item.title);
  add(out, "link", item.link);
  add(out, "description", item.teaser_html);
  if (!minimal) {
    add(out, "guid isPermaLink=\"false\"", item.guid);
    add(out, "pubDate", http_date(item.published));
    add(out, "dc:creator", item.author);
    add(out, "category", item.category);
    add(out, "content:encoded", item.full_html);
  }
  out += "</item>\n";
}

std::string write_rss(const WrittenFeed& feed) {
  const bool minimal = feed.format == "rss091";
  std::string out(kDeclaration);
  out += minimal ? "<rss version=\"0.91\">\n<channel>\n"
                 : "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                   "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel>\n";
  add(out, "title", feed.title);
  add(out, "link", feed.link);
  add(out, "description", feed.description.empty() ? feed.title : feed.description);
  add(out, "language", feed.language);
  if (!minimal && feed.ttl_minutes > 0) add(out, "ttl", std::to_string(feed.ttl_minutes));
  for (const WrittenItem& item : feed.items) add_rss_item(out, item, minimal);
  return out.append("</channel>\n</rss>\n");
}

std::string write_rdf(const WrittenFeed& feed) {
  std::string out(kDeclaration);
  out +=
      "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
      "xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
      "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\n<channel rdf:about=\"" +
      escape_xml(feed.self) + "\">\n";
  add(out, "title", feed.title);
  add(out, "link", feed.link);
  add(out, "description", feed.description.empty() ? feed.title : feed.description);
  add(out, "dc:language", feed.language);
  out += "<items><rdf:Seq>\n";
  for (const WrittenItem& item : feed.items) {
    out += "<rdf:li rdf:resource=\"" + escape_xml(item.link) + "\"/>\n";
  }
  out += "</rdf:Seq></items>\n</channel>\n";
  for (const WrittenItem& item : feed.items) {
    out += "<item rdf:about=\"" + escape_xml(item.link) + "\">\n";
    add(out, "title", item.title);
    add(out, "link", item.link);
    add(out, "description", item.teaser_html);
    add(out, "dc:date", iso_date(item.published));
    add(out, "dc:creator", item.author);
    add(out, "dc:subject", item.category);
    add(out, "content:encoded", item.full_html);
    out += "</item>\n";
  }
  return out.append("</rdf:RDF>\n");
}

void add_atom_entry(std::string& out, const WrittenItem& item, bool old) {
  out += "<entry>\n";
  add(out, "title", item.title);
  add(out, "id", item.guid);
  out += "  <link rel=\"alternate\" type=\"text/html\" href=\"" + escape_xml(item.link) + "\"/>\n";
  add(out, old ? "issued" : "published", iso_date(item.published));
  add(out, old ? "modified" : "updated", iso_date(item.updated));
  if (!item.author.empty()) {
    out += "  <author><name>" + escape_xml(item.author) + "</name></author>\n";
  }
  if (!old && !item.category.empty()) {
    out += "  <category term=\"" + escape_xml(item.category) + "\"/>\n";
  }
  const std::string_view kind = old ? " type=\"text/html\" mode=\"escaped\"" : " type=\"html\"";
  add(out, std::string("summary").append(kind), item.teaser_html);
  add(out, std::string("content").append(kind), item.full_html);
  out += "</entry>\n";
}

std::string write_atom(const WrittenFeed& feed) {
  const bool old = feed.format == "atom03";
  std::string out(kDeclaration);
  out += old ? "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\" xml:lang=\""
             : "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"";
  out += escape_xml(feed.language) + "\">\n";
  add(out, "title", feed.title);
  add(out, "id", feed.self);
  out += "  <link rel=\"alternate\" type=\"text/html\" href=\"" + escape_xml(feed.link) + "\"/>\n";
  if (!old) out += "  <link rel=\"self\" href=\"" + escape_xml(feed.self) + "\"/>\n";
  std::int64_t newest = 0;
  for (const WrittenItem& item : feed.items) newest = std::max(newest, item.updated);
  add(out, old ? "modified" : "updated", iso_date(newest));
  for (const WrittenItem& item : feed.items) add_atom_entry(out, item, old);
  return out.append("</feed>\n");
}

std::string write_json(const WrittenFeed& feed) {
  nlohmann::json document = {{"version", "https://jsonfeed.org/version/1.1"},
                             {"title", feed.title},
                             {"home_page_url", feed.link},
                             {"feed_url", feed.self},
                             {"language", feed.language},
                             {"items", nlohmann::json::array()}};
  for (const WrittenItem& item : feed.items) {
    nlohmann::json entry = {{"id", item.guid},
                            {"url", item.link},
                            {"title", item.title},
                            {"summary", item.teaser_html},
                            {"date_published", iso_date(item.published)},
                            {"date_modified", iso_date(item.updated)}};
    if (!item.full_html.empty()) entry["content_html"] = item.full_html;
    if (!item.author.empty()) entry["authors"] = {{{"name", item.author}}};
    if (!item.category.empty()) entry["tags"] = {item.category};
    document["items"].push_back(std::move(entry));
  }
  return document.dump(1) + '\n';
}

}  // namespace

std::string escape_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string iso_date(std::int64_t unix_seconds) {
  return format_rfc3339(Time(std::chrono::seconds(unix_seconds)));
}

bool is_feed_format(std::string_view format) {
  constexpr std::array<std::string_view, 6> kFormats = {"rss",  "rss091", "rdf",
                                                        "atom", "atom03", "json"};
  return std::find(kFormats.begin(), kFormats.end(), format) != kFormats.end();
}

std::string write_feed(const WrittenFeed& feed) {
  if (feed.format == "json") return write_json(feed);
  if (feed.format == "rdf") return write_rdf(feed);
  return feed.format.starts_with("atom") ? write_atom(feed) : write_rss(feed);
}

std::string_view feed_content_type(std::string_view format) {
  if (format == "json") return "application/feed+json";
  if (format == "rdf") return "application/rdf+xml";
  return format.starts_with("atom") ? "application/atom+xml; charset=utf-8"
                                    : "application/rss+xml; charset=utf-8";
}

}  // namespace nutgraf
