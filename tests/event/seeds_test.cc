// Five outlets on one event, as copied pages with furniture. Skips where the corpora are absent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/article/boilerplate.h"
#include "daemon/event/event_index.h"
#include "daemon/event/event_summary.h"

namespace nutgraf {
namespace {

const Time kStart = Time(std::chrono::hours(24 * 365 * 50));

std::filesystem::path seeds() {
  const char* shared = std::getenv("NUTGRAF_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : NUTGRAF_SHARED_DEFAULT) / "corpus" /
         "seeds";
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<Story> stories() {
  std::vector<Story> stories;
  for (int i = 0; i < 5; ++i) {
    const std::string name = std::to_string(i);
    const Cleaned cleaned = clean_text("", bytes_of(seeds() / (name + ".txt")), "en");
    Story story;
    story.id = "seed" + name;
    story.source.publisher = "Outlet " + name;
    story.title = cleaned.title;
    story.text = cleaned.text;
    story.language = "en";
    story.first_seen_at = kStart;
    stories.push_back(std::move(story));
  }
  return stories;
}

EventCandidate candidate(const Story& story) {
  return {story.id,
          kStart,
          kStart,
          story_vector(summarizer::analyse({story.title, story.text, story.language})),
          {}};
}

/// Lines that people have marked as furniture.
std::vector<std::string> furniture() {
  std::vector<std::string> lines;
  const nlohmann::json gold = nlohmann::json::parse(bytes_of(seeds() / "gold.json"));
  for (const nlohmann::json& seed : gold) {
    for (const nlohmann::json& line : seed.at("boilerplate")) {
      lines.push_back(line.get<std::string>());
    }
  }
  return lines;
}

void expect_no_furniture(const Event& event) {
  for (const std::string& line : furniture()) {
    for (const EventSentence& sentence : event.summary) {
      EXPECT_TRUE(line.size() < 20 || sentence.text.find(line) == std::string::npos) << line;
      EXPECT_EQ(line.find(sentence.text), std::string::npos) << sentence.text;
    }
  }
}

TEST(Seeds, MakeOneEventOfManyOutletsInAnyOrder) {
  if (!std::filesystem::exists(seeds())) {
    GTEST_SKIP() << "no seeds in " << seeds() << "; set NUTGRAF_SHARED";
  }
  std::vector<Story> arriving = stories();
  std::mt19937 random(1);
  for (int order = 0; order < 20; ++order) {
    std::shuffle(arriving.begin(), arriving.end(), random);
    EventIndex index;
    for (const Story& story : arriving) index.assign(candidate(story));
    EXPECT_EQ(index.events(), 1u) << "order " << order;

    const Event event = summarize_event(arriving, std::nullopt);
    EXPECT_EQ(event.independent, 5);
    EXPECT_EQ(event.summary.size(), 5u);
    std::set<std::string> outlets;
    for (const EventSentence& sentence : event.summary) outlets.insert(sentence.publisher);
    EXPECT_GE(outlets.size(), 3u) << "order " << order;
    expect_no_furniture(event);
    if (std::getenv("NUTGRAF_SHOW") == nullptr || order > 0) continue;
    for (const EventSentence& s : event.summary) {
      std::cout << s.publisher << " (" << s.support << ") " << s.text << "\n";
    }
    for (const Conflict& c : event.conflicts) {
      for (const Claim& claim : c.claims) std::cout << c.what << ": " << claim.text << "\n";
    }
  }
}

}  // namespace
}  // namespace nutgraf
