#pragma once

#include <chrono>
#include <cstddef>

namespace nutgraf {

/// Limits of event detection. The operator's are the window, the cap and the debounce; the others
/// are measured.
struct EventOptions {
  /// How long an event collects changes before it is summarized anew.
  std::chrono::seconds debounce = std::chrono::seconds(30);
  /// Story vectors remembered, for document frequencies and centroids: about 3.8 KB a story.
  std::chrono::hours window = std::chrono::hours(14 * 24);
  /// An event whose newest story is older takes no more: it is closed.
  std::chrono::hours close_after = std::chrono::hours(7 * 24);
  /// Stories remembered at most; beyond it the oldest are forgotten first, and events with them.
  /// The default is about 760 MB.
  std::size_t max_stories = 200'000;

  /// Similarity at which a story joins. Lower makes larger, looser events.
  double join = 0.135;
  /// Average similarity of the members of two events, pair by pair, from which on they are one, if
  /// a report is like both.
  double merge = 0.17;
  /// Two reports so far apart in time are half as alike.
  std::chrono::hours half_life = std::chrono::hours(2 * 24);

  friend bool operator==(const EventOptions&, const EventOptions&) = default;
};

/// Bounds of a written event, whatever its size.
struct EventSummaryOptions {
  std::size_t sentences = 5;
  std::size_t members = 12;  ///< Reports that are read for the summary.
  std::size_t stories = 20;  ///< Listed in the message.
  std::size_t fresh = 5;     ///< Sentences that say what is new.
  std::size_t conflicts = 5;
  std::size_t keywords = 10;
};

}  // namespace nutgraf
