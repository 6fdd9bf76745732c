#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/article/edge_lines.h"
#include "daemon/base/date.h"
#include "daemon/model/furniture.h"

namespace nutgraf {

/// How often lines stood at the edges of one feed's recent stories, and which of them are furniture
/// therefore: learned from nothing but recurrence, without a word of any language or site.
///
/// A line is furniture once it stood at the edge of kStories stories of as many different events, a
/// day or more apart, and inside no more than once for four times there: a quote that several
/// reports of one event repeat is news, and a heading that opens sections is the story's. Running
/// text must also be in a quarter of the recent stories: a sentence of background recurs as well.
///
/// Recent: after kWindow stories all counts are halved. A line whose count has come down to one, or
/// running text in less than an eighth, is furniture no longer for items that come from then on.
/// A line that is not seen again is forgotten with its last count.
///
/// Bounds: kMostLines lines of a feed are counted, the rarest and oldest giving way, and
/// kMostLearned of them are furniture; a feed's counts take about 8 KB packed, never more than 20.
/// To unpack them, add a story and pack them costs some 25 µs. Deterministic: the same stories in
/// the same order, the same furniture.
class LineCounts {
 public:
  static constexpr std::size_t kStories = 5;
  static constexpr std::uint32_t kWindow = 64;
  static constexpr std::size_t kMostLines = 192;
  static constexpr std::size_t kMostLearned = 32;

  /// One story, told at `time` of an event that `event` stands for, and decided at `now`. REQUIRES:
  /// it is no copy and no edition of an earlier one. True: what is furniture changed.
  bool add(const std::vector<SeenLine>& story, std::uint64_t event, Time time, Time now);

  /// What is furniture now, or was until lately.
  Furniture furniture() const;

  /// For the store. unpack() of anything but what pack() gave: nullopt.
  std::string pack() const;
  static std::optional<LineCounts> unpack(std::string_view bytes);

 private:
  struct Entry {
    std::uint64_t line = 0;
    std::uint32_t edge = 0;    // Recent stories at whose edge it stood.
    std::uint32_t inside = 0;  // In which it stood elsewhere.
    bool running = false;
    Time first{};
    Time last{};
    std::array<std::uint32_t, kStories> events{};  // The first different ones, as hashes.
    std::uint8_t different = 0;                    // So many of them.
    std::optional<Time> since;                     // Learned then.
    Time until = Time::max();
    std::string text;  // Of a learned one.

    bool in_force() const { return since && until == Time::max(); }
  };

  Entry* find(std::uint64_t line);
  Entry& find_or_add(const SeenLine& seen);
  void count(Entry& entry, std::uint32_t event, Time time) const;
  bool is_furniture(const Entry& entry) const;
  bool still_furniture(const Entry& entry) const;
  bool fade(Time now);

  std::uint32_t stories_ = 0;  // Recent ones: at most kWindow.
  std::int64_t version_ = 0;
  std::vector<Entry> entries_;  // By line.
};

}  // namespace nutgraf
