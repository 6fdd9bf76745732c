// Prints what find_conflicts() finds in streams of stories, for people to judge: JSON lines of
// {id, title, text, published, source} in arrival order are gathered by our own EventIndex, and
// every event of several stories is looked through; a `feed` stands in for a source. A line
// {id, documents: [{text, source}…]} is an event that was gathered already; without a source each
// document is an outlet of its own.
//
//   event_conflicts [--hours N] FILE…
//
// --hours: reports so far apart still conflict, for streams whose times are made up; the times of
// an event's reports are then taken as equal if they lie within N hours of its first.
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "daemon/event/conflicts.h"
#include "daemon/event/event_index.h"
#include "daemon/event/independence.h"
#include "summarizer/summarizer.h"

namespace {

using namespace nutgraf;

using Events = std::map<std::string, std::vector<Story>>;

Story story_of(const nlohmann::json& line) {
  Story story;
  story.id = line.value("id", "");
  story.title = line.value("title", "");
  story.text = line.value("text", "");
  story.url = line.value("url", "");
  story.source.publisher = line.value("source", line.value("feed", ""));
  story.published_at =
      line.contains("published") ? parse_date(line.value("published", "")) : std::nullopt;
  return story;
}

void add_cluster(const nlohmann::json& line, Events& events) {
  std::vector<Story>& stories = events[line.value("id", "")];
  for (const nlohmann::json& document : line.at("documents")) {
    Story story = story_of(document);
    const std::string number = std::to_string(stories.size());
    story.id = line.value("id", "") + "/" + number;
    if (story.source.publisher.empty()) story.source.publisher = "outlet " + number;
    if (story.title.empty()) story.title = story.id;
    stories.push_back(std::move(story));
  }
}

Events gathered(const char* path) {
  Events events;
  EventIndex index;
  std::ifstream in(path);
  Time now{};
  for (std::string line; std::getline(in, line);) {
    const nlohmann::json object = nlohmann::json::parse(line);
    if (object.contains("documents")) {
      add_cluster(object, events);
      continue;
    }
    Story story = story_of(object);
    now = std::max(now, story.published_at.value_or(now));
    const summarizer::Analysis analysis =
        summarizer::analyse({story.title, std::string_view(story.text).substr(0, 8000), "en"});
    const Assignment assignment =
        index.assign({story.id, now, story.published_at.value_or(now), story_vector(analysis), {}});
    for (const std::string& absorbed : assignment.absorbed) {
      for (Story& moved : events[absorbed]) {
        events[assignment.event_id].push_back(std::move(moved));
      }
      events.erase(absorbed);
    }
    events[assignment.event_id].push_back(std::move(story));
  }
  return events;
}

std::vector<Conflict> conflicts_of(const std::vector<Story>& stories, std::chrono::hours slack) {
  std::vector<summarizer::Analysis> analyses;
  for (const Story& story : stories) {
    analyses.push_back(summarizer::analyse({story.title, story.text, "en"}));
  }
  const std::vector<std::size_t> sources = sources_of(stories).credited;
  std::vector<Testimony> testimonies;
  const Time first = stories.front().published_at.value_or(Time{});
  for (std::size_t i = 0; i < stories.size(); ++i) {
    const Time time = stories[i].published_at.value_or(first);
    testimonies.push_back({&analyses[i], stories[i].source.publisher, sources[i],
                           time - first <= slack ? first : time, stories[i].url});
  }
  return find_conflicts(testimonies, 20);
}

}  // namespace

int main(int argc, char** argv) {
  std::chrono::hours slack{0};
  int found = 0;
  for (int i = 1; i < argc; ++i) {
    if (std::string(argv[i]) == "--hours" && i + 1 < argc) {
      slack = std::chrono::hours(std::stoi(argv[++i]));
      continue;
    }
    for (const auto& [id, stories] : gathered(argv[i])) {
      if (stories.size() < 2) continue;
      for (const Conflict& conflict : conflicts_of(stories, slack)) {
        std::cout << ++found << ". " << conflict.what << " — " << stories.front().title << " ("
                  << stories.size() << " stories)\n";
        for (const Claim& claim : conflict.claims) {
          std::cout << "   [" << claim.value << "]";
          for (const std::string& publisher : claim.publishers) std::cout << " " << publisher;
          std::cout << ": " << claim.text << "\n";
        }
      }
    }
  }
  return found > 0 ? 0 : 1;
}
