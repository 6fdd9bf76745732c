#include "daemon/article/selection.h"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "daemon/article/biography.h"
#include "daemon/article/byline.h"
#include "daemon/article/furniture.h"
#include "daemon/article/letters.h"

namespace nutgraf {
namespace {

using Index = HtmlDocument::Index;

/// A heading of the tail ends the story only behind this share of its good text.
constexpr double kTailBegins = 0.7;
constexpr std::size_t kLongestHeading = 160;
/// Longer lines than this are never furniture by their words alone.
constexpr std::size_t kLongestJunk = 330;
/// A paragraph this long that comes twice is a pull quote or a teaser.
constexpr double kRepeated = 140;
/// A good block this long between the h1 and the container is the lead.
constexpr double kLeastLead = 120;
/// Letters of the description by which the lead is recognized.
constexpr std::size_t kDescriptionLetters = 40;
/// So many paragraphs above and below are looked at for the author's name; those below may be a
/// biography.
constexpr std::size_t kBylineEdge = 3;
constexpr std::size_t kLongestByline = 120;
constexpr int kMostPrompts = 3;
constexpr std::size_t kLongestPrompt = 300;

/// The blocks that make the article, chosen step by step.
class Selection {
 public:
  Selection(const HtmlDocument& document, const PageText& text, Index container,
            const MainTextHints& hints, const ArticleRules& rules)
      : document_(document),
        text_(text),
        container_(container),
        hints_(hints),
        rules_(rules),
        verdicts_(text.blocks().size(), ArticleRule::kContainer) {}

  std::vector<ArticleRule> run();

 private:
  void choose(const Block& block);
  void drop_from(std::size_t at, ArticleRule rule);
  template <typename Test>
  void drop_if(ArticleRule rule, const Test& test);
  void take_container();
  void take_lead();
  std::optional<std::uint32_t> headline_before(std::uint32_t first) const;
  void cut_tail();
  void drop_junk();
  void drop_bylines();
  bool is_byline(const Block* block) const;
  bool is_biography(const Block* block) const;
  void drop_repeats();
  void drop_headline();
  void drop_trailing();

  std::size_t index(const Block* block) const {
    return static_cast<std::size_t>(block - text_.blocks().data());
  }
  std::string_view words(const Block* block) const { return text_.text(*block); }

  const HtmlDocument& document_;
  const PageText& text_;
  const Index container_;
  const MainTextHints& hints_;
  const ArticleRules& rules_;
  std::vector<ArticleRule> verdicts_;  // By block.
  std::vector<const Block*> chosen_;   // Those that are kept so far, in document order.
};

void Selection::choose(const Block& block) {
  verdicts_[index(&block)] = ArticleRule::kNone;
  chosen_.push_back(&block);
}

void Selection::drop_from(std::size_t at, ArticleRule rule) {
  for (std::size_t k = at; k < chosen_.size(); ++k) verdicts_[index(chosen_[k])] = rule;
  chosen_.resize(at);
}

template <typename Test>
void Selection::drop_if(ArticleRule rule, const Test& test) {
  if (!rules_.has(rule)) return;
  std::erase_if(chosen_, [&](const Block* block) {
    const bool drops = test(block);
    if (drops) verdicts_[index(block)] = rule;
    return drops;
  });
}

void Selection::take_container() {
  const std::vector<Block>& blocks = text_.blocks();
  const std::uint32_t first = text_.first_block(container_);
  const std::uint32_t last = text_.first_block(document_.end(container_));
  const std::string title = fold_words(hints_.title);
  std::uint32_t heading = first;
  for (std::uint32_t k = first; k < last; ++k) {
    if (blocks[k].tag == Tag::kH1 && fold_words(text_.text(blocks[k])) == title) {
      heading = k;
      break;
    }
  }
  for (std::uint32_t k = first; k < last; ++k) {
    // What stands above the headline is a date line, a rubric or a teaser, unless it is good text.
    const bool above = k < heading && blocks[k].good == 0;
    if (above && rules_.has(ArticleRule::kAboveHeadline)) {
      verdicts_[k] = ArticleRule::kAboveHeadline;
    } else {
      choose(blocks[k]);
    }
  }
}

bool is_teaser(std::string_view text, std::string_view description) {
  if (description.size() < kDescriptionLetters) return false;
  const std::string folded = fold_words(cut_utf8(text, 4 * kDescriptionLetters));
  const std::string wanted = fold_words(cut_utf8(description, 4 * kDescriptionLetters));
  return folded.size() >= kDescriptionLetters && wanted.size() >= kDescriptionLetters &&
         folded.compare(0, kDescriptionLetters, wanted, 0, kDescriptionLetters) == 0;
}

/// Index of the last headline before the container: an h1, or a heading that repeats the title.
/// Lists of other stories repeat it, too, so the h1 wins where it has the title.
std::optional<std::uint32_t> Selection::headline_before(std::uint32_t first) const {
  const std::string title = fold_words(hints_.title);
  std::optional<std::uint32_t> repeated;
  for (std::uint32_t k = first; k-- > 0;) {
    const Block& block = text_.blocks()[k];
    if (!is_heading(block.tag) || (repeated && block.tag != Tag::kH1)) continue;
    const bool titled = !title.empty() && fold_words(text_.text(block)) == title;
    if (block.tag == Tag::kH1) return titled || !repeated ? k : repeated;
    if (titled) repeated = k;
  }
  return repeated;
}

/// The lead often stands beside the headline, outside the container.
void Selection::take_lead() {
  if (!rules_.has(ArticleRule::kLead)) return;
  const std::vector<Block>& blocks = text_.blocks();
  const std::uint32_t first = text_.first_block(container_);
  const std::optional<std::uint32_t> headline = headline_before(first);
  // Without a headline only what stands directly before the container can be its lead.
  const Index parent = document_.parent(container_);
  const std::uint32_t from = headline                        ? *headline + 1
                             : parent == HtmlDocument::kNone ? first
                                                             : text_.first_block(parent);
  Index lead = HtmlDocument::kNone;  // The element around the lead so far.
  for (std::uint32_t k = from; k < first; ++k) {
    const Block& block = blocks[k];
    const Index around = document_.parent(block.element);
    // A lead may have several paragraphs: the further ones may be short.
    const bool good = block.good > 0 && (block.length >= kLeastLead || around == lead);
    const bool teaser = !is_heading(block.tag) && is_teaser(text_.text(block), hints_.description);
    if (good) lead = around;
    if (good || teaser) choose(block);
  }
}

void Selection::cut_tail() {
  if (!rules_.has(ArticleRule::kTail)) return;
  double total = 0;
  for (const Block* block : chosen_) total += block->good;
  double passed = 0;
  for (std::size_t k = 0; k < chosen_.size(); ++k) {
    const std::string_view line = words(chosen_[k]);
    if (passed >= kTailBegins * total && line.size() <= kLongestHeading &&
        tail_headings().matches(line)) {
      return drop_from(k, ArticleRule::kTail);
    }
    passed += chosen_[k]->good;
  }
}

void Selection::drop_junk() {
  drop_if(ArticleRule::kJunk, [this](const Block* block) {
    return block->size <= kLongestJunk && junk_lines().matches(words(block));
  });
}

/// Nothing but the name of an author, with or without "By".
bool Selection::is_byline(const Block* block) const {
  if (block->size > kLongestByline) return false;
  const std::string_view line = words(block);
  const std::string folded = fold_words(line);
  const Names names = byline_names(line);
  return std::ranges::any_of(hints_.authors, [&](const std::string& author) {
    const std::string name = fold_words(author);
    const bool only = folded == name || (folded.ends_with(" " + name) && !names.empty());
    return only && count_words(name) > 1;
  });
}

/// "Jane Doe is a writer who …": behind a story, what begins with its author's name is about her.
bool Selection::is_biography(const Block* block) const {
  if (block->size > kLongestBiography || is_heading(block->tag)) return false;
  const std::string folded = fold_words(words(block));
  return std::ranges::any_of(hints_.authors, [&](const std::string& author) {
    return count_words(author) > 1 && folded.starts_with(fold_words(author) + " ");
  });
}

void Selection::drop_bylines() {
  if (hints_.authors.empty() || chosen_.size() < 2) return;
  // Above a biography there is a story.
  const std::size_t below = std::max<std::size_t>(chosen_.size(), kBylineEdge + 1) - kBylineEdge;
  std::size_t at = 0;
  drop_if(ArticleRule::kByline, [&](const Block* block) {
    const std::size_t k = at++;
    if (k >= kBylineEdge && k < below) return false;
    return is_byline(block) || (k >= below && is_biography(block));
  });
}

void Selection::drop_repeats() {
  std::unordered_set<std::string_view> seen;
  drop_if(ArticleRule::kRepeat, [&](const Block* block) {
    return block->length > kRepeated && !seen.insert(words(block)).second;
  });
}

void Selection::drop_headline() {
  const std::string title = fold_words(hints_.title);
  bool body = false;
  drop_if(ArticleRule::kHeadline, [&](const Block* block) {
    const bool headline =
        block->tag == Tag::kH1 || (!body && block->size <= 2 * kLongestHeading && !title.empty() &&
                                   fold_words(words(block)) == title);
    body = body || block->good > 0;
    return headline;
  });
}

void Selection::drop_trailing() {
  for (int k = 0; k < kMostPrompts && rules_.has(ArticleRule::kPrompt) && chosen_.size() > 1; ++k) {
    const std::string_view line = words(chosen_.back());
    if (line.size() > kLongestPrompt || !prompts().contains(line)) break;
    drop_from(chosen_.size() - 1, ArticleRule::kPrompt);
  }
  if (!rules_.has(ArticleRule::kTrailingHeading)) return;
  while (!chosen_.empty() && is_heading(chosen_.back()->tag)) {
    drop_from(chosen_.size() - 1, ArticleRule::kTrailingHeading);
  }
}

std::vector<ArticleRule> Selection::run() {
  take_lead();
  take_container();
  cut_tail();
  drop_junk();
  drop_bylines();
  drop_repeats();
  drop_headline();
  drop_trailing();
  return std::move(verdicts_);
}

}  // namespace

std::vector<ArticleRule> select_blocks(const HtmlDocument& document, const PageText& text,
                                       Index container, const MainTextHints& hints,
                                       const ArticleRules& rules) {
  return Selection(document, text, container, hints, rules).run();
}

}  // namespace nutgraf
