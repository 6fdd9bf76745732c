#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/byte_queue.h"
#include "daemon/base/date.h"
#include "daemon/base/deferred_adds.h"
#include "daemon/base/numbered_queue.h"
#include "daemon/base/posting_index.h"
#include "daemon/event/centroid.h"
#include "daemon/event/event_vector.h"
#include "daemon/event/leading_terms.h"
#include "daemon/event/options.h"
#include "daemon/event/vocabulary.h"

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
  double similarity = 0;  ///< To the event joined; 1 for a twin. If it opens: to the nearest one.
  std::string nearest;    ///< If it opens: the event that came nearest; empty: none was near.
  /// Events that the story showed to be one with its own: their members are its members from now
  /// on, and nothing joins them any more.
  std::vector<std::string> absorbed;
  /// What the store keeps as the member's vector: the weights as they were used, so that a restart
  /// gives the same centroids although document frequencies have moved.
  std::string stored;
};

/// Stored members that were read, and what they are found and weighed by: what can be prepared on
/// other threads. Refers to what was read.
struct IndexedReports {
  struct Report {
    std::string_view event_id;
    Time decided{};
    Time published{};
    std::string_view stored;  ///< What assign() gave.
  };
  std::vector<Report> reports;                  ///< In the order of their stories.
  std::vector<CountTable::Addition> terms;      ///< Of all, for the vocabulary.
  std::vector<PostingIndex::Addition> leading;  ///< Numbers are positions in `reports`.

  /// About 2 µs for a usual one. False, and nothing added, if the bytes are none.
  bool add(std::string_view event_id, Time decided, Time published, std::string_view stored);
};

/// Gathers stories into events by single pass: each joins the event whose members it is on average
/// most alike, or opens its own. Two events are merged when a story could have joined either, their
/// members are on average alike (EventOptions::merge), and nearly so without it: the larger takes
/// the other's members, the older of two equal ones.
///
/// Average link without keeping pairs: for unit vectors, the mean of x·v over the members v of an
/// event is x·Σv/n, the centroid's cosine times |Σv|/n. So an event of many loosely related stories
/// draws no more than they do (no drift, no chaining). What a teaser of fewer than 60 different
/// words shares counts a quarter more. Weights are integers (2^14 = 1), so that sums are exact in
/// any order and a member's expiry takes out exactly what it put in; x·Σv is the same of a few
/// members one by one and of the sum of many.
///
/// Deterministic: the same candidates in the same order give the same assignments, also if the
/// index was rebuilt in between by restore() of the window's members in their order, each with the
/// event that it belongs to by then.
///
/// Desk thread only. assign() takes 0.1 to 0.2 ms with up to a million stories, a fifth of it the
/// look-up of the story's terms; about 3.8 KB a story, most of it the members' own vectors. The
/// first look at an event after a restoration takes some µs for each of its members.
class EventIndex {
 public:
  explicit EventIndex(EventOptions options = {}) : options_(options) {}

  /// Joins or opens; the index then holds the story.
  Assignment assign(const EventCandidate& candidate);

  /// Puts committed members back, with threads that do a part of it. To be followed by settle(),
  /// until which nothing else sees them and the index stays where it is.
  void restore(IndexedReports known);

  /// Ends a series of restore(); assign() and expire() do so themselves.
  void settle();

  /// Takes a member out, told by what the store keeps of it: the index is then as if it had been
  /// rebuilt without it. False if it is not there (any more).
  bool remove(std::string_view event_id, Time published, std::string_view stored);

  /// Forgets stories decided before `before`, from the oldest on; assign() does so by its window.
  void expire(Time before);

  /// Whether it has a member left: no report joins one that has not.
  bool holds(std::string_view event_id) const { return by_id(event_id).has_value(); }

  std::size_t stories() const { return members_.size() - removed_; }
  std::size_t events() const { return events_.size() - free_.size(); }
  std::size_t memory_bytes() const;

 private:
  using EventNumber = std::uint32_t;   ///< Position in events_, used again once it is free.
  using MemberNumber = std::uint32_t;  ///< Counted from the first ever, from 1.
  using Language = std::uint32_t;      ///< Half the hash of its tag; 0: unknown.

  /// Stories kept for a leading term: one that leads more is no event's mark.
  static constexpr std::size_t kMaxPostings = 128;
  /// Members up to which an event has no centroid: to multiply with each of them takes no longer,
  /// and their sum would take more than all of them.
  static constexpr std::size_t kFew = 4;

  struct Member {
    Time decided{};
    Time published{};
    std::string_view stored;  ///< Empty: it was removed.
  };
  struct OpenEvent {
    std::string id;
    std::vector<MemberNumber> members;
    /// Of the first extent.members of them: the others are counted in when somebody asks.
    Extent extent;
    std::unique_ptr<Centroid> centroid;  ///< Of the same, if they are more than kFew.
  };
  /// What of an event is looked at for every candidate.
  struct Brief {
    Time newest{};           ///< Publication time of the newest member.
    std::uint64_t mark = 0;  ///< Of the last leading term that found it.
    std::uint32_t score = 0;
    MemberNumber last = 0;  ///< The member that came last.
    Language language = 0;  ///< Of its first member that has one.
  };
  /// Stories beyond the cap until a restoration forgets the oldest, all at once.
  static constexpr std::size_t kRestoredBeyond = 20'000;

  /// An event that shares leading terms with a story.
  struct Prospect {
    EventNumber event = 0;
    double factor = 0;   ///< For the time between them.
    double promise = 0;  ///< Weight in the story of the terms that they share, times the factor.
  };
  /// One that the story was compared with.
  struct Best {
    EventNumber event = 0;
    double similarity = 0;
    Products products;
  };
  /// A story on its way into the index.
  struct Arrival {
    Time decided{};
    Time published{};
    PackedStory story;
    StoryProbe probe;
    LeadingTerms leading;
  };

  std::vector<Best> nearest(const EventCandidate& candidate, const Arrival& arrival);
  std::vector<Prospect> prospects(const Arrival& arrival);
  std::vector<EventNumber> sharing(const Arrival& arrival);
  bool open_to(const Brief& event, Language language, Time published) const;
  void fetch(const std::vector<Prospect>& prospects) const;
  std::vector<Best> ranked(const Arrival& arrival);
  void drop_unlike(std::vector<Best>& near) const;
  EventNumber unite(EventNumber own, EventNumber other, std::vector<std::string>& absorbed);
  double link(EventNumber a, EventNumber b) const;
  void merge(EventNumber from, EventNumber into);
  void close(EventNumber number);
  void insert(EventNumber number, const Arrival& arrival, const Products& products,
              std::string_view stored);
  void remember(EventNumber number, Member member, Language language);
  EventNumber open(std::string_view id);
  std::optional<EventNumber> by_id(std::string_view id) const;
  Products dots(const StoryProbe& story, const OpenEvent& event) const;
  Products dots(const OpenEvent& one, const OpenEvent& other) const;
  void count_in(OpenEvent& event, const PackedStory& story, const Products& products) const;
  void count_in(OpenEvent& event) const;
  void count_out(OpenEvent& event, const PackedStory& story) const;
  void refresh(EventNumber number);
  void take_out(MemberNumber gone);
  void forget_oldest();
  PackedStory story_of(MemberNumber number) const { return known_story(members_[number].stored); }

  const EventOptions options_;

  NumberedQueue<Member> members_{1};        ///< In the order they were decided.
  ByteQueue stored_;                        ///< Of each.
  NumberedQueue<EventNumber> event_of_{1};  ///< Of each. Apart: look-ups need only this.
  std::size_t removed_ = 0;                 ///< Of members_.
  NumberedQueue<OpenEvent> events_;
  NumberedQueue<Brief> briefs_;    ///< Of events_.
  std::vector<EventNumber> free_;  ///< Positions in events_ that hold none.
  std::uint64_t mark_ = 0;
  PostingIndex ids_{kMaxPostings};  ///< Events by half the hash of their id, from 1.
  Vocabulary vocabulary_;
  PostingIndex leading_{kMaxPostings};                    ///< Stories by their leading terms.
  std::unique_ptr<DeferredAdds<PostingIndex>> deferred_;  ///< To leading_, of a restoration.
};

/// Id of the event that `story_id` opens.
std::string event_id(std::string_view story_id);

}  // namespace nutgraf
