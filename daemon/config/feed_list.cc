#include "daemon/config/feed_list.h"

#include <algorithm>
#include <set>

#include "daemon/base/ascii.h"
#include "daemon/base/url.h"
#include "daemon/config/keys.h"

namespace nutgraf {
namespace {

constexpr std::size_t kMaxId = 64;

/// Drops a text that its key does not take; what was wrong with it.
class Sieve {
 public:
  std::string drop_if_wrong(const std::string& key_name, std::string& value) const {
    if (value.empty()) return {};
    const auto key = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const auto& each) { return each.name == key_name; });
    ConfigNode node;
    node.kind = ConfigNode::Kind::kString;
    node.text = value;
    FeedSource scratch;
    const std::string wrong = key->read(scratch, node);
    if (wrong.empty()) return {};
    value.clear();
    return key_name + " " + wrong;
  }

 private:
  const std::vector<ConfigKey<FeedSource>> keys_ = feed_keys();
};

std::string free_id(const std::string& wanted, const std::set<std::string>& taken) {
  std::string id = wanted;
  for (int n = 2; taken.contains(id); ++n) {
    const std::string number = "-" + std::to_string(n);
    id = wanted.substr(0, kMaxId - number.size()) + number;
  }
  return id;
}

}  // namespace

std::string derived_feed_id(std::string_view url_text) {
  const auto url = parse_url(url_text);
  if (!url) return {};
  std::string_view host = url->host;
  if (host.starts_with("www.")) host.remove_prefix(4);
  std::string_view path = url->path;
  for (const std::string_view ending : {".xml", ".rss", ".atom", ".json", ".rdf"}) {
    if (path.ends_with(ending)) path.remove_suffix(ending.size());
  }
  std::string id;
  for (const char c : std::string(host) + "/" + std::string(path) + "/" + url->query) {
    const bool keeps = is_alnum(c) || c == '_';
    if (keeps) id += to_lower(c);
    if (!keeps && !id.empty() && id.back() != '-') id += '-';
  }
  id.resize(std::min(id.size(), kMaxId));
  while (!id.empty() && id.back() == '-') id.pop_back();
  return id;
}

AdoptedFeeds adopt_feeds(std::vector<FeedSource> wanted, const std::vector<FeedSource>& present) {
  std::set<std::string> ids;
  std::set<std::string> urls;
  for (const FeedSource& feed : present) {
    ids.insert(feed.id);
    urls.insert(feed.url);
  }
  const Sieve sieve;
  AdoptedFeeds out;
  for (FeedSource& feed : wanted) {
    if (!urls.insert(feed.url).second) {
      ++out.present;
      continue;
    }
    for (const auto& [key, value] :
         {std::pair{"id", &feed.id}, {"category", &feed.category}, {"language", &feed.language}}) {
      const std::string wrong = sieve.drop_if_wrong(key, *value);
      if (!wrong.empty()) out.changed.push_back(feed.url + ": " + wrong);
    }
    if (feed.category.empty()) feed.category = FeedSource{}.category;
    feed.id = free_id(feed.id.empty() ? derived_feed_id(feed.url) : feed.id, ids);
    ids.insert(feed.id);
    out.feeds.push_back(std::move(feed));
  }
  return out;
}

std::string print_feeds(const std::vector<FeedSource>& feeds) {
  const std::vector<ConfigKey<FeedSource>> keys = feed_keys();
  const FeedSource plain;
  std::string out;
  for (const FeedSource& feed : feeds) {
    out += out.empty() ? "[[feed]]\n" : "\n[[feed]]\n";
    for (const ConfigKey<FeedSource>& key : keys) {
      const std::string value = key.print(feed);
      if (!value.empty() && value != key.print(plain)) out += key.name + " = " + value + "\n";
    }
  }
  return out;
}

}  // namespace nutgraf
