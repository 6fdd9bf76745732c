#include "daemon/dedup/deduplicator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/base/hash.h"
#include "daemon/dedup/identity.h"

namespace nutgraf {
namespace {

using std::chrono::hours;
using Kind = Verdict::Kind;

const Time kStart = Time(hours(24 * 365 * 50));

/// A report of `sentences` sentences in a vocabulary of its own.
std::string report(unsigned seed, int sentences = 12) {
  std::mt19937 random(seed);
  std::string text;
  for (int s = 0; s < sentences; ++s) {
    text += s == 0 ? "" : s % 4 == 0 ? "\n\n" : " ";
    text += "Subject" + std::to_string(seed);
    for (int w = 0; w < 11; ++w) text += " word" + std::to_string(random() % 5000);
    text += ".";
  }
  return text;
}

Candidate candidate(std::string id, std::string title, std::string text, Time time = kStart) {
  Candidate candidate;
  candidate.url_key = "daily.example/" + id;
  candidate.host = "daily.example";
  candidate.id = std::move(id);
  candidate.time = time;
  candidate.print = fingerprint(title, text);
  return candidate;
}

class Desk {
 public:
  explicit Desk(DedupOptions options = {}) : dedup(options) {}
  Verdict take(const Candidate& story) {
    Verdict verdict = dedup.decide(story);
    dedup.add(story, verdict);
    return verdict;
  }
  Deduplicator dedup;
};

TEST(Deduplicator, KnowsAnEditedCopyAndATruncatedOne) {
  Desk desk;
  EXPECT_EQ(desk.take(candidate("a", "Subject1 wins", report(1))).kind, Kind::kNew);
  EXPECT_EQ(desk.take(candidate("b", "Subject2 wins", report(2))).kind, Kind::kNew);
  std::string edited = report(1);
  edited.replace(edited.find("word"), 4, "other");
  const Verdict copy = desk.take(candidate("c", "Subject1 wins", edited));
  EXPECT_EQ(copy.kind, Kind::kDuplicate);
  EXPECT_EQ(copy.of, "a");
  EXPECT_EQ(copy.group, "a");
  EXPECT_GT(copy.similarity, 0.9);
  const Verdict half = desk.take(candidate("d", "Subject1 wins", report(1, 5)));
  EXPECT_EQ(half.kind, Kind::kDuplicate);
  EXPECT_EQ(half.group, "a");
}

TEST(Deduplicator, KnowsAnUpdateByItsNewPassage) {
  Desk desk;
  desk.take(candidate("a", "Subject1 wins", report(1)));
  const Verdict update =
      desk.take(candidate("b", "Subject1 wins", report(1) + "\n\n" + report(901, 2)));
  EXPECT_EQ(update.kind, Kind::kUpdate);
  EXPECT_EQ(update.of, "a");
  // What the group has said since is nothing new.
  EXPECT_EQ(desk.take(candidate("c", "Subject1 wins", report(1) + " " + report(901, 2))).kind,
            Kind::kDuplicate);
}

TEST(Deduplicator, KnowsAnUpdateByItsChangedFigure) {
  Desk desk;
  const std::string text = report(1, 6) + " Police said 9 of the crew were hurt. " + report(2, 6);
  std::string changed = text;
  changed.replace(changed.find(" 9 "), 3, " 12 ");
  desk.take(candidate("a", "Subject1 wins", text));
  EXPECT_EQ(desk.take(candidate("b", "Subject1 wins", changed)).kind, Kind::kUpdate);
}

TEST(Deduplicator, TakesVolatileLinesForNothing) {
  Desk desk;
  desk.take(candidate("a", "Subject1 wins", report(1)));
  EXPECT_EQ(desk.take(candidate("b", "Subject1 wins",
                                "By Jo Field\n\nUpdated Wed May 8, 2024 3:37 pm\n\n" + report(1)))
                .kind,
            Kind::kDuplicate);
}

TEST(Deduplicator, TellsFillingsOfATemplateApart) {
  Desk desk;
  const auto filled = [](const std::string& name, const std::string& figure) {
    return name + " reported a profit of " + figure +
           " million in the quarter, compared with the same quarter of the year before. Shares "
           "of " +
           name + " rose after the report. Analysts had expected a profit of " + figure +
           "1 million. "
           "The company is based in " +
           name + "ville and has paid dividends for years, it said.";
  };
  desk.take(candidate("a", "Acorn: quarter", filled("Acorn", "12")));
  EXPECT_EQ(desk.take(candidate("b", "Birch: quarter", filled("Birch", "48"))).kind, Kind::kNew);
  EXPECT_EQ(desk.take(candidate("c", "Cedar: quarter", filled("Cedar", "73"))).kind, Kind::kNew);
  EXPECT_EQ(desk.take(candidate("d", "Daphne: quarter", filled("Daphne", "91"))).kind, Kind::kNew);
}

TEST(Deduplicator, BelievesAGuidOnlyIfTitleOrTextAgree) {
  Desk desk;
  desk.take(candidate("a", "Subject1 wins", report(1)));
  Candidate again = candidate("b", "Subject1 wins the prize", report(7));
  again.known_as = "a";
  EXPECT_EQ(desk.take(again).of, "a");
  Candidate reused = candidate("c", "Quite another matter", report(3));
  reused.known_as = "a";
  EXPECT_EQ(desk.take(reused).kind, Kind::kNew);
}

TEST(Deduplicator, KnowsATeaserByItsUrl) {
  Desk desk;
  const Candidate full = candidate("a", "Subject1 wins", report(1));
  desk.take(full);
  Candidate teaser = candidate("b", "Subject1 wins", "");
  teaser.url_key = full.url_key;
  const Verdict verdict = desk.take(teaser);
  EXPECT_EQ(verdict.kind, Kind::kDuplicate);
  EXPECT_EQ(verdict.reason, "url");
}

TEST(Deduplicator, BelievesTheUrlOfATextThatIsOnlyATeaserSoFar) {
  Desk desk;
  Candidate teaser = candidate("a", "Harbour fire: follow along tonight", "More soon.");
  desk.take(teaser);
  const std::string title = "Harbour fire leaves nine sailors hurt";
  EXPECT_EQ(desk.dedup.decide(candidate("b", title, report(1))).kind, Kind::kNew);
  Candidate full = candidate("c", title, report(1));
  full.known_as = "a";
  EXPECT_EQ(desk.dedup.decide(full).kind, Kind::kNew) << "a GUID alone, and titles that differ";
  full.url_key = teaser.url_key;
  EXPECT_EQ(desk.dedup.decide(full).of, "a");
  full.print = fingerprint("Parliament raises the sugar duty", report(1));
  EXPECT_EQ(desk.dedup.decide(full).kind, Kind::kNew) << "nothing agrees but the address";
}

TEST(Deduplicator, HoldsTextsAgainstEachOtherWithoutTheirFurniture) {
  const auto page = [](unsigned own, const std::string& furniture) {
    return furniture + "\n\n" + report(own, 3);
  };
  for (const bool shared : {false, true}) {
    Desk desk;
    const std::string furniture = report(50, 5);
    for (unsigned i = 1; i <= 3; ++i) {
      const std::string own = shared ? furniture : report(60 + i, 5);
      desk.take(candidate(std::to_string(i), "Title" + std::to_string(i), page(i, own)));
    }
    const std::string title = "Council votes on the harbour";
    EXPECT_EQ(desk.take(candidate("x", title, page(7, furniture))).kind, Kind::kNew);
    // What many pages of the site say makes no copy of two of them; what only these two say, does.
    EXPECT_EQ(desk.take(candidate("y", title, page(8, furniture))).kind == Kind::kNew, shared);
  }
}

/// Two keys that the index by 32 bits does not tell apart.
std::pair<std::string, std::string> colliding_keys() {
  std::unordered_map<std::uint32_t, std::string> seen;
  for (int i = 0;; ++i) {
    std::string key = "daily.example/" + std::to_string(i);
    const auto [at, fresh] = seen.try_emplace(half_hash(key), key);
    if (!fresh) return {at->second, key};
  }
}

TEST(Deduplicator, TellsUrlsApartWhoseIndexKeysAreEqual) {
  const auto [one, other] = colliding_keys();
  Desk desk;
  Candidate first = candidate("a", "Subject1 wins", report(1));
  first.url_key = one;
  desk.take(first);
  Candidate second = candidate("b", "Subject1 wins", report(2));
  second.url_key = other;
  EXPECT_EQ(desk.take(second).kind, Kind::kNew);
  second.id = "c";
  second.url_key = one;  // Its newer neighbour does not hide it.
  EXPECT_EQ(desk.dedup.decide(second).of, "a");
}

TEST(Deduplicator, TakesOneTextUnderManyTitlesOfAHostForABlockedPage) {
  Desk desk;
  const std::string consent = report(50, 8);
  desk.take(candidate("a", "Harbour fire injures nine", consent));
  const Verdict blocked = desk.take(candidate("b", "Parliament raises sugar duty", consent));
  EXPECT_EQ(blocked.kind, Kind::kNew);
  EXPECT_TRUE(blocked.blocked);
}

TEST(Deduplicator, ForgetsBeyondTheWindowAndTheCap) {
  DedupOptions options;
  options.max_stories = 3;
  Desk desk(options);
  for (unsigned i = 0; i < 5; ++i) {
    desk.take(candidate(std::to_string(i), "Title" + std::to_string(i), report(i)));
  }
  EXPECT_EQ(desk.dedup.size(), 3u);
  EXPECT_EQ(desk.take(candidate("again", "Title0", report(0))).kind, Kind::kNew);
  desk.take(candidate("late", "Late", report(99), kStart + options.window + hours(1)));
  EXPECT_EQ(desk.dedup.size(), 1u);
}

TEST(Deduplicator, TakesNoMoreMemoryInSixtyDays) {
  constexpr unsigned kADay = 100;
  Desk desk;
  std::size_t early = 0;
  for (unsigned i = 0; i < 60 * kADay; ++i) {
    // Every fourth text comes again within the week.
    const unsigned text = i % 4 == 3 ? i - 4 * (i % 150) / 4 : i;
    desk.take(candidate(std::to_string(i), "T" + std::to_string(text), report(text, 4),
                        kStart + std::chrono::minutes(24 * 60) * i / kADay));
    if (i == 20 * kADay) early = desk.dedup.memory_bytes();
  }
  EXPECT_EQ(desk.dedup.size(), 14u * kADay + 1);
  EXPECT_LE(desk.dedup.memory_bytes(), early + early / 10);
}

/// Originals, copies, updates and furniture, mixed.
std::vector<Candidate> stream(std::size_t count) {
  std::mt19937 random(3);
  std::vector<Candidate> stories;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned subject = random() % 60;
    std::string text = report(subject, 4 + static_cast<int>(random() % 8));
    if (random() % 4 == 0) text += "\n\n" + report(1000 + random() % 5, 2);
    if (random() % 3 == 0) text += "\n\nSign up for our letter and get the best of the week.";
    stories.push_back(candidate("s" + std::to_string(i), "Subject" + std::to_string(subject), text,
                                kStart + hours(i)));
    if (random() % 5 == 0 && i > 0) stories.back().known_as = "s" + std::to_string(random() % i);
    if (random() % 9 == 0 && i > 0) stories.back().url_key = stories[random() % i].url_key;
  }
  return stories;
}

void restart_at_any_story(const DedupOptions& options) {
  const std::vector<Candidate> stories = stream(300);
  Deduplicator whole(options);
  std::vector<std::pair<Candidate, Verdict>> kept;
  std::size_t linked = 0;
  for (const Candidate& story : stories) {
    Deduplicator again(options);
    IndexedTexts restored;
    for (const auto& [before, verdict] : kept) {
      if (before.time < story.time - options.window) continue;
      Candidate old = before;
      old.print = *parse_fingerprint(serialize(old.print));
      restored.add(old, verdict.group);
    }
    again.restore(std::move(restored));
    const Verdict expected = whole.decide(story);
    const Verdict got = again.decide(story);
    ASSERT_EQ(got.kind, expected.kind) << story.id;
    ASSERT_EQ(got.of, expected.of) << story.id;
    ASSERT_EQ(got.group, expected.group) << story.id;
    ASSERT_EQ(got.similarity, expected.similarity) << story.id;
    ASSERT_EQ(got.reason, expected.reason) << story.id;
    linked += expected.kind != Kind::kNew ? 1 : 0;
    whole.add(story, expected);
    kept.emplace_back(story, expected);
  }
  EXPECT_GT(linked, 50u);
  EXPECT_LT(linked, 290u);
}

TEST(Deduplicator, DecidesTheSameAfterARestartAtAnyStory) {
  restart_at_any_story({.window = hours(100)});
}

TEST(Deduplicator, DecidesTheSameAfterARestartWithMoreStoriesThanItKeeps) {
  restart_at_any_story({.max_stories = 40});
}

TEST(Deduplicator, HoldsNotMuchMoreThanTheCapWhileItIsRestored) {
  Deduplicator dedup({.max_stories = 50});
  std::size_t most = 0;
  for (int i = 0; i < 21'000; ++i) {
    const std::string id = std::to_string(i);
    IndexedTexts one;
    one.add(candidate(id, "Title" + id, "The text of " + id), id);
    dedup.restore(std::move(one));
    most = std::max(most, dedup.size());
  }
  EXPECT_LE(most, 20'100u);
  dedup.settle();
  EXPECT_EQ(dedup.size(), 50u);
}

}  // namespace
}  // namespace nutgraf
