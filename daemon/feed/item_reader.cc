#include "daemon/feed/item_reader.h"

#include <algorithm>
#include <array>
#include <pugixml.hpp>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/base/encoding.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/feed/author.h"
#include "daemon/feed/html_links.h"
#include "daemon/feed/markup.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMaxAuthors = 50;
constexpr std::size_t kMaxCategories = 100;

/// "&amp;amp;" in a link is a feed that escaped twice.
std::string clean_link(std::string_view text, std::string_view base) {
  const std::string_view link = trim(text);
  if (link.empty()) return {};
  if (link.find("&amp;") == std::string_view::npos) return resolve_url(base, link);
  std::string once;
  for (std::size_t i = 0; i < link.size(); ++i) {
    once += link[i];
    if (link.substr(i).starts_with("&amp;")) i += 4;
  }
  return resolve_url(base, once);
}

bool is_http_url(std::string_view text) {
  return starts_with_ignoring_case(text, "http://") || starts_with_ignoring_case(text, "https://");
}

bool is_image_type(std::string_view type) {
  return starts_with_ignoring_case(trim(type), "image/");
}

using V = Vocabulary;

class ItemReader {
 public:
  ItemReader(const pugi::xml_node& element, Namespaces& namespaces, RuleCache& rules,
             const ItemContext& context)
      : element_(element),
        namespaces_(namespaces),
        rules_(rules),
        context_(context),
        base_(element, context.base) {}

  FeedItem read() {
    const std::size_t mark = namespaces_.mark();
    namespaces_.enter(element_);
    read_attributes();
    read_children(element_, true);
    finish();
    namespaces_.leave(mark);
    return std::move(item_);
  }

 private:
  void read_attributes() {
    if (!element_.first_attribute()) return;
    item_.language = element_.attribute("xml:lang").value();
    for (const char* about : {"rdf:about", "about", "rdf:ID", "rdf:resource"}) {
      about_ = trim(element_.attribute(about).value());
      if (!about_.empty()) break;
    }
  }

  void read_children(const pugi::xml_node& parent, bool outermost) {
    for (pugi::xml_node child = parent.first_child(); child; child = child.next_sibling()) {
      if (child.type() == pugi::node_element) read_child(child, outermost);
    }
  }

  void read_child(const pugi::xml_node& child, bool outermost) {
    const std::size_t mark = namespaces_.mark();
    namespaces_.enter(child);
    const Rule* rule = rules_.find(child.name(), namespaces_);
    // Inside of media:content, what is not of its vocabulary (a dc:identifier, a date) is about the
    // picture, not about the item.
    const bool about_item = in_media_ == 0 || (rule != nullptr && rule->vocabulary == V::kMedia);
    if (rule != nullptr && about_item) {
      read_field(child, *rule);
      read_inner(child, *rule, outermost);
    }
    namespaces_.leave(mark);
  }

  /// media:group, media:content and news:news hold fields of the item one or two levels down.
  void read_inner(const pugi::xml_node& element, const Rule& rule, bool outermost) {
    const bool media = rule.field == Field::kEnclosure && rule.vocabulary == V::kMedia;
    const bool holds = media || (rule.field == Field::kContainer && outermost);
    if (!holds || depth_ >= 3) return;
    ++depth_;
    in_media_ += media ? 1 : 0;
    read_children(element, false);
    in_media_ -= media ? 1 : 0;
    --depth_;
  }

  void read_field(const pugi::xml_node& element, const Rule& rule) {
    switch (rule.field) {
      case Field::kTitle:
        if (counts_more(rule)) take(rule, item_.title, line_of(element, context_.atom));
        return;
      case Field::kLink:
        return read_link(element, rule);
      case Field::kGuid:
        return read_guid(element, rule);
      case Field::kPublished:
        return read_date(element, rule, item_.published);
      case Field::kUpdated:
        return read_date(element, rule, item_.updated);
      case Field::kAuthor:
        return read_author(element, rule);
      case Field::kCredit:
        if (equals_ignoring_case(element.attribute("role").value(), "author")) {
          read_author(element, rule);
        }
        return;
      case Field::kCategory:
        return read_category(element);
      case Field::kKeywords:
        return read_keywords(ElementText(element).view());
      case Field::kSummary:
        return read_html(element, rule, item_.summary);
      case Field::kText:
        return read_html(element, rule, item_.text);
      case Field::kLanguage:
        return take(rule, item_.language, std::string(trim(ElementText(element).view())));
      case Field::kImage:
        return read_image(element, rule);
      case Field::kEnclosure:
        return read_enclosure(element, rule);
      case Field::kSource:
        return read_source(element, rule);
      case Field::kContainer:
        return;
    }
  }

  int weight_of(const Rule& rule) const { return weights_[static_cast<std::size_t>(rule.field)]; }

  bool counts_more(const Rule& rule) const { return rule.weight > weight_of(rule); }

  void take(const Rule& rule, std::string& field, std::string value) {
    if (value.empty() || !counts_more(rule)) return;
    weights_[static_cast<std::size_t>(rule.field)] = rule.weight;
    field = std::move(value);
  }

  void read_html(const pugi::xml_node& element, const Rule& rule, std::string& field) {
    if (rule.field == Field::kSummary && !item_.summary.empty()) return read_second(element, rule);
    const bool another =
        context_.atom && rule.field == Field::kText && rule.weight == weight_of(rule);
    if (!counts_more(rule) && !another) return;
    const bool atom = context_.atom || rule.vocabulary == Vocabulary::kAtom;
    std::string html = html_of(element, atom);
    if (trim(html).empty()) return;
    std::string absolute = absolute_links(std::move(html), Base(element, base_.str()).str());
    if (rule.weight == weight_of(rule)) {  // Atom 0.3 allows several contents.
      field.append("\n").append(absolute);
    } else {
      take(rule, field, std::move(absolute));
    }
  }

  /// Who writes both <description> and <summary> or <itunes:summary> means one as the longer text.
  void read_second(const pugi::xml_node& element, const Rule& rule) {
    std::string first = std::exchange(item_.summary, {});
    const int weight = std::exchange(weights_[static_cast<std::size_t>(Field::kSummary)], 0);
    read_html(element, rule, item_.summary);
    std::string second = std::move(item_.summary);
    const bool swap = rule.weight > weight && !second.empty();
    if (swap) std::swap(first, second);
    item_.summary = std::move(first);
    weights_[static_cast<std::size_t>(Field::kSummary)] = swap ? rule.weight : weight;
    if (second != item_.summary && !context_.atom) {
      take({rule.vocabulary, rule.name, Field::kText, 1}, item_.text, std::move(second));
    }
  }

  /// RSS writes the link as text, Atom as an attribute with a relation; both are met in both.
  void read_link(const pugi::xml_node& element, const Rule& rule) {
    const Base own(element, base_.str());
    const std::string_view base = own.str();
    const pugi::xml_attribute href = element.attribute("href");
    if (!href) {
      if (rule.vocabulary == Vocabulary::kAtom) return;
      return take_link(rule, clean_link(ElementText(element).view(), base));
    }
    const std::string rel = to_lower(trim(element.attribute("rel").value()));
    const std::string_view type = element.attribute("type").value();
    std::string url =
        trim(href.value()).empty() ? std::string(base) : clean_link(href.value(), base);
    if (rel.empty() || rel == "alternate" ||
        rel == "http://www.iana.org/assignments/relation/alternate") {
      // A link that says it is a page counts most, one to something else least.
      const bool html = type.find("html") != std::string_view::npos;
      const int weight = html ? rule.weight + 1 : type.empty() ? rule.weight : 3;
      return take_link({rule.vocabulary, rule.name, Field::kLink, weight}, std::move(url));
    }
    if (rel == "enclosure") {
      if (is_image_type(type)) take({V::kCore, "", Field::kImage, 5}, item_.image, url);
      if (enclosure_.empty()) enclosure_ = url;
    }
    if (rel == "via" || rel == "related" || rel == "self") {
      take({rule.vocabulary, rule.name, Field::kLink, rel == "self" ? 1 : 2}, fallback_link_,
           std::move(url));
    }
  }

  /// Of several links in RSS the last one counts, as in other readers.
  void take_link(const Rule& rule, std::string url) {
    if (!context_.atom && rule.weight == weight_of(rule) && !url.empty()) {
      item_.link = std::move(url);
    } else {
      take(rule, item_.link, std::move(url));
    }
  }

  void read_guid(const pugi::xml_node& element, const Rule& rule) {
    if (!counts_more(rule)) return;
    const bool markup = has_element_children(element);
    take(rule, item_.guid,
         markup ? std::string(trim(inner_markup(element)))
                : std::string(trim(ElementText(element).view())));
    resolve_id(element);
    const std::string_view permalink = element.attribute("isPermaLink").value();
    guid_is_link_ = is_http_url(item_.guid) && !equals_ignoring_case(trim(permalink), "false");
  }

  /// An Atom id is an IRI; where one is relative, only a declared base gives it a meaning.
  void resolve_id(const pugi::xml_node& element) {
    const bool relative =
        item_.guid.find(':') == std::string::npos && item_.guid.find('/') != std::string::npos;
    if (!context_.atom || !context_.declared_base || !relative) return;
    item_.guid = resolve_url(Base(element, base_.str()).str(), item_.guid);
  }

  /// Of several updates the last one counts; a date that cannot be read counts as none.
  void read_date(const pugi::xml_node& element, const Rule& rule, std::optional<Time>& field) {
    const auto time = parse_date(ElementText(element).view());
    int& weight = weights_[static_cast<std::size_t>(rule.field)];
    if (!time || rule.weight < weight) return;
    if (rule.weight == weight && rule.field == Field::kPublished) return;
    weight = rule.weight;
    field = time;
  }

  void read_author(const pugi::xml_node& element, const Rule& rule) {
    std::string name = person_name(element, namespaces_, context_.author_mail);
    if (name.empty()) return;
    // An address is no name: dc:creator beats <author>noreply@…</author>.
    const int weight = is_mail_address(name) ? 1 : rule.weight;
    int& best = weights_[static_cast<std::size_t>(Field::kAuthor)];
    if (weight < best) return;
    if (weight > best) item_.authors.clear();
    best = weight;
    const bool known =
        std::find(item_.authors.begin(), item_.authors.end(), name) != item_.authors.end();
    if (!known && item_.authors.size() < kMaxAuthors) item_.authors.push_back(std::move(name));
  }

  void read_category(const pugi::xml_node& element) {
    for (const char* name : {"label", "term", "text"}) {
      const pugi::xml_attribute attribute = element.attribute(name);
      if (attribute) return add_category(collapse_space(attribute.value()));
    }
    add_category(plain_text(ElementText(element).view()));
  }

  void read_keywords(std::string_view list) {
    while (!list.empty()) {
      const std::size_t comma = std::min(list.find(','), list.size());
      add_category(plain_text(list.substr(0, comma)));
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }

  void add_category(std::string name) {
    auto& all = item_.categories;
    if (name.empty() || all.size() >= kMaxCategories) return;
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
  }

  void read_image(const pugi::xml_node& element, const Rule& rule) {
    for (const char* attribute : {"url", "href", "rdf:resource"}) {
      if (const pugi::xml_attribute url = element.attribute(attribute)) {
        return take(rule, item_.image, clean_link(url.value(), base_.str()));
      }
    }
    const pugi::xml_node url = element.child("url");
    take(rule, item_.image, clean_link(ElementText(url ? url : element).view(), base_.str()));
  }

  void read_enclosure(const pugi::xml_node& element, const Rule& rule) {
    std::string url = clean_link(element.attribute("url").value(), base_.str());
    if (url.empty()) return;
    const bool image = is_image_type(element.attribute("type").value()) ||
                       equals_ignoring_case(element.attribute("medium").value(), "image");
    if (image)
      take({V::kCore, "", Field::kImage, rule.weight}, item_.image, std::move(url));
    else if (enclosure_.empty())
      enclosure_ = std::move(url);
  }

  /// RSS: <source url="…">name</source>; Atom: a feed's head; sitemap: <news:publication>.
  void read_source(const pugi::xml_node& element, const Rule& rule) {
    if (!counts_more(rule)) return;
    if (!has_element_children(element)) {
      take(rule, item_.source_name, plain_text(ElementText(element).view()));
      item_.source_url = clean_link(element.attribute("url").value(), base_.str());
      return;
    }
    for (const pugi::xml_node& child : element.children()) {
      const std::string local = to_lower(namespaces_.resolve(child.name()).local);
      if (local == "title" || local == "name") take(rule, item_.source_name, line_of(child, true));
      if (local == "language" && item_.language.empty()) item_.language = trim(text_of(child));
      if (local == "link" && item_.source_url.empty()) {
        item_.source_url = clean_link(child.attribute("href").value(), base_.str());
      }
      if (local == "author" && item_.authors.empty()) {
        read_author(child, {V::kAtom, "author", Field::kAuthor, 1});
      }
    }
  }

  /// What one field can lend another that is empty.
  void finish() {
    // dc:identifier is often a DOI or an ISBN: the resource's name comes first.
    const bool weak_guid = weights_[static_cast<std::size_t>(Field::kGuid)] <= 1;
    if (weak_guid && !about_.empty()) item_.guid = about_;
    if (item_.link.empty() && guid_is_link_) item_.link = resolve_url("", item_.guid);
    if (item_.link.empty() && is_http_url(about_)) item_.link = resolve_url("", about_);
    if (item_.link.empty()) item_.link = std::move(fallback_link_);
    if (item_.link.empty()) item_.link = std::move(enclosure_);
    if (!item_.published) item_.published = item_.updated;
  }

  const pugi::xml_node& element_;
  Namespaces& namespaces_;
  RuleCache& rules_;
  const ItemContext& context_;
  const Base base_;
  FeedItem item_;
  std::array<int, kFields> weights_{};
  std::string_view about_;
  std::string fallback_link_;
  std::string enclosure_;
  bool guid_is_link_ = false;
  int depth_ = 0;
  int in_media_ = 0;  // how many of the elements around are media:content
};

}  // namespace

Base::Base(const pugi::xml_node& element, std::string_view outer) : outer_(outer) {
  if (!element.first_attribute()) return;
  const std::string_view own = trim(element.attribute("xml:base").value());
  if (!own.empty()) own_ = resolve_url(outer, own);
}

FeedItem read_item(const pugi::xml_node& element, Namespaces& namespaces, RuleCache& rules,
                   const ItemContext& context) {
  return ItemReader(element, namespaces, rules, context).read();
}

}  // namespace nutgraf
