// How long a start takes to rebuild the indexes: a desk restores from a store on disk.
//
//   restore_bench FILE [STORIES [ROUNDS]]   100,000, 5; makes the store if FILE is not there
//
// One line of JSON: {"stories", "seconds", "median" (on the clock, the best round and the middle
// one), "cpu", "median_cpu" (of all threads, the same)}. The stories are those of
// tests/bench/newsroom.h, decided as a desk would.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/hash.h"
#include "daemon/desk/desk.h"
#include "daemon/store/sqlite_store.h"
#include "tests/bench/newsroom.h"

namespace {

using namespace nutgraf;

constexpr std::size_t kBatch = 2000;

std::string no_envelope(const Draft& draft, const Stamp&) { return draft.payload; }

/// Decides and commits made-up stories; what a restart does not read of them is left out.
class Filler {
 public:
  explicit Filler(Ledger& ledger) : ledger_(ledger) {}

  bool fill(std::size_t stories) {
    const Time start = SystemClock().utc() - std::chrono::hours(24);
    for (std::size_t n = 0; n < stories; ++n) {
      now_ = start + std::chrono::milliseconds(n * (20 * 3600'000ull) / stories);
      batch_.stories.push_back(next(n));
      if (batch_.stories.size() < kBatch && n + 1 < stories) continue;
      if (!ledger_.commit(batch_, now_)) return false;
      batch_ = {};
    }
    return true;
  }

 private:
  StoryCommit next(std::size_t n) {
    const bench::Newsroom::Report report = newsroom_.next();
    const std::string text = report.text();
    Candidate candidate;
    candidate.id = hash_id("story" + std::to_string(n));
    candidate.host = "outlet" + std::to_string(report.outlet) + ".example";
    candidate.url_key = candidate.host + "/" + candidate.id;
    candidate.time = now_;
    candidate.print = fingerprint(report.title, text);
    const Verdict verdict = dedup_.decide(candidate);
    dedup_.add(candidate, verdict);
    const Assignment event =
        events_.assign({candidate.id,
                        now_,
                        now_,
                        story_vector(summarizer::analyse({report.title, text, "en"})),
                        {}});
    StoryCommit commit;
    commit.fate = Fate::kPublished;
    commit.feed_id = candidate.host;
    commit.item_key = candidate.id;
    commit.story = Story{};
    commit.story->id = commit.story_id = candidate.id;
    commit.story->first_seen_at = now_;
    commit.url_key = candidate.url_key;
    commit.text_hash = candidate.print.text_hash;
    commit.fingerprint = serialize(candidate.print);
    commit.dedup_group = verdict.group;
    commit.vector = event.stored;
    commit.event_id = event.event_id;
    return commit;
  }

  Ledger& ledger_;
  bench::Newsroom newsroom_{11};
  Deduplicator dedup_{{.max_stories = 10'000'000}};
  EventIndex events_{{.max_stories = 10'000'000}};
  Batch batch_;
  Time now_{};
};

class Nobody final : public Publisher {
 public:
  void publish(std::vector<Publication>) override {}
};

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Took {
  double clock = 0;
  double cpu = 0;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Took restore(Ledger& ledger) {
  const SystemClock clock;
  Nobody nobody;
  Mailbox mailbox([] {});
  BoundedQueue<Outcome> outcomes(10);
  Metrics metrics;
  Pulse pulse;
  FeedBook book;
  Desk desk({ledger, nobody, mailbox, clock, outcomes, metrics, pulse, [](Sequence) {}, book}, {},
            {.max_stories = 10'000'000}, {.max_stories = 10'000'000});
  const double begin = seconds(CLOCK_MONOTONIC);
  const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  if (!desk.restore()) std::exit(1);
  return {seconds(CLOCK_MONOTONIC) - begin, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::filesystem::path file = argv[1];
  const std::size_t stories = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100'000;
  const bool made = std::filesystem::exists(file);
  const auto store = SqliteStore::open(file, no_envelope);
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().message.c_str());
    return 1;
  }
  Ledger& ledger = (*store)->ledger();
  if (!made && !Filler(ledger).fill(stories)) return 1;
  const std::size_t rounds = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 5;
  std::vector<double> clock;
  std::vector<double> cpu;
  for (std::size_t round = 0; round < std::max<std::size_t>(rounds, 1); ++round) {
    const Took took = restore(ledger);
    clock.push_back(took.clock);
    cpu.push_back(took.cpu);
  }
  std::printf(
      "{\"stories\": %zu, \"seconds\": %.2f, \"median\": %.2f, \"cpu\": %.2f, "
      "\"median_cpu\": %.2f}\n",
      stories, *std::min_element(clock.begin(), clock.end()), median(clock),
      *std::min_element(cpu.begin(), cpu.end()), median(cpu));
  return 0;
}
