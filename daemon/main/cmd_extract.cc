#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "daemon/article/article.h"
#include "daemon/main/command.h"
#include "daemon/main/extract_page.h"
#include "daemon/main/filter.h"

namespace nutgraf::tool {
namespace {

using nlohmann::json;

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

void put(json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

json to_json(const Article& article) {
  const PageMetadata& meta = article.meta;
  json out = json::object();
  put(out, "title", meta.title);
  put(out, "author", joined(meta.authors));
  if (meta.published) out["published"] = format_rfc3339(*meta.published);
  if (meta.modified) out["modified"] = format_rfc3339(*meta.modified);
  put(out, "language", meta.language);
  put(out, "canonical_url", meta.canonical_url);
  put(out, "image", meta.image);
  put(out, "agency", meta.agency);
  out["kind"] = to_string(meta.kind);
  if (meta.paywall) out["paywall"] = true;
  if (article.blocked) out["blocked"] = article.blocked_reason;
  out["text"] = article.text;
  return out;
}

std::string content_of(const std::string& path) {
  std::string content;
  if (!read_input(path, &content)) throw std::runtime_error("cannot read " + path);
  return content;
}

json extract(const json& line) {
  const Result<Article> article = extract_article(
      content_of(text_field(line, "file")),
      {.url = text_field(line, "url"), .content_type = text_field(line, "content_type")});
  if (!article) throw std::runtime_error(article.error().message);
  json out = to_json(*article);
  if (line.contains("id")) out["id"] = line["id"];
  return out;
}

struct Options {
  std::vector<std::string> inputs;
  std::string url;
  bool jsonl = false;
  bool explain = false;
  int jobs = 0;
};

Result<std::string> plain(const std::string& bytes, const std::string& url) {
  return extract_article(bytes, {.url = url}).map([](const Article& article) {
    const std::string& title = article.meta.title;
    return (title.empty() ? title : title + "\n\n") + article.text + '\n';
  });
}

Result<std::string> explained(const std::string& bytes, const std::string& path,
                              const std::string& url) {
  return explain_article(bytes, {.url = url}).map([&](const ExplainedArticle& article) {
    return explanation_page(article, url.empty() ? path : url);
  });
}

int extract_all(const Options& options) {
  if (options.jsonl) {
    return run_jsonl({.name = "extract", .inputs = options.inputs, .jobs = options.jobs}, extract);
  }
  int code = kOk;
  for (const std::string& path :
       options.inputs.empty() ? std::vector<std::string>{"-"} : options.inputs) {
    std::string bytes;
    if (!read_input(path, &bytes)) return kNoInput;
    const Result<std::string> shown =
        options.explain ? explained(bytes, path, options.url) : plain(bytes, options.url);
    if (!shown) {
      std::cerr << "nutgraf extract: " << path << ": " << shown.error().message << '\n';
      code = kSomeFailed;
      continue;
    }
    std::cout << *shown;
  }
  return code;
}

}  // namespace

void add_extract(CLI::App& app, Run& run) {
  auto& options = run.keep<Options>();
  CLI::App* const command = app.add_subcommand(
      "extract", "The article of an HTML page: its text and what the page says about it");
  command->footer(
      "Examples:\n"
      "  nutgraf extract --url https://example.org/story page.html\n"
      "  nutgraf extract --explain page.html > why.html  # which rule took or left each line\n"
      "  nutgraf extract --jsonl < pages.jsonl  # {\"file\",\"url\",\"content_type\"} a line in");
  command->add_option("files", options.inputs, "HTML pages, or JSON lines; default: stdin");
  command->add_option("--url", options.url, "Where the page came from");
  CLI::Option* const jsonl =
      command->add_flag("--jsonl", options.jsonl, "One JSON object a line in and out");
  command
      ->add_flag("--explain", options.explain,
                 "An HTML page that shows every block, kept or left out, and by which rule")
      ->excludes(jsonl);
  command->add_option("--jobs", options.jobs, "Threads (default: one a core)");
  command->callback([&options, &run] { run.exit_code = extract_all(options); });
}

}  // namespace nutgraf::tool
