#include <CLI/CLI.hpp>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "daemon/article/article.h"
#include "daemon/article/page_selector.h"
#include "daemon/main/command.h"
#include "daemon/main/extract_page.h"
#include "daemon/main/file_field.h"
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
  Result<std::string> content = read_input(path);
  if (!content) throw std::runtime_error(content.error().message);
  return *std::move(content);
}

json extract(const json& line, const PageSelectors& selectors) {
  const Result<Article> article = extract_article(content_of(file_field(line)),
                                                  {.url = text_field(line, "url"),
                                                   .content_type = text_field(line, "content_type"),
                                                   .selectors = selectors});
  if (!article) throw std::runtime_error(article.error().message);
  json out = to_json(*article);
  if (line.contains("id")) out["id"] = line["id"];
  return out;
}

struct Options {
  std::vector<std::string> inputs;
  std::string url;
  PageSelectors selectors;
  bool jsonl = false;
  bool explain = false;
  int jobs = 0;
};

/// A page in which --select found nothing is read the usual way, and says so.
void warn_unselected(const Article& article, const std::string& path) {
  if (article.selection != PageSelection::kNothing) return;
  std::cerr << "nutgraf extract: " << path
            << ": --select found nothing; the article is found the usual way\n";
}

Result<std::string> plain(const std::string& bytes, const std::string& path,
                          const ExtractOptions& options) {
  return extract_article(bytes, options).map([&](const Article& article) {
    warn_unselected(article, path);
    const std::string& title = article.meta.title;
    return (title.empty() ? title : title + "\n\n") + article.text + '\n';
  });
}

Result<std::string> explained(const std::string& bytes, const std::string& path,
                              const ExtractOptions& options) {
  return explain_article(bytes, options).map([&](const ExplainedArticle& article) {
    warn_unselected(article.article, path);
    return explanation_page(article, options.url.empty() ? path : options.url);
  });
}

int extract_all(const Options& options) {
  if (options.jsonl) {
    return run_jsonl({.name = "extract", .inputs = options.inputs, .jobs = options.jobs},
                     [&](const json& line) { return extract(line, options.selectors); });
  }
  int code = kOk;
  for (const std::string& path :
       options.inputs.empty() ? std::vector<std::string>{"-"} : options.inputs) {
    std::string bytes;
    if (!read_input(path, &bytes)) {
      code = kNoInput;
      continue;
    }
    const ExtractOptions how{.url = options.url, .selectors = options.selectors};
    const Result<std::string> shown =
        options.explain ? explained(bytes, path, how) : plain(bytes, path, how);
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
      "  nutgraf extract --select 'div.story > p' --drop .newsletter page.html\n"
      "  nutgraf extract --jsonl < pages.jsonl  # {\"file\",\"url\",\"content_type\"} a line in");
  command->add_option("FILE", options.inputs, "HTML pages, or JSON lines; default: stdin")
      ->type_name("");
  command->add_option("--url", options.url, "Where the page came from");
  const auto selector =
      CLI::Validator([](std::string& value) { return check_selector(value); }, "SELECTOR");
  command
      ->add_option("--select", options.selectors.select,
                   "The article is what this selects (CSS, or XPath that begins with /); as a "
                   "feed's page_select; may come several times")
      ->check(selector)
      ->allow_extra_args(false);
  command
      ->add_option("--drop", options.selectors.drop,
                   "Removed before anything else; as a feed's page_drop")
      ->check(selector)
      ->allow_extra_args(false);
  CLI::Option* const jsonl =
      command->add_flag("--jsonl", options.jsonl, "One JSON object a line in and out");
  command
      ->add_flag("--explain", options.explain,
                 "An HTML page that shows every block, kept or left out, and by which rule")
      ->excludes(jsonl);
  add_jobs_option(*command, options.jobs);
  command->callback([&options, &run] { run.exit_code = extract_all(options); });
}

}  // namespace nutgraf::tool
