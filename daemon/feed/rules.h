#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/model/item.h"

namespace nutgraf {

/// One line of a feed's `keep` or `drop`: FIELD OPERATOR VALUE.
///
///   title ~ /\bquiz\b/i          a regular expression (ICU) finds a match; flag i: any case
///   tag = sports                 equal but for the case of letters
///   url ^ https://example.org/v  begins with, byte by byte
///
/// Fields: title, url, tag (any category of the item), author (any of them), text (the feed's own
/// text or teaser, without tags). A value is the rest of the line; a pattern stands between
/// slashes,
/// "\/" is a slash in it.
///
/// Immutable once parsed; matches() may be called from any thread. An expression gets a bounded
/// number of steps and the first 64 KiB of a field, then counts as no match: neither a hostile
/// feed nor a careless pattern can hold up the daemon.
class Rule {
 public:
  /// kBadConfig says what is wrong and shows a rule that is right.
  static Result<Rule> parse(std::string_view text);

  Rule(Rule&&) noexcept;
  Rule& operator=(Rule&&) noexcept;
  ~Rule();

  bool matches(const FeedItem& item) const;
  const std::string& text() const;  ///< As the operator wrote it.

 private:
  struct Parts;
  explicit Rule(std::unique_ptr<Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

/// A feed's rules, compiled once and used on every item.
struct ItemRules {
  std::vector<Rule> keep;  ///< Empty: keep all. Otherwise one has to match.
  std::vector<Rule> drop;  ///< None may match. Stronger than keep.

  /// Why the item is not wanted, for `nutgraf why` ("drop rule: tag = sports"); nullopt if it is.
  std::optional<std::string> refusal(const FeedItem& item) const;
};

/// Compiles what a feed's configuration says; the first bad rule is the error.
Result<ItemRules> parse_rules(const std::vector<std::string>& keep,
                              const std::vector<std::string>& drop);

}  // namespace nutgraf
