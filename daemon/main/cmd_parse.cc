// nutgraf parse: a feed to its items.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "daemon/base/date.h"
#include "daemon/base/encoding.h"
#include "daemon/base/entities.h"
#include "daemon/feed/feed_parser.h"
#include "daemon/main/command.h"
#include "daemon/main/file_field.h"
#include "daemon/main/filter.h"
#include "daemon/main/terminal_text.h"

namespace nutgraf::tool {
namespace {

using Json = nlohmann::json;

struct ParseCommand {
  FilterOptions filter{.name = "parse", .inputs = {}, .jobs = 0};
  bool jsonl = false;
  bool json = false;
  std::string content_type;
  std::string base_url;
};

void put(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = scrub_utf8(value);
}

void put(Json& object, const char* key, const std::optional<Time>& time) {
  if (time) object[key] = format_rfc3339(*time);
}

void put(Json& object, const char* key, const std::vector<std::string>& values) {
  if (!values.empty()) object[key] = values;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

Json json_of(const FeedItem& item) {
  Json out = Json::object();
  put(out, "title", item.title);
  put(out, "link", item.link);
  put(out, "id", item.guid);
  put(out, "published", item.published);
  put(out, "updated", item.updated);
  put(out, "author", joined(item.authors));
  put(out, "categories", item.categories);
  // Where a feed has only one of the two, it stands for both, as in other readers' output.
  put(out, "summary", item.summary.empty() ? item.text : item.summary);
  put(out, "text", item.text.empty() ? item.summary : item.text);
  put(out, "language", item.language);
  put(out, "image", item.image);
  put(out, "source", item.source_name);
  put(out, "source_url", item.source_url);
  return out;
}

Json json_of(const ParsedFeed& feed) {
  Json out = {{"format", to_string(feed.format)}, {"entries", Json::array()}};
  put(out, "title", feed.title);
  put(out, "link", feed.link);
  put(out, "language", feed.language);
  if (feed.ttl) out["ttl"] = feed.ttl->count();
  if (feed.update_interval) out["update_interval"] = feed.update_interval->count();
  put(out, "repairs", feed.repairs);
  for (const FeedItem& item : feed.items) out["entries"].push_back(json_of(item));
  return out;
}

Result<ParsedFeed> parse_file(const std::string& path, const std::string& content_type,
                              const std::string& base_url) {
  const Result<std::string> bytes = read_input(path);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return parse_feed(*bytes,
                    {.content_type = content_type, .base_url = base_url, .author_mail = true});
}

Json parse_line(const Json& line) {
  const auto feed =
      parse_file(file_field(line), text_field(line, "content_type"), text_field(line, "base_url"));
  if (!feed) {
    Json out = {{"error", scrub_utf8(feed.error().message)}};
    if (line.contains("id")) out["id"] = line["id"];
    return out;
  }
  Json out = json_of(*feed);
  if (line.contains("id")) out["id"] = line["id"];
  return out;
}

void print_line(const char* name, const std::string& value) {
  if (!value.empty()) std::cout << "    " << name << ": " << printable(value) << '\n';
}

void print_readable(const ParsedFeed& feed) {
  std::cout << printable(feed.title) << "  [" << to_string(feed.format) << ", " << feed.items.size()
            << " items]\n";
  for (const std::string& repair : feed.repairs)
    std::cout << "  repaired: " << printable(repair) << '\n';
  for (const FeedItem& item : feed.items) {
    std::cout << "\n  " << (item.title.empty() ? "(no title)" : printable(item.title)) << '\n';
    print_line("link", item.link);
    if (item.published) print_line("published", format_rfc3339(*item.published));
    print_line("author", joined(item.authors));
    print_line("categories", joined(item.categories));
    const std::string teaser = plain_text(item.summary.empty() ? item.text : item.summary);
    print_line("text", scrub_utf8(teaser.substr(0, 300)) + (teaser.size() > 300 ? " …" : ""));
  }
}

int run_plain(const ParseCommand& command) {
  int code = kOk;
  const std::vector<std::string> inputs =
      command.filter.inputs.empty() ? std::vector<std::string>{"-"} : command.filter.inputs;
  for (const std::string& path : inputs) {
    std::string bytes;
    if (!read_input(path, &bytes)) {
      code = kNoInput;
      continue;
    }
    const auto feed = parse_feed(
        bytes,
        {.content_type = command.content_type, .base_url = command.base_url, .author_mail = true});
    if (!feed) {
      std::fprintf(stderr, "nutgraf: %s: %s\n", path.c_str(), feed.error().message.c_str());
      code = kSomeFailed;
    } else if (command.json) {
      std::cout << json_of(*feed).dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
    } else {
      print_readable(*feed);
    }
  }
  return code;
}

}  // namespace

void add_parse(CLI::App& app, Run& run) {
  auto& command = run.keep<ParseCommand>();
  CLI::App* sub = app.add_subcommand("parse", "Read feeds: RSS, Atom, RDF, JSON Feed, sitemaps");
  sub->footer(
      "Examples:\n"
      "  nutgraf parse feed.xml                       # a readable list; --json for all fields\n"
      "  curl -s https://example.org/rss | nutgraf parse --base-url https://example.org/rss\n"
      "  nutgraf parse --jsonl < feeds.jsonl          # {\"file\",\"content_type\",\"base_url\"} a "
      "line in,\n"
      "                                               # {\"title\",\"entries\":[…]} a line out");
  sub->add_option("FILE", command.filter.inputs, "Feeds, or files of JSON lines; none or -: stdin")
      ->type_name("");
  sub->add_flag("--jsonl", command.jsonl,
                "JSON lines in ({\"file\",\"content_type\",\"base_url\"}) and out");
  sub->add_flag("--json", command.json, "Print the feed as JSON");
  sub->add_option("--content-type", command.content_type, "As HTTP gave it");
  sub->add_option("--base-url", command.base_url, "Where relative links start");
  add_jobs_option(*sub, command.filter.jobs);
  sub->callback([&command, &run] {
    run.exit_code = command.jsonl ? run_jsonl(command.filter, parse_line) : run_plain(command);
  });
}

}  // namespace nutgraf::tool
