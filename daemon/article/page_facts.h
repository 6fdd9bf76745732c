#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/article/html.h"
#include "daemon/article/json_ld.h"
#include "daemon/article/metadata.h"
#include "daemon/article/rules.h"
#include "daemon/base/date.h"
#include "daemon/model/story.h"

namespace nutgraf {

/// What a page declares, read once and asked by each field's rules. Refers to the document.
class PageFacts {
 public:
  PageFacts(const HtmlDocument& document, std::string_view url);

  const HtmlDocument& document() const { return document_; }
  const JsonLd& ld() const { return ld_; }
  /// Objects of JSON-LD that describe the article, in order; see JsonLd::articles().
  const std::vector<JsonLd::Index>& articles() const { return articles_; }
  const std::string& url() const { return url_; }
  /// Host without "www.", lower case.
  const std::string& host() const { return host_; }
  /// The label that names the site: "example" of "news.example.co.uk".
  const std::string& label() const { return label_; }

  /// Values of <meta> by name or property (lower case), in order.
  const std::vector<std::string>& meta(std::string_view name) const;
  /// The first value that is not empty.
  std::string_view first_meta(std::string_view name) const;

  /// The words name the site: its declared names, its publisher, its host.
  bool is_site(std::string_view words) const;
  /// The same, of a person's name: nothing but an exact match counts.
  bool is_site_exactly(std::string_view words) const;
  /// Folded names of the site and its publisher.
  const std::vector<std::string>& site_names() const { return site_names_; }

  /// The headings that repeat a declared title, if none of them is an h1; else every h1.
  const std::vector<HtmlDocument::Index>& headings() const { return headings_; }

  /// The node stands in a place that tells of other stories or other people: aside, footer,
  /// comments, related.
  bool is_elsewhere(HtmlDocument::Index i) const;
  /// The node stands at one of headings(), and the story has not begun: it tells of this story,
  /// whatever its box is called.
  bool is_beside_heading(HtmlDocument::Index i) const;

 private:
  void read_head();
  void read_titled_headings();
  std::vector<std::string> declared_titles() const;
  bool is_layout(HtmlDocument::Index i) const;
  void read_site_names();
  void add_site_name(std::string_view name);

  const HtmlDocument& document_;
  std::string url_;
  std::string host_;
  std::string label_;
  JsonLd ld_;
  std::vector<JsonLd::Index> articles_;
  std::vector<HtmlDocument::Index> headings_;
  std::unordered_map<std::string, std::vector<std::string>> meta_;
  std::vector<std::string> site_names_;
};

/// The fields, each by rules of its own. See read_metadata() for the order of belief.
std::string page_title(const PageFacts& facts, const ArticleRules& rules = {});
std::vector<std::string> page_authors(const PageFacts& facts);
std::optional<Time> page_published(const PageFacts& facts);
std::optional<Time> page_modified(const PageFacts& facts);

PageMetadata read_metadata(const PageFacts& facts, const ArticleRules& rules = {});

/// Class and id as lower-case words: "post-meta byLine" gives "post meta byline".
std::vector<std::string> name_parts(const HtmlDocument& document, HtmlDocument::Index i);

}  // namespace nutgraf
