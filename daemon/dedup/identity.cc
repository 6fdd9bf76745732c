#include "daemon/dedup/identity.h"

#include <unordered_map>

#include "daemon/base/date.h"
#include "daemon/base/entities.h"
#include "daemon/base/hash.h"
#include "daemon/base/words.h"

namespace nutgraf {
namespace {

/// Words of a text under which its hash takes the title in: many teasers are alike.
constexpr std::size_t kThinText = 40;

void append_words(std::string_view text, std::string& out) {
  const Words words = split_words(text);
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += words[i];
    out += ' ';
  }
}

std::string date_of(const FeedItem& item) {
  return item.published ? format_rfc3339(*item.published) : std::string();
}

std::string bounded(std::string key) {
  constexpr std::size_t kLongest = 512;
  if (key.size() <= kLongest) return key;
  return key.substr(0, 2) + hash_id(key);
}

/// Of a feed's item, what stands for its page; empty if its link is the site's front page, which
/// many items of a careless feed share.
std::string page_of(const FeedItem& item) {
  if (item.link.empty()) return {};
  const std::string key = url_key(item.link);
  return key.find_first_of("/?") == std::string::npos ? std::string() : key;
}

/// Whether two items with one key are one item, listed twice. A headline may be rewritten between
/// the two, but in a feed whose GUIDs are known to be wrong another headline is another item.
bool same_entry(const FeedItem& a, const FeedItem& b, GuidTrust trust) {
  if (trust != GuidTrust::kGuid) return a.title == b.title;
  if (a.link.empty() || b.link.empty()) return a.title == b.title;
  if (url_key(a.link) != url_key(b.link)) return false;
  return a.title == b.title || date_of(a) == date_of(b);
}

bool tells_apart(const ParsedFeed& feed, GuidTrust trust) {
  std::unordered_map<std::string, const FeedItem*> first;
  for (const FeedItem& item : feed.items) {
    const auto [at, inserted] = first.emplace(item_key(item, trust), &item);
    if (!inserted && !same_entry(*at->second, item, trust)) return false;
  }
  return true;
}

}  // namespace

GuidTrust guid_trust(const ParsedFeed& feed, GuidTrust at_least) {
  for (GuidTrust trust : {GuidTrust::kGuid, GuidTrust::kLink, GuidTrust::kLinkDate}) {
    if (trust >= at_least && tells_apart(feed, trust)) return trust;
  }
  return GuidTrust::kTitle;
}

std::string item_key(const FeedItem& item, GuidTrust trust) {
  if (trust == GuidTrust::kGuid && !item.guid.empty()) return bounded("g:" + item.guid);
  const std::string page = page_of(item);
  const std::string date = date_of(item);
  if (!page.empty() && trust <= GuidTrust::kLink) return bounded("l:" + page);
  if (!page.empty() && !date.empty() && trust == GuidTrust::kLinkDate) {
    return bounded("d:" + page + "\n" + date);
  }
  std::string rest = item.title.empty() ? std::string(plain_text(item.summary)) : item.title;
  return bounded("t:" + page + "\n" + date + "\n" + rest);
}

std::uint64_t content_hash(const FeedItem& item) {
  std::string said;
  append_words(item.title, said);
  said += '\n';
  append_words(plain_text(item.text.empty() ? item.summary : item.text), said);
  said += '\n';
  said += url_key(item.link);
  return hash64(said);
}

std::string story_id(const FeedItem& item, std::string_view feed_url) {
  const std::string page = page_of(item);
  const std::string guid = url_key(item.guid);
  if (!page.empty()) {
    // One page may carry several items ("/live", a digest): then the GUID tells them apart.
    return hash_id(guid.empty() || guid == page ? "page\n" + page : "page\n" + page + "\n" + guid);
  }
  const std::string feed = "feed\n" + url_key(feed_url) + "\n";
  if (!guid.empty()) return hash_id(feed + guid);
  return hash_id(feed + date_of(item) + "\n" + item.title);
}

std::uint64_t text_hash(std::string_view title, std::string_view text) {
  const Words words = split_words(text);
  if (words.size() == 0) return 0;
  std::string said;
  for (std::size_t i = 0; i < words.size(); ++i) {
    said += words[i];
    said += ' ';
  }
  if (words.size() < kThinText) {
    said += '\n';
    append_words(title, said);
  }
  const std::uint64_t hash = hash64(said);
  return hash == 0 ? 1 : hash;
}

}  // namespace nutgraf
