#include "daemon/feed/item_rules.h"

#include <algorithm>
#include <array>

#include "daemon/base/ascii.h"

namespace nutgraf {
namespace {

using V = Vocabulary;
using F = Field;

/// Which element is which field. The highest weight wins, the first among equals; for dates and
/// authors see below.
constexpr auto kRules = std::to_array<Rule>({
    {V::kCore, "title", F::kTitle, 9},
    {V::kAtom, "title", F::kTitle, 8},
    {V::kRss, "title", F::kTitle, 8},
    {V::kNews, "title", F::kTitle, 7},
    {V::kDc, "title", F::kTitle, 6},
    {V::kItunes, "title", F::kTitle, 4},
    {V::kMedia, "title", F::kTitle, 3},

    {V::kCore, "link", F::kLink, 9},
    {V::kCore, "loc", F::kLink, 9},
    {V::kAtom, "link", F::kLink, 8},
    {V::kRss, "link", F::kLink, 8},
    {V::kCore, "url", F::kLink, 4},

    {V::kCore, "guid", F::kGuid, 9},
    {V::kCore, "id", F::kGuid, 9},
    {V::kRss, "guid", F::kGuid, 8},
    {V::kAtom, "id", F::kGuid, 8},
    {V::kDc, "identifier", F::kGuid, 1},

    {V::kCore, "pubdate", F::kPublished, 9},
    {V::kCore, "published", F::kPublished, 9},
    {V::kCore, "issued", F::kPublished, 8},
    {V::kNews, "publication_date", F::kPublished, 8},
    {V::kAtom, "published", F::kPublished, 7},
    {V::kAtom, "issued", F::kPublished, 6},
    {V::kDcTerms, "issued", F::kPublished, 6},
    {V::kDc, "date", F::kPublished, 5},
    {V::kDc, "issued", F::kPublished, 5},
    {V::kDcTerms, "created", F::kPublished, 5},
    {V::kDcTerms, "date", F::kPublished, 5},
    {V::kCore, "created", F::kPublished, 4},
    {V::kAtom, "created", F::kPublished, 4},
    {V::kCore, "date", F::kPublished, 4},
    {V::kCore, "datetime", F::kPublished, 3},

    {V::kCore, "updated", F::kUpdated, 9},
    {V::kCore, "modified", F::kUpdated, 9},
    {V::kCore, "lastmod", F::kUpdated, 9},
    {V::kAtom, "updated", F::kUpdated, 8},
    {V::kAtom, "modified", F::kUpdated, 8},
    {V::kDcTerms, "modified", F::kUpdated, 7},
    {V::kDc, "modified", F::kUpdated, 7},
    {V::kCore, "lastbuilddate", F::kUpdated, 5},

    {V::kCore, "author", F::kAuthor, 9},
    {V::kAtom, "author", F::kAuthor, 8},
    {V::kRss, "author", F::kAuthor, 8},
    {V::kDc, "creator", F::kAuthor, 7},
    {V::kDc, "author", F::kAuthor, 7},
    {V::kDcTerms, "creator", F::kAuthor, 6},
    {V::kItunes, "author", F::kAuthor, 5},
    {V::kGooglePlay, "author", F::kAuthor, 4},
    {V::kCore, "managingeditor", F::kAuthor, 3},
    {V::kMedia, "credit", F::kCredit, 2},
    {V::kDc, "contributor", F::kAuthor, 1},

    {V::kCore, "category", F::kCategory, 9},
    {V::kAtom, "category", F::kCategory, 9},
    {V::kDc, "subject", F::kCategory, 9},
    {V::kDcTerms, "subject", F::kCategory, 9},
    {V::kMedia, "category", F::kCategory, 9},
    {V::kItunes, "category", F::kCategory, 9},
    {V::kGooglePlay, "category", F::kCategory, 9},
    {V::kItunes, "keywords", F::kKeywords, 9},
    {V::kMedia, "keywords", F::kKeywords, 9},
    {V::kNews, "keywords", F::kKeywords, 9},

    {V::kCore, "description", F::kSummary, 9},
    {V::kCore, "summary", F::kSummary, 9},
    {V::kAtom, "summary", F::kSummary, 8},
    {V::kRss, "description", F::kSummary, 8},
    {V::kDc, "description", F::kSummary, 7},
    {V::kDcTerms, "abstract", F::kSummary, 6},
    {V::kItunes, "summary", F::kSummary, 5},
    {V::kGooglePlay, "description", F::kSummary, 4},
    {V::kMedia, "description", F::kSummary, 3},
    {V::kItunes, "subtitle", F::kSummary, 2},

    {V::kContent, "encoded", F::kText, 9},
    {V::kCore, "content", F::kText, 9},
    {V::kCore, "encoded", F::kText, 8},
    {V::kAtom, "content", F::kText, 8},
    {V::kXhtml, "body", F::kText, 7},
    {V::kXhtml, "div", F::kText, 6},
    {V::kCore, "body", F::kText, 5},
    {V::kCore, "fullitem", F::kText, 5},
    {V::kCore, "fulltext", F::kText, 5},

    {V::kDc, "language", F::kLanguage, 9},
    {V::kCore, "language", F::kLanguage, 8},
    {V::kNews, "language", F::kLanguage, 8},

    {V::kMedia, "thumbnail", F::kImage, 8},
    {V::kItunes, "image", F::kImage, 7},
    {V::kGooglePlay, "image", F::kImage, 6},
    {V::kCore, "image", F::kImage, 6},
    {V::kMedia, "content", F::kEnclosure, 7},
    {V::kCore, "enclosure", F::kEnclosure, 6},

    {V::kCore, "source", F::kSource, 9},
    {V::kAtom, "source", F::kSource, 8},
    {V::kDc, "source", F::kSource, 5},

    {V::kMedia, "group", F::kContainer, 0},
    {V::kNews, "news", F::kContainer, 0},
    {V::kNews, "publication", F::kSource, 7},
});

constexpr std::size_t kVocabularies = static_cast<std::size_t>(V::kOther) + 1;

/// The rules by vocabulary, and where each vocabulary begins.
constexpr auto kSorted = [] {
  auto rules = kRules;
  std::sort(rules.begin(), rules.end(),
            [](const Rule& a, const Rule& b) { return a.vocabulary < b.vocabulary; });
  return rules;
}();
constexpr auto kBegins = [] {
  std::array<std::size_t, kVocabularies + 1> begins{};
  for (const Rule& rule : kSorted) ++begins[static_cast<std::size_t>(rule.vocabulary) + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  return begins;
}();

}  // namespace

const Rule* find_rule(const QualifiedName& name) {
  const auto vocabulary = static_cast<std::size_t>(name.vocabulary);
  for (std::size_t i = kBegins[vocabulary]; i < kBegins[vocabulary + 1]; ++i) {
    if (equals_ignoring_case(kSorted[i].name, name.local)) return &kSorted[i];
  }
  return nullptr;
}

const Rule* RuleCache::find(std::string_view name, const Namespaces& namespaces) {
  if (name.empty()) return nullptr;
  const auto letter = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
  const std::size_t mixed = name.size() * 11 + letter(0) * 31U + letter(name.size() / 2) * 5U +
                            letter(name.size() - 1) * 3U;
  Entry& entry = entries_[mixed % entries_.size()];
  const std::uint64_t generation = namespaces.generation();
  if (entry.generation != generation || entry.name != name) {
    entry = {name, find_rule(namespaces.resolve(name)), generation};
  }
  return entry.rule;
}

}  // namespace nutgraf
