#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "daemon/base/number_lists.h"
#include "daemon/base/split_table.h"

namespace nutgraf {

/// An inverted index: 32-bit key → numbers of the stories that hold it, the last `most` that were
/// added. A key that more stories share marks none of them, and would cost time at every look-up.
///
/// Most keys have one number, which stands in the key's slot; the others have a list. So a search
/// passes keys only, however many stories share one of those in its way. 10 to 13 bytes a key, and
/// 4 to 8 a posting of a key that has several.
///
/// One thread at a time; but keys of different pieces [SplitHash] may be added by a thread each.
class PostingIndex {
 public:
  /// A posting [DeferredAdds].
  struct Addition {
    std::uint32_t key;
    std::uint32_t number;
  };

  /// `most` in 2 … NumberLists::kMost.
  explicit PostingIndex(std::size_t most) : most_(most) {}

  /// Adds a posting, unless its number is the key's newest already. 0 < `number` < 2^31.
  void add(std::uint32_t key, std::uint32_t number);
  void add(const Addition& addition) { add(addition.key, addition.number); }

  /// Removes a posting if it is there (it may have been displaced by newer ones).
  void remove(std::uint32_t key, std::uint32_t number);

  /// The numbers of `key` in the order they were added. Valid until the index is changed.
  std::span<const std::uint32_t> find(std::uint32_t key) const {
    const Entry* entry = entries_.find(key);
    return entry == nullptr ? std::span<const std::uint32_t>() : numbers_of(*entry, lists(key));
  }

  /// Calls visit(position, numbers) for each of `keys` that has numbers, in their order. Fetches
  /// into the cache ahead, which hides most of what misses cost.
  template <typename Visit>
  void find_each(std::span<const std::uint32_t> keys, Visit visit) const {
    for (const std::uint32_t key : keys) entries_.prefetch(key);
    std::vector<const Entry*> found(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      found[i] = entries_.find(keys[i]);
      if (found[i] != nullptr && found[i]->several()) lists(keys[i]).prefetch(found[i]->list());
    }
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (found[i] != nullptr) visit(i, numbers_of(*found[i], lists(keys[i])));
    }
  }

  /// To be called for some keys ahead of what is done with them [SplitTable::prefetch].
  void prefetch(std::uint32_t key) const { entries_.prefetch(key); }

  std::size_t size() const;  ///< Postings.
  std::size_t memory_bytes() const;

 private:
  struct Entry {
    static constexpr std::uint32_t kList = 1u << 31;

    std::uint32_t key = 0;
    std::uint32_t value = 0;  ///< A number, or kList and a list's handle.
    bool taken() const { return value != 0; }
    bool several() const { return (value & kList) != 0; }
    NumberLists::Handle list() const { return value & ~kList; }
  };

  /// Of its own cache lines, for the thread that fills it.
  struct alignas(64) Piece {
    NumberLists lists;
    std::size_t size = 0;  ///< Postings.
  };

  static std::span<const std::uint32_t> numbers_of(const Entry& entry, const NumberLists& lists) {
    return entry.several() ? lists.of(entry.list()) : std::span(&entry.value, 1);
  }
  Piece& piece(std::uint32_t key) { return pieces_[SplitHash::piece_of(SplitHash::of(key))]; }
  const NumberLists& lists(std::uint32_t key) const {
    return pieces_[SplitHash::piece_of(SplitHash::of(key))].lists;
  }

  std::size_t most_;
  SplitTable<Entry> entries_;
  std::vector<Piece> pieces_ = std::vector<Piece>(SplitHash::kPieces);
};

}  // namespace nutgraf
