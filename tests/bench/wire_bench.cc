// What the wire costs: an envelope, a page of the log, the way of a live message.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "tests/client/server.h"

namespace nutgraf {
namespace {

using std::chrono::milliseconds;

std::string payload(std::size_t bytes) { return "{\"x\":\"" + std::string(bytes, 'x') + "\"}"; }

WireOptions as_in_production() {
  WireOptions options = Server::loopback();
  options.heartbeat = milliseconds(1000);
  return options;
}

/// Takes everything until the subscriber has caught up; the number of messages.
std::int64_t catch_up(Subscriber& subscriber) {
  std::int64_t messages = 0;
  for (;;) {
    auto delivery = subscriber.next(milliseconds(1000));
    if (!delivery || !*delivery) continue;
    const auto* notice = std::get_if<Notice>(&**delivery);
    if (notice == nullptr) {
      ++messages;
    } else if (notice->kind == Notice::Kind::kCaughtUp) {
      return messages;
    }
  }
}

void envelope_of_a_story(benchmark::State& state) {
  const Draft draft{.type = "story/1",
                    .topic = "story.en.world.",
                    .op = "create",
                    .name = "story",
                    .payload = payload(static_cast<std::size_t>(state.range(0)))};
  const Stamp stamp{.epoch = "5f0c", .seq = 1042, .prev = 1038};
  for (auto _ : state) benchmark::DoNotOptimize(envelope(draft, stamp));
}
BENCHMARK(envelope_of_a_story)->Arg(2'000);

void fetch_the_whole_log(benchmark::State& state) {
  constexpr int kMessages = 50'000;
  TinyLog log("e1");
  for (int i = 0; i < kMessages; ++i) log.append("story.en.x.", payload(2'000));
  Server server(log, as_in_production());
  std::int64_t messages = 0;
  for (auto _ : state) {
    auto options = server.client({}, FromOldest{});
    options.page = static_cast<int>(state.range(0));
    messages += catch_up(**Subscriber::connect(options));
  }
  state.SetItemsProcessed(messages);
}
BENCHMARK(fetch_the_whole_log)->Arg(500)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

/// From publish() to the hands of one of ten subscribers; with range(0) another client fetches the
/// log meanwhile, without end.
void way_of_a_live_message(benchmark::State& state) {
  TinyLog log("e1");
  for (int i = 0; i < 20'000; ++i) log.append("story.en.x.", payload(2'000));
  Server server(log, as_in_production());
  std::vector<std::unique_ptr<Subscriber>> crowd;
  for (int i = 0; i < 10; ++i) {
    crowd.push_back(std::move(*Subscriber::connect(server.client({"story.de."}))));
    catch_up(*crowd.back());
  }
  std::jthread fetcher([&](const std::stop_token& stop) {
    while (state.range(0) != 0 && !stop.stop_requested()) {
      catch_up(**Subscriber::connect(server.client({}, FromOldest{})));
    }
  });
  std::vector<double> ways;
  for (auto _ : state) {
    const auto sent = std::chrono::steady_clock::now();
    server.publish("story.de.x.", payload(2'000));
    for (auto& subscriber : crowd) {
      while (!*subscriber->next(milliseconds(1000))) {
      }
    }
    ways.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - sent).count());
  }
  std::sort(ways.begin(), ways.end());
  state.counters["p50_ms"] = 1e3 * ways[ways.size() / 2];
  state.counters["p99_ms"] = 1e3 * ways[ways.size() * 99 / 100];
}
BENCHMARK(way_of_a_live_message)->Arg(0)->Arg(1)->Iterations(2000)->UseRealTime();

}  // namespace
}  // namespace nutgraf

BENCHMARK_MAIN();
