// The sentence graph of `nutgraf explain --html`, as SVG.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "daemon/base/html_escape.h"
#include "daemon/main/explanation.h"

namespace nutgraf::tool {
namespace {

using summarizer::Likeness;
using summarizer::Sentence;

/// Between neighbours, so that a story of up to 75 sentences needs no scrolling.
constexpr double kWidth = 1090;
constexpr double kWidest = 44;
constexpr double kNarrowest = 14;
constexpr double kRoomForNumber = 20;
constexpr double kMargin = 28;
constexpr double kLargest = 13;  // Radius of the highest rank.
constexpr double kSmallest = 3;
constexpr double kTallest = 190;  // Highest arc.
constexpr std::size_t kArcs = 3;  // Of each sentence, to its likest.

template <typename... Args>
std::string format(const char* pattern, Args... args) {
  char out[400];
  std::snprintf(out, sizeof out, pattern, args...);
  return out;
}

/// The likenesses that are among the kArcs largest of one of their ends; weakest first, so that the
/// strong ones are drawn over them.
std::vector<Likeness> strongest(const Explanation& e) {
  std::vector<Likeness> all = e.likenesses;
  std::ranges::sort(all, std::ranges::greater{}, &Likeness::cosine);
  std::vector<std::size_t> arcs(e.scores.size());
  std::vector<Likeness> out;
  for (const Likeness& l : all) {
    auto& a = arcs[static_cast<std::size_t>(l.a)];
    auto& b = arcs[static_cast<std::size_t>(l.b)];
    if (a >= kArcs && b >= kArcs) continue;
    ++a;
    ++b;
    out.push_back(l);
  }
  std::ranges::reverse(out);
  return out;
}

class Graph {
 public:
  explicit Graph(const Explanation& e) : e_(e), arcs_(strongest(e)) {
    for (const auto& s : e.scores) best_ = std::max(best_, s.rank);
    int widest = 1;
    for (const Likeness& l : arcs_) widest = std::max(widest, l.b - l.a);
    const double n = std::max<double>(1, static_cast<double>(e.scores.size()));
    step_ = std::clamp((kWidth - 2 * kMargin) / n, kNarrowest, kWidest);
    height_per_step_ = kTallest / std::pow(widest, 0.7);
    base_ = kTallest + 24;
  }

  std::string svg() const {
    const double width =
        std::max(2 * kMargin + step_ * static_cast<double>(e_.scores.size()), 400.0);
    std::string out = format(
        "<svg class=graph viewBox='0 0 %.0f %.0f' width='%.0f' height='%.0f' role=img "
        "aria-label='Likeness of sentences'>\n",
        width, base_ + 44, width, base_ + 44);
    for (const Likeness& l : arcs_) out += arc(l);
    for (std::size_t i = 0; i < e_.scores.size(); ++i) out += node(i);
    return out + "</svg>\n";
  }

 private:
  double x_of(int i) const { return kMargin + step_ * (i + 0.5); }

  std::string arc(const Likeness& l) const {
    const double from = x_of(l.a);
    const double to = x_of(l.b);
    // A cubic reaches three quarters of the height of its handles.
    const double top = base_ - height_per_step_ * std::pow(l.b - l.a, 0.7) / 0.75;
    return format(
        "<path class=arc data-a=%d data-b=%d d='M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f' "
        "stroke-width='%.2f' style='--like:%.2f'><title>%d – %d: likeness %.2f</title></path>\n",
        l.a, l.b, from, base_, from, top, to, top, to, base_, 0.8 + 4 * l.cosine,
        std::min(1.0, 0.12 + 1.2 * l.cosine), l.a + 1, l.b + 1, l.cosine);
  }

  /// Where numbers would run into one another: the picks, and every fifth that is no pick's
  /// neighbour.
  bool has_number(std::size_t i) const {
    if (step_ >= kRoomForNumber || e_.pick_of(i) > 0) return true;
    return (i + 1) % 5 == 0 && e_.pick_of(i - 1) == 0 && e_.pick_of(i + 1) == 0;
  }

  std::string node(std::size_t i) const {
    const Sentence& s = e_.analysis.sentences[i];
    const double share = best_ > 0 ? e_.scores[i].rank / best_ : 0;
    const double radius = std::max(kSmallest, std::min(kLargest, 0.6 * step_) * std::sqrt(share));
    const int pick = e_.pick_of(i);
    const char* kind = pick > 0 ? "picked" : s.bad ? "bad" : s.leaning ? "leaning" : "plain";
    const double x = x_of(static_cast<int>(i));
    std::string why = std::to_string(i + 1) + ". " + s.text;
    for (const std::string& reason : reasons(e_, i)) why += "\n" + reason;
    std::string out =
        format("<g class='node %s' data-s=%zu tabindex=0><circle cx='%.1f' cy='%.1f' r='%.1f'/>",
               kind, i, x, base_, radius);
    if (has_number(i)) out += format("<text x='%.1f' y='%.1f'>%zu</text>", x, base_ + 32, i + 1);
    out += "<title>" + escape_html(why) + "</title></g>\n";
    return out;
  }

  const Explanation& e_;
  const std::vector<Likeness> arcs_;
  double best_ = 0;  // Highest rank.
  double step_ = 0;
  double height_per_step_ = 0;  // Of arcs.
  double base_ = 0;             // Where the nodes are.
};

}  // namespace

std::string graph_svg(const Explanation& e) { return Graph(e).svg(); }

}  // namespace nutgraf::tool
