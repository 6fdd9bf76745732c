// How long a summary takes, and that the default method is linear in the sentences:
//
//   summarizer_bench --benchmark_filter=Sentences
//
// summarizer_plot.py draws it; summarizer_peers.py sets the rate beside other summarizers'.
// Corpus/… reads the stories of the shared corpus ($NUTGRAF_SHARED), where they are at hand.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "summarizer/summarizer.h"

namespace {

using nutgraf::summarizer::Document;
using nutgraf::summarizer::Method;

/// A text of so many sentences of 20 words, of which a few are common and many are rare, as in
/// news.
std::string text_of(std::int64_t sentences) {
  std::mt19937 random(1);
  std::string text;
  for (std::int64_t i = 0; i < sentences; ++i) {
    text += "The";
    for (int w = 0; w < 19; ++w) {
      const double u = static_cast<double>(random()) / static_cast<double>(std::mt19937::max());
      const int word = static_cast<int>(20000 * u * u * u * u);
      text += ' ';
      for (int x = word + 26; x > 0; x /= 26) text += static_cast<char>('a' + x % 26);
    }
    text += ". ";
  }
  return text;
}

void summarize(benchmark::State& state, Method method) {
  const std::string text = text_of(state.range(0));
  for (auto _ : state) {
    benchmark::DoNotOptimize(nutgraf::summarizer::summarize(
        Document{.title = {}, .text = text, .language = "en"}, {.method = method}));
  }
  state.SetComplexityN(state.range(0));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(summarize, Sentences, Method::kNutgraf)
    ->Arg(10)
    ->Arg(20)
    ->Arg(50)
    ->Arg(100)
    ->Arg(200)
    ->Arg(500)
    ->Arg(1000)
    ->Arg(2000)
    ->Arg(5000)
    ->Complexity()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(summarize, TextRank, Method::kTextRank)
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->Unit(benchmark::kMicrosecond);

void analyse(benchmark::State& state) {
  const std::string text = text_of(30);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        nutgraf::summarizer::analyse({.title = {}, .text = text, .language = "en"}));
  }
}
BENCHMARK(analyse)->Unit(benchmark::kMicrosecond);

void detect_language(benchmark::State& state) {
  const std::string text = text_of(30);
  for (auto _ : state) benchmark::DoNotOptimize(nutgraf::summarizer::detect_language(text));
}
BENCHMARK(detect_language)->Unit(benchmark::kMicrosecond);

std::vector<std::string> stories() {
  std::vector<std::string> out;
  const char* shared = std::getenv("NUTGRAF_SHARED");
  if (shared == nullptr) return out;
  std::ifstream file(std::string(shared) + "/corpus/summaries/cnndm.jsonl");
  for (std::string line; std::getline(file, line);) {
    out.push_back(nlohmann::json::parse(line)["text"].get<std::string>());
  }
  return out;
}

/// Items are stories: split, stemmed, ranked, three sentences picked. Each pass has a summarizer of
/// its own, which meets the words of the stories for the first time.
void corpus(benchmark::State& state) {
  const std::vector<std::string> all = stories();
  if (all.empty()) return state.SkipWithError("no corpus; set NUTGRAF_SHARED");
  for (auto _ : state) {
    nutgraf::summarizer::Summarizer summarizer;
    for (const std::string& text : all) {
      benchmark::DoNotOptimize(
          summarizer.summarize(Document{.title = {}, .text = text, .language = "en"}));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}
BENCHMARK(corpus)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
