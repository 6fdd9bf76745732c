#include "daemon/feed/item_runs.h"

#include <algorithm>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

/// Bytes of a run: with its tree some ten times as much, which stays in the cache.
constexpr std::size_t kRun = 48 << 10;
/// Below that there is nothing to gain.
constexpr std::size_t kWorthIt = 2 * kRun;
/// A feed's own fields. More is no feed, or hostile.
constexpr std::size_t kMaxFrame = 512 << 10;

class Cutter {
 public:
  Cutter(std::string_view text, std::string_view name) : text_(text) {
    cut_.name = name;
    open_ = "<" + std::string(name);
    close_ = "</" + std::string(name);
  }

  std::optional<ItemRuns> run() {
    std::size_t copied = 0;
    std::size_t at = next_item(0);
    while (at != std::string_view::npos) {
      if (!keep(copied, at)) return std::nullopt;
      const std::size_t end = end_of_run(at);
      if (end == std::string_view::npos) return std::nullopt;
      cut_.frame.append(open_).append("/>");
      cut_.runs.push_back({at, end - at});
      copied = end;
      at = next_item(end);
    }
    if (cut_.runs.empty() || !keep(copied, text_.size())) return std::nullopt;
    return std::move(cut_);
  }

 private:
  bool keep(std::size_t from, std::size_t to) {
    cut_.frame.append(text_.substr(from, to - from));
    return cut_.frame.size() <= kMaxFrame;
  }

  bool is_item_at(std::size_t at) const {
    const std::string_view rest = text_.substr(at);
    if (!rest.starts_with(open_) || rest.size() == open_.size()) return false;
    const char next = rest[open_.size()];
    return is_space(next) || next == '>' || next == '/';
  }

  std::size_t next_item(std::size_t from) const {
    std::size_t at = text_.find(open_, from);
    while (at != std::string_view::npos && !is_item_at(at)) at = text_.find(open_, at + 1);
    return at;
  }

  /// Behind the last item of a run that begins at `at`; npos: one of them does not end.
  std::size_t end_of_run(std::size_t at) const {
    const std::size_t begin = at;
    while (true) {
      const std::size_t close = text_.find(close_, at);
      if (close == std::string_view::npos) return close;
      std::size_t end = close + close_.size();
      while (end < text_.size() && is_space(text_[end])) ++end;
      if (end == text_.size() || text_[end] != '>') return std::string_view::npos;
      const std::size_t behind = ++end;
      while (end < text_.size() && is_space(text_[end])) ++end;
      if (behind - begin >= kRun || !is_item_at(end)) return behind;
      at = end;
    }
  }

  std::string_view text_;
  std::string open_;
  std::string close_;
  ItemRuns cut_;
};

}  // namespace

std::optional<ItemRuns> cut_items(std::string_view text) {
  if (text.size() < kWorthIt) return std::nullopt;
  const std::size_t item = text.find("<item");
  const std::size_t entry = text.substr(0, item).find("<entry");
  return Cutter(text, entry == std::string_view::npos ? "item" : "entry").run();
}

}  // namespace nutgraf
