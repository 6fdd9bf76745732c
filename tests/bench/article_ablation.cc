// What each rule of the article is worth: `nutgraf extract --jsonl` with one rule left out.
//
//   article_ablation --list
//   article_ablation [RULE…] < pages.jsonl
//
// tests/bench/ablation.py runs it over the corpus of pages and makes the table.
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "daemon/article/article.h"

namespace {

using nlohmann::json;
using nutgraf::ArticleRule;

constexpr int kRules = static_cast<int>(ArticleRule::kCount);

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

json extract(const json& line, const nutgraf::ArticleRules& rules) {
  const nutgraf::Result<nutgraf::Article> article = nutgraf::extract_article(
      content_of(line.value("file", "")), {.url = line.value("url", ""),
                                           .content_type = line.value("content_type", ""),
                                           .rules = rules});
  if (!article) return {{"error", article.error().message}};
  const nutgraf::PageMetadata& meta = article->meta;
  json out = {{"title", meta.title}, {"text", article->text}};
  for (const std::string& author : meta.authors) {
    out["author"] = out.value("author", "") + (out.contains("author") ? ", " : "") + author;
  }
  if (meta.published) out["published"] = nutgraf::format_rfc3339(*meta.published);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  nutgraf::ArticleRules rules;
  for (int i = 1; i < argc; ++i) {
    for (int rule = 1; rule < kRules; ++rule) {
      const std::string_view name = nutgraf::to_string(static_cast<ArticleRule>(rule));
      if (std::string_view(argv[i]) == "--list") std::cout << name << '\n';
      if (argv[i] == name) rules = rules.without(static_cast<ArticleRule>(rule));
    }
    if (std::string_view(argv[i]) == "--list") return 0;
  }
  for (std::string line; std::getline(std::cin, line);) {
    std::cout
        << extract(json::parse(line), rules).dump(-1, ' ', false, json::error_handler_t::replace)
        << '\n';
  }
  return 0;
}
