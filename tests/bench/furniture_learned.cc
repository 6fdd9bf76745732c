// What LineCounts learns of each feed of a stream, for people to judge, and what it takes away.
//
//   nutgraf events --jsonl < stream.jsonl > events.jsonl
//   furniture_learned events.jsonl < stream.jsonl
//
// The stream: {"feed" or "url","title","text","published"} a line, in the order of arrival. A line
// for each line that was learned of a feed: in how many of its stories it was taken away, and how
// many of them it stood in from first to last; then the sums.
#include <chrono>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "daemon/article/boilerplate.h"
#include "daemon/article/line_counts.h"
#include "daemon/base/hash.h"
#include "daemon/base/url.h"

namespace {

using nlohmann::json;

struct Line {
  std::string text;
  std::size_t seen = 0;
  std::size_t removed = 0;
};

struct Feed {
  nutgraf::LineCounts counts;
  nutgraf::Furniture furniture;
  std::map<std::uint64_t, Line> learned;
  std::map<std::uint64_t, std::size_t> seen;
  std::size_t stories = 0;
};

struct Sums {
  std::size_t stories = 0;
  std::size_t changed = 0;
  std::size_t bytes = 0;
  std::size_t removed = 0;
  std::chrono::nanoseconds worker{0};
  std::chrono::nanoseconds desk{0};
};

std::string feed_of(const json& story) {
  const std::string feed = story.value("feed", "");
  return feed.empty() ? nutgraf::host_of(story.value("url", "")) : feed;
}

void tell(Feed& feed, const json& story, const std::string& event, Sums& sums) {
  const std::string title = story.value("title", "");
  const std::string text = nutgraf::clean_text(title, story.value("text", ""), "").text;
  const nutgraf::Time time =
      nutgraf::parse_rfc3339(story.value("published", "")).value_or(nutgraf::Time{});
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<nutgraf::SeenLine> lines = nutgraf::seen_lines(title, text);
  const std::string left = nutgraf::without_furniture(title, text, feed.furniture, time);
  const auto handed_over = std::chrono::steady_clock::now();
  if (feed.counts.add(lines, nutgraf::hash64(event), time, time)) {
    feed.furniture = feed.counts.furniture();
  }
  // As the desk does with each story.
  feed.counts = nutgraf::LineCounts::unpack(feed.counts.pack()).value();
  sums.worker += handed_over - begin;
  sums.desk += std::chrono::steady_clock::now() - handed_over;

  for (const nutgraf::SeenLine& line : lines) {
    const bool gone = left.size() < text.size() && !line.inside;
    ++feed.seen[line.line];
    for (const nutgraf::FurnitureLine& learned : feed.furniture.lines) {
      if (learned.line != line.line) continue;
      Line& known = feed.learned[line.line];
      known.text = learned.text;
      known.removed += gone && learned.concerns(time);
    }
  }
  ++feed.stories;
  ++sums.stories;
  sums.changed += left.size() < text.size();
  sums.bytes += text.size();
  sums.removed += text.size() - left.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: furniture_learned events.jsonl < stream.jsonl\n";
    return 64;
  }
  std::ifstream events(argv[1]);
  std::map<std::string, Feed> feeds;
  Sums sums;
  std::string event;
  for (std::string line; std::getline(std::cin, line) && std::getline(events, event);) {
    const json story = json::parse(line);
    const json verdict = json::parse(event);
    tell(feeds[feed_of(story)], story, verdict.at("event").dump(), sums);
  }
  std::size_t lines = 0;
  for (const auto& [name, feed] : feeds) {
    for (const auto& [hash, line] : feed.learned) {
      std::cout << name << '\t' << feed.stories << '\t' << feed.seen.at(hash) << '\t'
                << line.removed << '\t' << line.text << '\n';
      ++lines;
    }
  }
  const auto micros = [&](std::chrono::nanoseconds spent) {
    return spent.count() / 1000 / static_cast<long>(std::max<std::size_t>(sums.stories, 1));
  };
  std::cout << feeds.size() << " feeds, " << sums.stories << " stories, " << lines
            << " lines learned; " << sums.removed << " of " << sums.bytes << " bytes removed from "
            << sums.changed << " stories; " << micros(sums.worker) << " us a story for a worker, "
            << micros(sums.desk) << " for the desk\n";
}
