#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/date.h"

namespace nutgraf {

/// One entry of a feed as the feed gave it, normalized in form only: links absolute, dates in UTC,
/// text in UTF-8.
struct FeedItem {
  std::string guid;  ///< RSS guid, Atom id, RDF about, JSON Feed id; trimmed, otherwise byte-exact.
                     ///< May be empty.
  std::string link;  ///< Absolute URL of the page; empty if the feed names none.
  std::string title;  ///< Plain text, one line.
  std::vector<std::string> authors;
  std::optional<Time> published;
  std::optional<Time> updated;
  std::vector<std::string> categories;
  std::string summary;  ///< HTML, relative links resolved: description, Atom summary.
  std::string text;  ///< HTML: content:encoded, Atom content, content_html. Empty if the feed has
                     ///< only a summary.
  std::string language;     ///< BCP-47 as given, if the item has its own.
  std::string image;        ///< Absolute URL of the lead image.
  std::string source_name;  ///< RSS <source>, Atom source/title: who really published it.
  std::string source_url;

  friend bool operator==(const FeedItem&, const FeedItem&) = default;
};

/// An item that waits to become a story: the *whole* item, so that a feed that forgets it loses us
/// nothing.
struct PendingItem {
  std::int64_t id = 0;  ///< Row of the work store; 0 before it is stored.
  std::string feed_id;
  std::string item_key;  ///< Identity within the feed (dedup/identity.h).
  FeedItem item;
  int revision = 1;  ///< Grows when the feed changes the item while it waits.
  int attempts = 0;  ///< Tries so far, this one included; written before work starts.
  int crashes =
      0;  ///< Times the process died while this was in its hands, which it shared with others.
  Time not_before{};  ///< Not to be claimed earlier.
  Time first_seen{};
  bool told = false;      ///< Published from the feed's own text already; its page is still wanted.
  bool backfill = false;  ///< Was already in the feed when the feed was first polled.
  std::string
      page_host;  ///< Host whose manners the page fetch obeys; empty: the feed's own text will do.
};

}  // namespace nutgraf
