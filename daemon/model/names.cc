// Names of the enumerations as they stand on the wire, in the store and in the log.
#include <array>
#include <utility>

#include "daemon/base/ascii.h"
#include "daemon/model/event.h"
#include "daemon/model/feed.h"
#include "daemon/model/story.h"
#include "daemon/model/topic.h"

namespace nutgraf {
namespace {

template <typename Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

constexpr Names<FeedHealth, 7> kHealth{{{FeedHealth::kOk, "ok"},
                                        {FeedHealth::kSilent, "silent"},
                                        {FeedHealth::kThin, "thin"},
                                        {FeedHealth::kBlocked, "blocked"},
                                        {FeedHealth::kMoved, "moved"},
                                        {FeedHealth::kGone, "gone"},
                                        {FeedHealth::kFailing, "failing"}}};
constexpr Names<Wall, 7> kWall{{{Wall::kNone, "none"},
                                {Wall::kChallenge, "challenge"},
                                {Wall::kConsent, "consent"},
                                {Wall::kLogin, "login"},
                                {Wall::kEmpty, "empty"},
                                {Wall::kOther, "other"},
                                {Wall::kSame, "same"}}};
constexpr Names<FeedFormat, 6> kFormat{{{FeedFormat::kUnknown, "unknown"},
                                        {FeedFormat::kRss, "rss"},
                                        {FeedFormat::kRdf, "rdf"},
                                        {FeedFormat::kAtom, "atom"},
                                        {FeedFormat::kJson, "json"},
                                        {FeedFormat::kSitemap, "sitemap"}}};
constexpr Names<StoryKind, 5> kKind{{{StoryKind::kReport, "report"},
                                     {StoryKind::kLive, "live"},
                                     {StoryKind::kOpinion, "opinion"},
                                     {StoryKind::kMedia, "media"},
                                     {StoryKind::kSponsored, "sponsored"}}};
constexpr Names<TextFrom, 3> kTextFrom{
    {{TextFrom::kPage, "page"}, {TextFrom::kFeed, "feed"}, {TextFrom::kTeaser, "teaser"}}};

constexpr Names<EventStep::How, 3> kEventStep{{{EventStep::How::kOpened, "opened"},
                                               {EventStep::How::kJoined, "joined"},
                                               {EventStep::How::kMoved, "moved"}}};

template <typename Enum, std::size_t N>
std::string_view name_of(const Names<Enum, N>& names, Enum value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return "unknown";
}

template <typename Enum, std::size_t N>
std::optional<Enum> value_of(const Names<Enum, N>& names, std::string_view wanted) {
  for (const auto& [candidate, name] : names) {
    if (name == wanted) return candidate;
  }
  return std::nullopt;
}

/// Subscribers match prefixes byte by byte, so a segment may hold nothing that could be a separator
/// or needs folding.
std::string segment(std::string_view text, std::string_view fallback) {
  std::string out;
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '_') {
      out += to_lower(c);
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? std::string(fallback) : out;
}

}  // namespace

std::string_view to_string(FeedHealth health) { return name_of(kHealth, health); }
std::string_view to_string(Wall wall) { return name_of(kWall, wall); }
std::string_view to_string(FeedFormat format) { return name_of(kFormat, format); }
std::string_view to_string(StoryKind kind) { return name_of(kKind, kind); }
std::string_view to_string(TextFrom from) { return name_of(kTextFrom, from); }
std::string_view to_string(EventStep::How how) { return name_of(kEventStep, how); }
std::optional<EventStep::How> event_step_from(std::string_view name) {
  return value_of(kEventStep, name);
}
std::optional<FeedHealth> feed_health_from(std::string_view name) {
  return value_of(kHealth, name);
}
std::optional<Wall> wall_from(std::string_view name) { return value_of(kWall, name); }
std::optional<StoryKind> story_kind_from(std::string_view name) { return value_of(kKind, name); }
std::optional<TextFrom> text_from_from(std::string_view name) { return value_of(kTextFrom, name); }

bool is_topic_prefix(std::string_view text) {
  constexpr std::size_t kLongest = 256;
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
  return text.size() <= kLongest && text.find_first_not_of(kLetters) == text.npos;
}

std::string story_topic(std::string_view language, std::string_view category) {
  return "story." + segment(language, "und") + "." + segment(category, "other") + ".";
}
std::string event_topic(std::string_view language, std::string_view category) {
  return "event." + segment(language, "und") + "." + segment(category, "other") + ".";
}
std::string feed_topic(std::string_view feed_id) {
  return "feed." + segment(feed_id, "unnamed") + ".";
}

}  // namespace nutgraf
