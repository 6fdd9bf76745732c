// What a commit costs, against the floor: bare inserts of the same bytes into SQLite with the same
// durability, measured in the same run.
#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "daemon/model/json.h"
#include "daemon/store/sqlite_store.h"

namespace nutgraf {
namespace {

/// A story as the corpora have it in the median: 4 KB with its text, half of it without.
Story story_of(std::int64_t n) {
  Story story;
  story.id = "0123456789abcdef01234567" + std::to_string(10'000'000 + n);
  story.title = "Council votes to close the old bridge for two years of repairs";
  story.url = "https://example.org/world/2026/" + std::to_string(n);
  story.source = {"example-world", "https://example.org/rss", "Example", "Example Media",
                  "example.org"};
  story.keywords = {"bridge", "council", "repairs", "traffic", "budget"};
  const std::string sentence =
      "The council voted nine to four on Tuesday to close the bridge from March, a decision that "
      "shop owners on both banks had fought for months. ";
  story.summary = {sentence + sentence, {{sentence, 0}, {sentence, 4}}, "nutgraf"};
  while (story.text.size() < 2'500) story.text += sentence;
  return story;
}

std::string envelope(const Draft& draft, const Stamp& stamp) {
  return R"({"type":"story/1","seq":)" + std::to_string(stamp.seq) + R"(,"story":)" +
         draft.payload + "}";
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nutgraf-bench-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path file() const { return path_ / "n.db"; }

 private:
  std::filesystem::path path_;
};

StoryCommit commit_of(std::int64_t n) {
  StoryCommit commit;
  commit.feed_id = "example-world";
  commit.item_key = std::to_string(n);
  commit.story = story_of(n);
  commit.story_id = commit.story->id;
  commit.url_key = commit.story->url;
  commit.text_hash = static_cast<std::uint64_t>(n) * 0x9e3779b97f4a7c15ULL;
  commit.fingerprint = std::string(1'275, 'f');  // The mean of real texts.
  commit.dedup_group = commit.story_id;
  commit.vector = std::string(2'088, 'v');
  commit.event_id = "event-" + std::to_string(n / 4);
  commit.event_due = Time{};
  commit.message = Draft{.type = "story/1",
                         .topic = "story.en.world.",
                         .op = "create",
                         .name = "story",
                         .payload = to_json(*commit.story, WithText::kNo),
                         .subject = commit.story_id};
  return commit;
}

/// What the process has handed to write(), also what stays in the system's cache.
double written_bytes() {
  std::ifstream io("/proc/self/io");
  std::string name;
  double bytes = 0;
  while (io >> name >> bytes && name != "wchar:") continue;
  return bytes;
}

/// Stories a second through the ledger; the argument is how many a batch.
void commit_stories(benchmark::State& state) {
  const Folder folder;
  const auto store = SqliteStore::open(folder.file(), envelope).value();
  std::int64_t n = 0;
  const double before = written_bytes();
  for (auto _ : state) {
    state.PauseTiming();
    Batch batch;
    while (std::ssize(batch.stories) < state.range(0)) batch.stories.push_back(commit_of(++n));
    state.ResumeTiming();
    if (!store->ledger().commit(batch, Time{})) state.SkipWithError("commit failed");
  }
  state.SetItemsProcessed(n);
  state.counters["KB a story"] = (written_bytes() - before) / 1e3 / static_cast<double>(n);
}
BENCHMARK(commit_stories)->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The floor: as many bytes in one table without an index.
void bare_inserts(benchmark::State& state) {
  const Folder folder;
  sqlite3* db = nullptr;
  sqlite3_open(folder.file().c_str(), &db);
  const auto run = [&](const char* sql) { sqlite3_exec(db, sql, nullptr, nullptr, nullptr); };
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, "
      "b)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO t(b) VALUES (?)", -1, &insert, nullptr);
  const StoryCommit story = commit_of(1);
  const std::string bytes = to_json(*story.story, WithText::kYes) + story.message->payload +
                            story.fingerprint + story.vector;
  for (auto _ : state) {
    run("BEGIN IMMEDIATE");
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      sqlite3_bind_text(insert, 1, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
      sqlite3_step(insert);
      sqlite3_reset(insert);
    }
    run("COMMIT");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  sqlite3_finalize(insert);
  sqlite3_close(db);
}
BENCHMARK(bare_inserts)->Arg(1)->Arg(100)->Unit(benchmark::kMillisecond)->UseRealTime();

void story_to_json(benchmark::State& state) {
  const Story story = story_of(1);
  std::size_t bytes = 0;
  for (auto _ : state) bytes += to_json(story, WithText::kYes).size();
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(story_to_json);

void story_from_its_json(benchmark::State& state) {
  const std::string json = to_json(story_of(1), WithText::kYes);
  for (auto _ : state) benchmark::DoNotOptimize(story_from_json(json));
}
BENCHMARK(story_from_its_json);

/// Pages of 500 messages from a log of 10,000.
void read_pages(benchmark::State& state) {
  const Folder folder;
  const auto store = SqliteStore::open(folder.file(), envelope).value();
  for (std::int64_t n = 0; n < 10'000;) {
    Batch batch;
    for (int i = 0; i < 100; ++i) batch.stories.push_back(commit_of(++n));
    if (!store->ledger().commit(batch, Time{})) state.SkipWithError("commit failed");
  }
  const auto reader = store->reader().value();
  Sequence cursor = 0;
  std::int64_t messages = 0;
  for (auto _ : state) {
    const auto answer = reader->page({.after = cursor, .limit = 500});
    const LogPage& page = std::get<LogPage>(answer.value());
    messages += std::ssize(page.messages);
    cursor = page.more ? page.next : 0;
  }
  state.SetItemsProcessed(messages);
}
BENCHMARK(read_pages)->Unit(benchmark::kMillisecond);

/// Claims from a backlog of 20,000 pages of 500 hosts, 32 at a time.
void claim(benchmark::State& state) {
  const Folder folder;
  const auto store = SqliteStore::open(folder.file(), envelope).value();
  Batch batch;
  PollCommit& poll = batch.polls.emplace_back();
  poll.state.feed_id = "f";
  for (int i = 0; i < 20'000; ++i) {
    ItemArrival& arrival = poll.arrivals.emplace_back();
    arrival.pending.item_key = std::to_string(i);
    arrival.pending.page_host = "host" + std::to_string(i % 500) + ".example";
    arrival.pending.item.title = "title";
  }
  if (!store->ledger().commit(batch, Time{})) state.SkipWithError("commit failed");
  std::int64_t claimed = 0;
  for (auto _ : state) {
    const auto items = store->work().claim({.now = Time{}}).value();
    claimed += std::ssize(items);
    state.PauseTiming();
    std::vector<std::int64_t> ids;
    for (const PendingItem& item : items) ids.push_back(item.id);
    if (!store->work().release(ids, Time{})) state.SkipWithError("release failed");
    state.ResumeTiming();
  }
  state.SetItemsProcessed(claimed);
}
BENCHMARK(claim)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace nutgraf

BENCHMARK_MAIN();
