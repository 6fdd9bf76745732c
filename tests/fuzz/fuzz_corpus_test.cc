// The seeds of the fuzzers in every build: as they are, cut, and with bytes changed. What a fuzzer
// finds becomes a seed named for the defect, and is so held for good.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

struct Target {
  const char* name;
  void (*run)(std::string_view bytes);
};

/// Variants of a seed: enough to stop at each of its parts, few enough for every run of the tests.
constexpr std::size_t kCuts = 48;
constexpr std::size_t kFlips = 96;

std::vector<std::filesystem::path> seeds_of(const std::string& name) {
  std::vector<std::filesystem::path> seeds;
  const std::filesystem::path folder = std::string(NUTGRAF_TEST_DIR) + "/fuzz/corpus/" + name;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    seeds.push_back(entry.path());
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

class FuzzCorpus : public testing::TestWithParam<Target> {};

TEST_P(FuzzCorpus, SeedsKeepTheProperties) {
  const auto seeds = seeds_of(GetParam().name);
  EXPECT_FALSE(seeds.empty());
  for (const auto& seed : seeds) {
    SCOPED_TRACE(seed.filename());
    EXPECT_NO_THROW(GetParam().run(bytes_of(seed)));
  }
}

TEST_P(FuzzCorpus, CutSeedsKeepTheProperties) {
  for (const auto& seed : seeds_of(GetParam().name)) {
    const std::string bytes = bytes_of(seed);
    for (std::size_t i = 0; i < kCuts; ++i) {
      const std::size_t cut = bytes.size() * i / kCuts;
      SCOPED_TRACE(seed.filename().string() + " cut at " + std::to_string(cut));
      EXPECT_NO_THROW(GetParam().run(std::string_view(bytes).substr(0, cut)));
    }
  }
}

TEST_P(FuzzCorpus, SeedsWithChangedBytesKeepTheProperties) {
  for (const auto& seed : seeds_of(GetParam().name)) {
    std::string bytes = bytes_of(seed);
    if (bytes.empty()) continue;
    for (std::size_t i = 0; i < kFlips; ++i) {
      // A step that meets ever other bytes, and what digits, markup and UTF-8 do not expect.
      const std::size_t at = i * 2654435761U % bytes.size();
      const char was = std::exchange(bytes[at], "\0\xFF\n<&\"9%"[i % 8]);
      SCOPED_TRACE(seed.filename().string() + " changed at " + std::to_string(at));
      EXPECT_NO_THROW(GetParam().run(bytes));
      bytes[at] = was;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus,
                         testing::Values(Target{"article", article}, Target{"base", base},
                                         Target{"client", client}, Target{"config", config},
                                         Target{"feed", feed}, Target{"fetch", fetch},
                                         Target{"opml", opml}, Target{"stored", stored},
                                         Target{"summarizer", summarizer}, Target{"sync", sync},
                                         Target{"web", web}),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace nutgraf::fuzz
