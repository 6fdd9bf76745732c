#include "daemon/feed/feed_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <pugixml.hpp>
#include <string>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/url.h"
#include "daemon/feed/author.h"
#include "daemon/feed/item_reader.h"
#include "daemon/feed/markup.h"
#include "daemon/feed/namespaces.h"

namespace nutgraf {
namespace {

using V = Vocabulary;

FeedFormat format_of(const QualifiedName& root) {
  struct Root {
    std::string_view name;
    FeedFormat format;
  };
  constexpr auto kRoots = std::to_array<Root>({{"rss", FeedFormat::kRss},
                                               {"channel", FeedFormat::kRss},
                                               {"rdf", FeedFormat::kRdf},
                                               {"feed", FeedFormat::kAtom},
                                               {"entry", FeedFormat::kAtom},
                                               {"urlset", FeedFormat::kSitemap}});
  for (const Root& known : kRoots) {
    if (equals_ignoring_case(root.local, known.name)) return known.format;
  }
  return FeedFormat::kUnknown;
}

/// Some wrap the feed in an element of their own; one level is looked into.
pugi::xml_node find_root(const pugi::xml_node& document, const Namespaces& namespaces) {
  for (const pugi::xml_node& node : document.children()) {
    if (format_of(namespaces.resolve_root(node.name())) != FeedFormat::kUnknown) return node;
  }
  for (const pugi::xml_node& wrapper : document.children()) {
    for (const pugi::xml_node& node : wrapper.children()) {
      const FeedFormat format = format_of(namespaces.resolve_root(node.name()));
      if (format != FeedFormat::kUnknown && format != FeedFormat::kRss) return node;
      if (equals_ignoring_case(node.name(), "rss")) return node;
    }
  }
  return {};
}

std::optional<int> number_of(const pugi::xml_node& element) {
  const std::string text = text_of(element);
  const std::string_view digits = trim(text);
  int value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc() || value < 0) return std::nullopt;
  return value;
}

std::optional<std::chrono::seconds> period_of(std::string_view name) {
  using namespace std::chrono;
  name = trim(name);
  if (equals_ignoring_case(name, "hourly")) return hours(1);
  if (equals_ignoring_case(name, "daily")) return days(1);
  if (equals_ignoring_case(name, "weekly")) return weeks(1);
  if (equals_ignoring_case(name, "monthly")) return days(30);
  if (equals_ignoring_case(name, "yearly")) return days(365);
  return std::nullopt;
}

/// A year in minutes: no ttl means more.
constexpr int kMaxTtl = 525600;

class FeedReader {
 public:
  explicit FeedReader(const ParseOptions& options, const CutItems* cut = nullptr)
      : options_(options), cut_(cut), base_(options.base_url) {}

  std::optional<ParsedFeed> read(const pugi::xml_node& document) {
    const pugi::xml_node root = find_root(document, namespaces_);
    if (!root) return std::nullopt;
    namespaces_.enter(root);
    const QualifiedName name = namespaces_.resolve_root(root.name());
    feed_.format = format_of(name);
    const bool rdf = feed_.format == FeedFormat::kRdf;
    namespaces_.set_core(rdf ? V::kRss : name.vocabulary, root.name());
    atom_ = feed_.format == FeedFormat::kAtom;
    feed_.language = trim(root.attribute("xml:lang").value());
    base_ = std::string(Base(root, base_).str());
    const bool own_base = !trim(root.attribute("xml:base").value()).empty();
    read_head(root);
    // RFC 3986 wants the document's address; but behind feed services only the site's is right.
    if (!own_base && !feed_.link.empty()) base_ = feed_.link;
    declared_base_ = own_base;
    if (is_item(root)) {
      cut_whole_ = cut_ == nullptr;  // Its own attributes were cut off with it.
      add_item(root, base_);
    } else {
      read_items(root);
    }
    if (!cut_whole_) return std::nullopt;
    finish();
    return std::move(feed_);
  }

 private:
  bool is_core(const pugi::xml_node& node, std::string_view local) const {
    const QualifiedName name = namespaces_.resolve(node.name());
    return equals_ignoring_case(name.local, local) && is_feed_vocabulary(name.vocabulary);
  }

  static bool is_feed_vocabulary(Vocabulary vocabulary) {
    return vocabulary == V::kCore || vocabulary == V::kRss || vocabulary == V::kAtom;
  }

  bool is_item(const pugi::xml_node& node) const {
    const QualifiedName name = namespaces_.resolve(node.name());
    const bool named =
        equals_ignoring_case(name.local, "item") || equals_ignoring_case(name.local, "entry") ||
        (feed_.format == FeedFormat::kSitemap && equals_ignoring_case(name.local, "url"));
    return named && is_feed_vocabulary(name.vocabulary);
  }

  bool is_channel(const pugi::xml_node& node) const { return is_core(node, "channel"); }

  template <typename Visit>
  void each_element(const pugi::xml_node& parent, Visit visit) {
    const std::size_t mark = namespaces_.mark();
    for (pugi::xml_node node = parent.first_child(); node; node = node.next_sibling()) {
      if (node.type() != pugi::node_element) continue;
      namespaces_.enter(node);
      visit(node);
      namespaces_.leave(mark);
    }
  }

  void read_head(const pugi::xml_node& root) {
    each_element(root, [&](const pugi::xml_node& node) {
      if (is_channel(node)) {
        each_element(node, [&](const pugi::xml_node& field) { read_head_field(field); });
      } else {
        read_head_field(node);
      }
    });
  }

  void read_head_field(const pugi::xml_node& node) {
    if (is_item(node)) return;
    const QualifiedName name = namespaces_.resolve(node.name());
    const auto is = [&](Vocabulary vocabulary, std::string_view local) {
      return name.vocabulary == vocabulary && equals_ignoring_case(name.local, local);
    };
    if (is(V::kCore, "title")) return take_title(node, 3);
    if (is(V::kAtom, "title") || is(V::kRss, "title")) return take_title(node, 2);
    if (is(V::kDc, "title") || is(V::kItunes, "title")) return take_title(node, 1);
    if (equals_ignoring_case(name.local, "link")) return read_link(node, name.vocabulary);
    if (is(V::kCore, "language") || is(V::kDc, "language")) return take_language(node);
    if (is(V::kCore, "author") || is(V::kAtom, "author")) return take_author(node, 3);
    if (is(V::kDc, "creator") || is(V::kItunes, "author")) return take_author(node, 2);
    if (is(V::kCore, "ttl")) {
      if (const auto ttl = number_of(node)) {
        feed_.ttl = std::chrono::minutes(std::min(*ttl, kMaxTtl));
      }
    }
    if (is(V::kSyndication, "updatePeriod")) period_ = period_of(text_of(node));
    if (is(V::kSyndication, "updateFrequency")) frequency_ = number_of(node).value_or(1);
    if (is(V::kCore, "skipHours")) read_skip_hours(node);
    if (is(V::kCore, "skipDays")) read_skip_days(node);
  }

  void take_title(const pugi::xml_node& node, int weight) {
    if (weight <= title_weight_) return;
    std::string title =
        line_of(node, atom_ || namespaces_.resolve(node.name()).vocabulary == V::kAtom);
    if (title.empty()) return;
    feed_.title = std::move(title);
    title_weight_ = weight;
  }

  void read_link(const pugi::xml_node& node, Vocabulary vocabulary) {
    if (vocabulary != V::kCore && vocabulary != V::kAtom && vocabulary != V::kRss) return;
    const Base base(node, base_);
    const pugi::xml_attribute href = node.attribute("href");
    const std::string_view rel = node.attribute("rel").value();
    if (!href) {
      const std::string text = text_of(node);
      if (!trim(text).empty()) take_link(resolve_url(base.str(), trim(text)), 3);
    } else if (rel.empty() || rel == "alternate") {
      take_link(resolve_url(base.str(), href.value()), vocabulary == V::kCore ? 3 : 2);
    }
  }

  void take_link(std::string link, int weight) {
    if (weight <= link_weight_ || link.empty()) return;
    feed_.link = std::move(link);
    link_weight_ = weight;
  }

  void take_language(const pugi::xml_node& node) {
    const std::string language = text_of(node);
    if (!trim(language).empty()) feed_.language = trim(language);
  }

  void take_author(const pugi::xml_node& node, int weight) {
    std::string name = person_name(node, namespaces_, options_.author_mail);
    if (name.empty() || weight < author_weight_) return;
    if (weight > author_weight_) authors_.clear();
    author_weight_ = weight;
    if (authors_.size() < 10) authors_.push_back(std::move(name));
  }

  void read_skip_hours(const pugi::xml_node& list) {
    for (const pugi::xml_node& hour : list.children()) {
      const auto value = number_of(hour);
      // Some count 1–24.
      if (value && *value <= 24 && feed_.skip_hours.size() < 24) {
        feed_.skip_hours.push_back(*value % 24);
      }
    }
  }

  void read_skip_days(const pugi::xml_node& list) {
    constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                       "thursday", "friday", "saturday"};
    for (const pugi::xml_node& day : list.children()) {
      const std::string text = text_of(day);
      for (std::size_t i = 0; i < kDays.size(); ++i) {
        if (equals_ignoring_case(trim(text), kDays[i]) && feed_.skip_days.size() < 7) {
          feed_.skip_days.push_back(static_cast<int>(i));
        }
      }
    }
  }

  /// RSS 2.0 has its items in the channel, RSS 0.90 and 1.0 beside it, Atom in the root.
  void read_items(const pugi::xml_node& root) {
    each_element(root, [&](const pugi::xml_node& node) {
      if (is_item(node)) return add_items(node, base_);
      if (!is_channel(node)) return;
      const Base base(node, base_);
      each_element(node, [&](const pugi::xml_node& inner) {
        if (is_item(inner)) add_items(inner, base.str());
      });
    });
  }

  /// The item, or the run of items that it stands for.
  void add_items(const pugi::xml_node& node, std::string_view base) {
    if (cut_ == nullptr) return add_item(node, base);
    if (feed_.items.size() >= options_.max_items || !cut_whole_) return;
    const bool stands_for_run = cut_->name == node.name() && !node.first_child();
    const auto run = stands_for_run ? cut_->next() : std::nullopt;
    cut_whole_ = run.has_value();
    if (!run) return;
    for (const pugi::xml_node& child : run->children()) {
      cut_whole_ &= child.type() == pugi::node_element || trim(child.value()).empty();
    }
    each_element(*run, [&](const pugi::xml_node& item) {
      cut_whole_ &= is_item(item);
      if (cut_whole_) add_item(item, base);
    });
  }

  void add_item(const pugi::xml_node& node, std::string_view base) {
    if (feed_.items.size() >= options_.max_items) return;
    const bool atom = atom_ || is_core(node, "entry");
    feed_.items.push_back(read_item(node, namespaces_, rules_,
                                    {.atom = atom,
                                     .declared_base = declared_base_,
                                     .author_mail = options_.author_mail,
                                     .base = base}));
  }

  void finish() {
    if (period_ && frequency_ > 0) feed_.update_interval = *period_ / frequency_;
    // An entry without an author has the feed's [RFC 4287 section 4.1.1].
    for (FeedItem& item : feed_.items) {
      if (item.authors.empty()) item.authors = authors_;
    }
  }

  const ParseOptions& options_;
  const CutItems* const cut_;  // If the feed was cut up,
  bool cut_whole_ = true;      // and that was right so far.
  Namespaces namespaces_;
  RuleCache rules_;
  ParsedFeed feed_;
  std::string base_;
  bool atom_ = false;
  bool declared_base_ = false;
  int title_weight_ = 0;
  int link_weight_ = 0;
  int author_weight_ = 0;
  std::vector<std::string> authors_;
  std::optional<std::chrono::seconds> period_;
  int frequency_ = 1;
};

}  // namespace

std::optional<ParsedFeed> read_feed(const pugi::xml_node& document, const ParseOptions& options) {
  return FeedReader(options).read(document);
}

std::optional<ParsedFeed> read_cut_feed(const pugi::xml_node& frame, const ParseOptions& options,
                                        const CutItems& items) {
  return FeedReader(options, &items).read(frame);
}

}  // namespace nutgraf
