// nutgraf events: gathers a stream of stories into events.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "daemon/base/url.h"
#include "daemon/dedup/deduplicator.h"
#include "daemon/dedup/identity.h"
#include "daemon/event/event_index.h"
#include "daemon/main/command.h"
#include "daemon/main/filter.h"
#include "summarizer/summarizer.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

/// What of a text can matter to its vector, at most: the rest need not be analysed here.
std::string_view opening(std::string_view text) {
  constexpr std::size_t kOpening = 8000;
  if (text.size() <= kOpening) return text;
  return text.substr(0, text.find(' ', kOpening));
}

/// As the desk does it: duplicates and updates stay with the event of the story that they repeat.
class EventFilter {
 public:
  Json assign(const Json& line) {
    const std::string id = id_field(line);
    const std::string title = text_field(line, "title");
    const std::string text = text_field(line, "text");
    const std::string language = text_field(line, "language");
    const auto published = parse_date(text_field(line, "published"));
    now_ = std::max(now_, published.value_or(now_));

    const Candidate candidate = story(id, text_field(line, "url"), fingerprint(title, text));
    const Verdict verdict = deduplicator_.decide(candidate);
    deduplicator_.add(candidate, verdict);
    EventCandidate report{id,
                          now_,
                          published.value_or(now_),
                          story_vector(summarizer::analyse({title, opening(text), language})),
                          {}};
    if (const auto twin = event_of_.find(verdict.of); twin != event_of_.end()) {
      report.twin_event = twin->second;
    }
    const Assignment assignment = index_.assign(report);
    // A story without words is an event of its own.
    const std::string event = assignment.event_id.empty() ? event_id(id) : assignment.event_id;
    event_of_[id] = event;
    Json out = {{"id", given_id(id)}, {"event", event}};
    if (!assignment.absorbed.empty()) out["absorbed"] = assignment.absorbed;
    return out;
  }

 private:
  Candidate story(const std::string& id, const std::string& url, Fingerprint print) const {
    Candidate candidate;
    candidate.id = id;
    candidate.url_key = url_key(url);
    candidate.host = host_of(url);
    candidate.time = now_;
    candidate.print = std::move(print);
    return candidate;
  }

  Deduplicator deduplicator_;
  EventIndex index_;
  std::unordered_map<std::string, std::string> event_of_;
  Time now_{};
};

}  // namespace

void add_events(CLI::App& app, Run& run) {
  auto& options = run.keep<FilterOptions>({.name = "events", .inputs = {}, .jobs = 1});
  CLI::App* command =
      app.add_subcommand("events",
                         "Gathers a stream of stories, in arrival order, into events.\n"
                         "In: {id, url, title, text, published, source}. Out: {id, event}; with "
                         "absorbed, a list, when\n"
                         "other events turn out to be this one.");
  command->add_option("FILE", options.inputs, "Files of JSON lines (default: stdin)")
      ->type_name("");
  command->add_flag("--jsonl")->description("One JSON object a line (the only form there is)");
  command->callback([&options, &run] {
    EventFilter filter;
    run.exit_code = run_jsonl(options, [&](const Json& line) { return filter.assign(line); });
  });
}

}  // namespace nutgraf::tool
