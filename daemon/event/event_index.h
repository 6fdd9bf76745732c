#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/base/date.h"
#include "daemon/base/posting_index.h"
#include "daemon/event/centroid.h"
#include "daemon/event/event_vector.h"
#include "daemon/event/options.h"

namespace nutgraf {

/// A story that asks which event it reports.
struct EventCandidate {
  std::string story_id;
  Time decided{};    ///< The desk's clock: what the window counts by. Never runs back by much.
  Time published{};  ///< How far apart in time two reports are; `decided` where it is not known.
  StoryVector vector;
  std::string twin_event;  ///< Event of the story that this one is an edition of; empty: none.
};

struct Assignment {
  std::string event_id;  ///< Empty for a story without words: it belongs to none.
  bool opens = false;
  double similarity = 0;  ///< To the event joined; 1 for a twin, 0 if it opens.
  /// What the store keeps as the member's vector: the weights as they were used, so that a restart
  /// gives the same centroids although document frequencies have moved.
  std::string stored;
};

/// Gathers stories into events by single pass: each joins the event whose members it is on average
/// most alike, or opens its own.
///
/// Average link without keeping pairs: for unit vectors, the mean of x·v over the members v of an
/// event is x·Σv/n, the centroid's cosine times |Σv|/n. So an event of many loosely related stories
/// draws no more than they do (no drift, no chaining). Weights are integers (2^14 = 1), so that
/// sums are exact in any order and a member's expiry takes out exactly what it put in.
///
/// Deterministic: the same candidates in the same order give the same assignments, also if the
/// index was rebuilt in between by restore() of the window's members in their order.
///
/// Desk thread only. assign() takes about 0.25 ms; about 4.5 KB a story, half of it the members'
/// own vectors.
class EventIndex {
 public:
  explicit EventIndex(EventOptions options = {}) : options_(options) {}

  /// Joins or opens; the index then holds the story.
  Assignment assign(const EventCandidate& candidate);

  /// Puts a committed member back: `stored` is what assign() gave. False, and nothing changed, if
  /// the bytes are none.
  bool restore(std::string_view event_id, Time decided, Time published, std::string_view stored);

  /// Forgets stories decided before `before`, from the oldest on; assign() does so by its window.
  void expire(Time before);

  std::size_t stories() const { return members_.size(); }
  std::size_t events() const { return events_.size(); }
  std::size_t memory_bytes() const;

 private:
  using EventNumber = std::uint32_t;
  using MemberNumber = std::uint32_t;  ///< Counted from the first ever, from 1.

  /// Stories kept for a leading term: one that leads more is no event's mark.
  static constexpr std::size_t kMaxPostings = 128;

  struct Member {
    EventNumber event = 0;
    Time decided{};
    Time published{};
    WeightedStory weights;
  };
  struct OpenEvent {
    std::string id;
    std::string language;  ///< Of its first member that has one.
    Time newest{};         ///< Publication time of the newest member.
    std::vector<MemberNumber> members;
    Centroid centroid;
  };
  struct Best {
    EventNumber event = 0;
    double similarity = 0;
  };

  WeightedStory weigh(const StoryVector& vector) const;
  std::vector<EventNumber> candidates(const WeightedStory& story, Time published) const;
  bool open_to(const OpenEvent& event, const WeightedStory& story, Time published) const;
  std::optional<Best> nearest(const WeightedStory& story, Time published) const;
  void insert(EventNumber event, Time decided, Time published, WeightedStory weights);
  EventNumber open(std::string_view id);
  void refresh(OpenEvent& event) const;
  void forget_oldest();
  const Member& member(MemberNumber number) const { return members_[number - first_]; }

  const EventOptions options_;

  std::deque<Member> members_;  ///< In the order they were decided.
  MemberNumber first_ = 1;      ///< Number of members_.front().
  std::unordered_map<EventNumber, OpenEvent> events_;
  std::unordered_map<std::string, EventNumber> by_id_;
  EventNumber next_event_ = 1;
  std::unordered_map<std::uint32_t, std::uint32_t> frequencies_;  ///< Stories that hold a term.
  PostingIndex leading_{kMaxPostings};  ///< Stories by their leading terms.
};

/// Id of the event that `story_id` opens.
std::string event_id(std::string_view story_id);

}  // namespace nutgraf
