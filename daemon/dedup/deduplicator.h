#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/base/byte_queue.h"
#include "daemon/base/date.h"
#include "daemon/base/deferred_adds.h"
#include "daemon/base/posting_index.h"
#include "daemon/dedup/fingerprint.h"
#include "daemon/dedup/gram_set.h"
#include "daemon/dedup/options.h"
#include "daemon/dedup/packed_text.h"

namespace nutgraf {

/// A story that asks whether it is new.
struct Candidate {
  std::string id;
  /// The story that an earlier form of this very item became (the store's item key); empty if the
  /// item was never seen. Believed only if title, URL or text agree: publishers reuse GUIDs.
  std::string known_as;
  std::string url_key;  ///< Empty: no look-up by URL.
  std::string host;  ///< Of the URL: one text under several titles of one host is a blocked page.
  Time time{};       ///< When it was decided (the desk's clock); never runs back by much.
  Fingerprint print;
};

struct Verdict {
  enum class Kind { kNew, kDuplicate, kUpdate };
  Kind kind = Kind::kNew;
  std::string of;         ///< Story that it matched; empty if new.
  std::string group;      ///< First story of the group: its own id if new.
  double similarity = 0;  ///< Covered share, in [0, 1]; 1 for the same item or text.
  std::string reason;     ///< "new", "guid", "url", "text", "near 0.93", "blocked"; for people.
  bool blocked = false;   ///< Looks like a consent or challenge page: same text under other titles.
};
std::string_view to_string(Verdict::Kind kind);

/// A text as it is remembered.
struct RememberedText {
  PackedText text;
  std::uint64_t url = 0;  ///< Hash of the URL key; 0: none.
  Time time{};
  std::uint32_t host = 0;  ///< Half its hash.
};

/// Stored texts that were read, and what they are found by: what can be prepared on other threads.
/// Refers to the names of groups that it was given.
struct IndexedTexts {
  std::vector<RememberedText> texts;     ///< In the order in which they were added; without `text`.
  std::string packed;                    ///< Which is here, one after the other.
  std::vector<std::string_view> groups;  ///< Of each, that of the verdict under which it was added.
  // Numbers are positions in `texts`.
  std::vector<PostingIndex::Addition> shingles;
  std::vector<PostingIndex::Addition> skeletons;

  void add(const Candidate& candidate, std::string_view group);
};

/// Remembers the stories of the window and tells whether a text is one of them.
///
/// decide() and add() together are deterministic: the same candidates in the same order give the
/// same verdicts, also if the index was rebuilt in between by add() of the stored candidates and
/// verdicts of the window, in their order. Nothing is decided anew by a restart.
///
/// Desk thread only. decide() and add() take 0.05 to 0.1 ms, with a million stories, too; to forget
/// one takes a third of that. About 2 KB a story of 400 words.
class Deduplicator {
 public:
  explicit Deduplicator(DedupOptions options = {}) : options_(options) {}

  /// Forgets what is older than candidate.time less the window, then looks the candidate up.
  Verdict decide(const Candidate& candidate);

  /// Remembers a decided candidate. Also for each edition of one story: an update's text is added
  /// under the same id, and both are then found. Forgets the oldest beyond max_stories.
  void add(const Candidate& candidate, const Verdict& verdict);

  /// Puts back what was added, several times as fast as add(), and with threads that do a part of
  /// it. To be followed by settle(), until which nothing else sees it and the index stays
  /// where it is.
  void restore(IndexedTexts known);

  /// Ends a series of restore(); decide() and add() do so themselves.
  void settle();

  /// Forgets stories decided before `before`, from the oldest on.
  void expire(Time before);

  std::size_t size() const { return records_.size(); }
  std::size_t memory_bytes() const;

 private:
  /// A phrase that more stories share is boilerplate: its weight 1/df is already near nothing.
  static constexpr std::size_t kMaxPostings = 64;

  using Number = std::uint32_t;  ///< Of a remembered text, counted from the first ever added.

  /// A group is its first text alone, under that text's id, unless it is listed as one of these.
  struct Company {
    std::string id;
    std::vector<Number> members;  ///< Still remembered, oldest first.
  };
  struct Restoring {
    explicit Restoring(Deduplicator& index)
        : shingles(index.shingles_), skeletons(index.skeletons_) {}
    DeferredAdds<PostingIndex> shingles;
    DeferredAdds<PostingIndex> skeletons;
  };
  /// Stories beyond the cap until a restoration forgets the oldest, all at once.
  static constexpr std::size_t kRestoredBeyond = 20'000;

  struct Match {
    Number number = 0;
    double similarity = 0;
    double rank = 0;
  };

  void prefetch(const Candidate& candidate) const;
  const RememberedText& record(Number number) const { return records_[number - first_]; }
  Number group_of(Number number) const { return groups_[number - first_]; }
  std::string_view group_id(Number group) const;
  std::vector<Number> members(Number group) const;
  std::optional<Number> by_id(std::string_view id) const;
  std::optional<Number> by_url(std::uint64_t url) const;
  std::optional<Number> by_text(std::uint64_t text_hash) const;
  std::optional<Number> group_by_id(std::string_view id) const;
  std::optional<Number> same_item(const Candidate& candidate, std::string_view* reason) const;
  bool plausible(const Candidate& candidate, const RememberedText& earlier) const;
  std::optional<Match> nearest(const Candidate& candidate) const;
  std::vector<Number> candidates(const Candidate& candidate) const;
  Flags furniture(std::span<const Sentence> sentences, Number own) const;
  std::size_t distinct_groups(std::span<const Number> numbers) const;
  Verdict linked(const Candidate& candidate, Number to, double similarity,
                 std::string reason) const;
  Number remember(RememberedText known, PackedText text, std::string_view group, bool opens);
  Number join_group(Number number, std::string_view id, std::string_view group, bool opens);
  void leave_group(Number number);
  void forget_oldest();

  const DedupOptions options_;

  std::deque<RememberedText> records_;
  ByteQueue packed_;           ///< Their texts.
  std::deque<Number> groups_;  ///< Of each record the number that its group was opened with; that
                               ///< text may be gone. Apart, because look-ups need only this.
  Number first_ = 1;           ///< Number of records_.front().
  std::unordered_map<Number, Company> companies_;
  // By half a hash: what is found is compared with the record.
  PostingIndex ids_{kMaxPostings};
  PostingIndex urls_{kMaxPostings};
  PostingIndex texts_{kMaxPostings};
  PostingIndex group_ids_{kMaxPostings};  ///< To group numbers.
  PostingIndex shingles_{kMaxPostings};
  PostingIndex skeletons_{kMaxPostings};
  std::unique_ptr<Restoring> restoring_;  ///< What was put off.
};

}  // namespace nutgraf
