// What the desk's two indexes cost a story, from ten thousand stories to a million: time of the
// thread for a decision with what it adds to the index, and bytes.
//
//   index_scale [dedup|events] [STORIES]      default: both, 1,000,000
//   index_scale load [STORIES]                100,000: the stored forms back into each index, on
//                                             the clock and of all threads, the best of three
//
// One line of JSON for each step: {"index", "stories", "us", "worst_ms", "bytes", "counted",
// "joined"}; `us` is the mean over 5,000 stories, `worst_ms` the longest of them, `bytes` the
// heap's growth a story as malloc has it, `counted` what the index says of itself, `joined` the
// share of stories that were like an earlier one. What workers do (fingerprints, words) is left
// out, and done on the way.
#include <malloc.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/hash.h"
#include "daemon/dedup/deduplicator.h"
#include "daemon/event/event_index.h"
#include "tests/bench/newsroom.h"

namespace {

using namespace nutgraf;
using bench::Newsroom;

constexpr std::size_t kTimed = 5000;
constexpr int kLoads = 3;
constexpr std::size_t kBatch = 256;  // As the desk restores them.

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double thread_seconds() { return seconds(CLOCK_THREAD_CPUTIME_ID); }

std::size_t heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// So that a million stories span 13 days: none expires.
Time time_of(std::size_t n, std::size_t stories) {
  return Time(std::chrono::hours(24 * 365 * 50)) +
         std::chrono::milliseconds(n * (13 * 24 * 3600'000ull) / stories);
}

class DedupRun {
 public:
  DedupRun(Newsroom& newsroom, std::size_t stories)
      : stories_(stories), newsroom_(newsroom), dedup_({.max_stories = 10'000'000}) {}

  Candidate make(std::size_t n) {
    const Newsroom::Report report = newsroom_.next();
    Candidate candidate;
    candidate.id = hash_id("story" + std::to_string(n));
    candidate.host = "outlet" + std::to_string(report.outlet) + ".example";
    candidate.url_key = candidate.host + "/" + candidate.id;
    candidate.time = time_of(n, stories_);
    candidate.print = fingerprint(report.title, report.text());
    return candidate;
  }
  void take(const Candidate& story) {
    const Verdict verdict = dedup_.decide(story);
    linked_ += verdict.kind != Verdict::Kind::kNew ? 1 : 0;
    dedup_.add(story, verdict);
  }
  std::size_t size() const { return dedup_.size(); }
  std::size_t counted() const { return dedup_.memory_bytes(); }
  double share() const { return static_cast<double>(linked_) / static_cast<double>(size()); }

 private:
  const std::size_t stories_;
  Newsroom& newsroom_;
  Deduplicator dedup_;
  std::size_t linked_ = 0;
};

class EventRun {
 public:
  EventRun(Newsroom& newsroom, std::size_t stories)
      : stories_(stories), newsroom_(newsroom), index_({.max_stories = 10'000'000}) {}

  EventCandidate make(std::size_t n) {
    const Newsroom::Report report = newsroom_.next();
    const std::string text = report.text();
    const Time time = time_of(n, stories_);
    return {hash_id("story" + std::to_string(n)),
            time,
            time,
            story_vector(summarizer::analyse({report.title, text, "en"})),
            {}};
  }
  void take(const EventCandidate& story) { index_.assign(story); }
  std::size_t size() const { return index_.stories(); }
  std::size_t counted() const { return index_.memory_bytes(); }
  double share() const {
    return 1 - static_cast<double>(index_.events()) / static_cast<double>(size());
  }

 private:
  const std::size_t stories_;
  Newsroom& newsroom_;
  EventIndex index_;
};

/// 10,000, 30,000, 100,000, …
std::size_t next_step(std::size_t step) {
  const bool thirds = std::to_string(step)[0] == '3';
  return thirds ? step / 3 * 10 : step * 3;
}

template <typename Run>
void measure(const char* name, std::size_t stories) {
  Newsroom newsroom(11);
  for (int i = 0; i < 3000; ++i) newsroom.next();  // What it remembers is not to be counted.
  const std::size_t before = heap_bytes();
  Run run(newsroom, stories);
  for (std::size_t step = std::min<std::size_t>(10'000, stories); step <= stories;) {
    for (std::size_t n = run.size(); n + kTimed < step; ++n) run.take(run.make(n));
    double worst = 0;
    double sum = 0;
    {
      std::vector<decltype(run.make(0))> more;
      for (std::size_t n = run.size(); more.size() < kTimed; ++n) more.push_back(run.make(n));
      for (const auto& story : more) {
        const double begin = thread_seconds();
        run.take(story);
        const double took = thread_seconds() - begin;
        sum += took;
        worst = std::max(worst, took);
      }
    }
    const auto size = static_cast<double>(run.size());
    std::printf(
        "{\"index\": \"%s\", \"stories\": %zu, \"us\": %.1f, \"worst_ms\": %.2f, \"bytes\": %.0f, "
        "\"counted\": %.0f, \"joined\": %.3f}\n",
        name, run.size(), 1e6 * sum / kTimed, 1e3 * worst,
        static_cast<double>(heap_bytes() - before) / size,
        static_cast<double>(run.counted()) / size, run.share());
    std::fflush(stdout);
    if (step == stories) break;
    step = std::min(next_step(step), stories);
  }
}

struct StoredText {
  Candidate story;  ///< But for its fingerprint.
  std::string group;
  std::string print;
};
struct StoredMember {
  Time time{};
  std::string event;
  std::string vector;
};

struct Took {
  double clock = 1e9;
  double cpu = 0;  ///< Of all threads.
};

/// The quickest of kLoads times.
template <typename Load>
Took best_of(Load load) {
  Took best;
  for (int round = 0; round < kLoads; ++round) {
    const double clock = seconds(CLOCK_MONOTONIC);
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    load();
    const Took took{seconds(CLOCK_MONOTONIC) - clock, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu};
    if (took.clock < best.clock) best = took;
  }
  return best;
}

void load_texts(const std::vector<StoredText>& texts) {
  Deduplicator dedup({.max_stories = 10'000'000});
  for (std::size_t i = 0; i < texts.size();) {
    IndexedTexts known;
    for (const std::size_t end = std::min(i + kBatch, texts.size()); i < end; ++i) {
      Candidate story = texts[i].story;
      story.print = *parse_fingerprint(texts[i].print);
      known.add(story, texts[i].group);
    }
    dedup.restore(std::move(known));
  }
  dedup.settle();
}

void load_members(const std::vector<StoredMember>& members) {
  EventIndex events({.max_stories = 10'000'000});
  for (std::size_t i = 0; i < members.size();) {
    IndexedReports known;
    for (const std::size_t end = std::min(i + kBatch, members.size()); i < end; ++i) {
      known.add(members[i].event, members[i].time, members[i].time, members[i].vector);
    }
    events.restore(std::move(known));
  }
  events.settle();
}

/// As the desk does it at start, the reading of the store apart.
void load(std::size_t stories) {
  Newsroom newsroom(11);
  DedupRun dedup(newsroom, stories);
  EventRun events(newsroom, stories);
  std::vector<StoredText> texts;
  std::vector<StoredMember> members;
  Deduplicator deciding({.max_stories = 10'000'000});
  EventIndex assigning({.max_stories = 10'000'000});
  for (std::size_t n = 0; n < stories; ++n) {
    Candidate text = dedup.make(n);
    std::string print = serialize(text.print);
    const Verdict verdict = deciding.decide(text);
    deciding.add(text, verdict);
    text.print = {};
    texts.push_back({std::move(text), verdict.group, std::move(print)});
    const EventCandidate report = events.make(n);
    Assignment assignment = assigning.assign(report);
    members.push_back(
        {report.decided, std::move(assignment.event_id), std::move(assignment.stored)});
  }
  const Took dedup_took = best_of([&] { load_texts(texts); });
  const Took events_took = best_of([&] { load_members(members); });
  std::printf(
      "{\"load\": %zu, \"dedup_s\": %.2f, \"dedup_cpu\": %.2f, \"events_s\": %.2f, "
      "\"events_cpu\": %.2f}\n",
      stories, dedup_took.clock, dedup_took.cpu, events_took.clock, events_took.cpu);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string which = argc > 1 ? argv[1] : "both";
  const std::size_t usual = which == "load" ? 100'000 : 1'000'000;
  const std::size_t stories = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : usual;
  if (which == "load") {
    load(stories);
    return 0;
  }
  if (which != "events") measure<DedupRun>("dedup", stories);
  if (which != "dedup") measure<EventRun>("events", stories);
  return 0;
}
