#pragma once

#include <chrono>
#include <cstddef>

namespace nutgraf {

/// Limits of near-duplicate detection. The thresholds are the measured ones and are not meant to be
/// tuned one by one; the window and the cap are the operator's. A missed copy is a nuisance, a
/// false one a story that is never seen: where in doubt they are strict.
struct DedupOptions {
  /// How long a text is remembered. Longer finds later reprints and costs about 2 KB a story.
  std::chrono::hours window = std::chrono::hours(14 * 24);
  /// Stories remembered at most; beyond it the oldest are forgotten first. 1,000,000 are about
  /// 2 GB, the default about 420 MB.
  std::size_t max_stories = 200'000;

  std::size_t min_shared = 25;   ///< Covered words below which two texts are never called the same.
  double min_cover = 0.85;       ///< Share of the smaller text that the other must hold, …
  std::size_t short_text = 300;  ///< … or, in a text of fewer words than this,
  double short_cover = 0.55;     ///< this share,
  double short_cover_lede = 1.2;  ///< if with the lede's share it makes this,
  double short_title = 0.5;       ///< and titles agree so far: much of the text is new.
  std::size_t teaser = 40;        ///< Of a text of fewer words, inside one that is …
  std::size_t teaser_of = 5;      ///< … so many times as long,
  double teaser_cover = 0.9;  ///< this share: it was cut and not rewritten, and the names of the
                              ///< matter alone would cover most of a sentence.
  double min_lede = 0.3;      ///< Share of the first 60 words.
  double min_title = 0.25;    ///< Share of the title's words that the other's title or text has.
  double max_hard = 0.15;     ///< Share of names and figures that were replaced one for one.
  double min_numbers = 0.65;  ///< Share of the smaller set of figures that the other has.

  friend bool operator==(const DedupOptions&, const DedupOptions&) = default;
};

}  // namespace nutgraf
