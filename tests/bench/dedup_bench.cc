// What the desk does to a story: duplicate or not, and which event. Stories are generated from a
// seed: 320 words drawn by Zipf's law from 40,000, of which an eighth belongs to one of so many
// subjects (five reports each, and none of their words elsewhere); every tenth story is an edited
// copy of one of the last hundred. The argument is the number of stories in the index.
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "daemon/dedup/deduplicator.h"
#include "daemon/event/event_index.h"

namespace {

using namespace nutgraf;

class Newsroom {
 public:
  struct Report {
    std::string title;
    std::string text;
  };

  Report next() {
    if (!recent_.empty() && random_() % 10 == 0) return edited(recent_[random_() % recent_.size()]);
    const unsigned subject = static_cast<unsigned>(count_ / 5);
    Report report{"Subject" + std::to_string(subject) + " in the news", {}};
    for (int i = 0; i < 320; ++i) {
      const bool own = random_() % 8 == 0;
      report.text += own ? "Own" + std::to_string(subject) + "x" + std::to_string(random_() % 40)
                         : "word" + std::to_string(common());
      report.text += i % 16 == 15 ? ". The " : " ";
    }
    ++count_;
    if (recent_.size() < 100) recent_.push_back(report);
    recent_[count_ % recent_.size()] = report;
    return report;
  }

 private:
  Report edited(Report report) {
    for (int i = 0; i < 5; ++i) {
      report.text.replace(report.text.find(' ', random_() % (report.text.size() / 2)), 1, " new ");
    }
    return report;
  }

  /// Zipf over 40,000 by inverting the harmonic sum.
  unsigned common() {
    const double uniform = static_cast<double>(random_()) / 4294967296.0;
    return static_cast<unsigned>(std::exp(uniform * std::log(40'000.0)));
  }

  std::mt19937 random_{5};
  std::size_t count_ = 0;
  std::vector<Report> recent_;
};

const Time kStart = Time(std::chrono::hours(24 * 365 * 50));

/// The time that the n-th story is decided: so that the window never closes on the first.
Time time_of(std::size_t n, std::size_t stories) {
  return kStart + std::chrono::milliseconds(n * (13 * 24 * 3600'000ull) / (2 * stories));
}

Candidate candidate(std::size_t n, const Newsroom::Report& report, Time time) {
  Candidate candidate;
  candidate.id = "0123456789abcdef" + std::to_string(10'000'000 + n);
  candidate.url_key = "daily.example/" + candidate.id;
  candidate.host = "daily.example";
  candidate.time = time;
  candidate.print = fingerprint(report.title, report.text);
  return candidate;
}

void take(Deduplicator& dedup, const Candidate& story) { dedup.add(story, dedup.decide(story)); }

void BM_Fingerprint(benchmark::State& state) {
  Newsroom newsroom;
  const Newsroom::Report report = newsroom.next();
  for (auto _ : state) benchmark::DoNotOptimize(fingerprint(report.title, report.text));
}
BENCHMARK(BM_Fingerprint)->Unit(benchmark::kMicrosecond);

void BM_Dedup(benchmark::State& state) {
  const auto stories = static_cast<std::size_t>(state.range(0));
  Newsroom newsroom;
  Deduplicator dedup({.max_stories = 10'000'000});
  std::size_t n = 0;
  for (; n < stories; ++n) take(dedup, candidate(n, newsroom.next(), time_of(n, stories)));
  std::vector<Candidate> more;
  for (; more.size() < 2000; ++n) {
    more.push_back(candidate(n, newsroom.next(), time_of(stories, stories)));
  }
  for (auto _ : state) {
    for (const Candidate& story : more) take(dedup, story);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(more.size()));
  state.counters["bytes_a_story"] =
      static_cast<double>(dedup.memory_bytes()) / static_cast<double>(dedup.size());
}
BENCHMARK(BM_Dedup)->Arg(1'000)->Arg(10'000)->Arg(33'000)->Iterations(1)->Unit(
    benchmark::kMillisecond);

void BM_Event(benchmark::State& state) {
  const auto stories = static_cast<std::size_t>(state.range(0));
  Newsroom newsroom;
  EventIndex index({.max_stories = 10'000'000});
  const auto report = [&](std::size_t n) {
    const Newsroom::Report r = newsroom.next();
    const Time time = time_of(std::min(n, stories), stories);
    return EventCandidate{std::to_string(n),
                          time,
                          time,
                          story_vector(summarizer::analyse({r.title, r.text, "en"})),
                          {}};
  };
  std::size_t n = 0;
  for (; n < stories; ++n) index.assign(report(n));
  std::vector<EventCandidate> more;
  for (; more.size() < 2000; ++n) more.push_back(report(n));
  for (auto _ : state) {
    for (const EventCandidate& story : more) benchmark::DoNotOptimize(index.assign(story));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(more.size()));
  state.counters["bytes_a_story"] =
      static_cast<double>(index.memory_bytes()) / static_cast<double>(index.stories());
  state.counters["events"] = static_cast<double>(index.events());
}
BENCHMARK(BM_Event)->Arg(1'000)->Arg(10'000)->Arg(33'000)->Iterations(1)->Unit(
    benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
