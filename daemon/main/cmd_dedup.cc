// nutgraf dedup: tells duplicates and updates in a stream of stories.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>

#include "daemon/base/url.h"
#include "daemon/dedup/deduplicator.h"
#include "daemon/dedup/identity.h"
#include "daemon/main/command.h"
#include "daemon/main/filter.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

/// The desk's part in deciding: what the store knows of items, and a clock that follows the stream.
class DedupFilter {
 public:
  Json decide(const Json& line) {
    FeedItem item;
    item.guid = text_field(line, "guid");
    item.link = text_field(line, "url");
    item.title = text_field(line, "title");
    // Without any of these it may be any item: it is known by its text alone.
    const bool named = !item.guid.empty() || !item.link.empty() || !item.title.empty();
    const std::string key = text_field(line, "feed") + "\n" + item_key(item, GuidTrust::kGuid);
    Candidate candidate;
    candidate.id = id_field(line);
    candidate.url_key = url_key(item.link);
    candidate.host = host_of(item.link);
    candidate.time = now(text_field(line, "published"));
    candidate.print = fingerprint(item.title, text_field(line, "text"));
    if (const auto known = items_.find(key); named && known != items_.end()) {
      candidate.known_as = known->second;
    }
    const Verdict verdict = deduplicator_.decide(candidate);
    deduplicator_.add(candidate, verdict);
    if (named) items_[key] = candidate.id;
    return answer(candidate, verdict);
  }

 private:
  /// Stories count as decided when the latest of those so far was published.
  Time now(const std::string& published) {
    if (const auto time = parse_date(published); time && *time > now_) now_ = *time;
    return now_;
  }

  static Json answer(const Candidate& candidate, const Verdict& verdict) {
    Json out = {{"id", given_id(candidate.id)}, {"verdict", to_string(verdict.kind)}};
    if (verdict.kind != Verdict::Kind::kNew) {
      out["of"] = given_id(verdict.of);
      out["similarity"] = verdict.similarity;
    }
    out["reason"] = verdict.reason;
    return out;
  }

  Deduplicator deduplicator_;
  std::unordered_map<std::string, std::string> items_;  ///< Feed and item key to story.
  Time now_{};
};

}  // namespace

void add_dedup(CLI::App& app, Run& run) {
  auto& options = run.keep<FilterOptions>({.name = "dedup", .inputs = {}, .jobs = 1});
  CLI::App* command = app.add_subcommand(
      "dedup",
      "Tells new stories, duplicates and updates in a stream of stories in arrival order.\n"
      "In: {id, feed, guid, url, title, text, published}. Out: {id, verdict, of, similarity, "
      "reason}.");
  command->add_option("FILE", options.inputs, "Files of JSON lines (default: stdin)")
      ->type_name("");
  command->add_flag("--jsonl")->description("One JSON object a line (the only form there is)");
  command->callback([&options, &run] {
    DedupFilter filter;
    run.exit_code = run_jsonl(options, [&](const Json& line) { return filter.decide(line); });
  });
}

}  // namespace nutgraf::tool
