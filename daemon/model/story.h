#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/date.h"

namespace nutgraf {

/// What sort of text a story is. Only reports give an event its title, summary and counts.
enum class StoryKind { kReport, kLive, kOpinion, kMedia, kSponsored };
std::string_view to_string(StoryKind kind);
std::optional<StoryKind> story_kind_from(std::string_view name);

/// Where the text came from: the article's page, the feed's own full text, or no more than the
/// feed's teaser.
enum class TextFrom { kPage, kFeed, kTeaser };
std::string_view to_string(TextFrom from);
std::optional<TextFrom> text_from_from(std::string_view name);

struct SummarySentence {
  std::string text;
  int position = 0;  ///< 0-based index of the sentence in its text.
  friend bool operator==(const SummarySentence&, const SummarySentence&) = default;
};

struct StorySummary {
  std::string text;  ///< Ready to print.
  std::vector<SummarySentence> sentences;
  std::string method;
  friend bool operator==(const StorySummary&, const StorySummary&) = default;
};

struct StorySource {
  std::string feed_id;
  std::string feed_url;
  std::string name;
  std::string publisher;
  std::string host;
  friend bool operator==(const StorySource&, const StorySource&) = default;
};

/// What an update changed: a sentence as it was and as it is now. Either may be empty.
struct Change {
  std::string was;
  std::string now;
  friend bool operator==(const Change&, const Change&) = default;
};

/// One report, ours: clean text, UTC time, language. The unit that subscribers receive.
/// [docs/protocol.md, story/1]
struct Story {
  std::string id;  ///< hash_id of the item's canonical identity: the same in every daemon on the
                   ///< same feeds.
  int revision = 1;
  StoryKind kind = StoryKind::kReport;
  std::string language = "und";  ///< BCP-47 primary tag.
  std::string category = "other";
  std::vector<std::string> tags;
  std::string title;
  std::string url;
  std::optional<Time> published_at;
  std::string published_from;  ///< "feed" or "page"; empty without a time.
  std::optional<Time> modified_at;
  Time first_seen_at{};
  bool backfill = false;
  std::vector<std::string> authors;
  StorySource source;
  std::string origin_agency;   ///< "Reuters", … if the text credits one.
  std::string origin_copy_of;  ///< Story id.
  std::string guid;
  std::string image;
  bool paywall = false;
  int word_count = 0;
  TextFrom text_from = TextFrom::kPage;
  StorySummary summary;
  std::vector<std::string> keywords;
  std::vector<std::string> entities;
  std::string event_id;  ///< Empty: belongs to none (yet).
  int event_size = 0;
  int duplicate_count = 0;
  std::vector<std::string> duplicate_sources;  ///< Publishers.
  std::vector<Change> changes;
  std::string text;  ///< Paragraphs separated by a blank line. On the wire only with publish_text.
  std::string retracted;  ///< Why it was withdrawn; empty: it stands. The envelope's on the wire.

  friend bool operator==(const Story&, const Story&) = default;
};

/// The topics of a message: "story.<lang>.<category>.", every segment folded to [a-z0-9_-].
std::string story_topic(std::string_view language, std::string_view category);
std::string event_topic(std::string_view language, std::string_view category);
std::string feed_topic(std::string_view feed_id);

}  // namespace nutgraf
