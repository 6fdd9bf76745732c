// What an article costs, beside what libxml2 needs to parse the same pages and nothing more:
//
//   article_bench
//
// Reads the pages of the shared corpus ($NUTGRAF_CORPUS_CACHE, default ~/.cache/nutgraf-corpus),
// where they are unpacked, and pages of its own otherwise. Compare pages/s of Extract and
// BareParse.
#include <benchmark/benchmark.h>
#include <libxml/HTMLparser.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/article/article.h"
#include "daemon/article/boilerplate.h"
#include "daemon/article/html.h"
#include "daemon/article/main_text.h"
#include "daemon/base/encoding.h"

namespace {

namespace fs = std::filesystem;

/// A page as news sites make them: much chrome around `paragraphs` of text.
std::string page_of(int paragraphs) {
  std::string page =
      "<html lang=en><head><title>Bridge reopens | Example</title></head><body><nav><ul>";
  for (int i = 0; i < 80; ++i)
    page += "<li class=\"menu-item\"><a href=\"/section\">Section</a></li>";
  page +=
      "</ul></nav><main><article class=\"post\"><h1>Bridge reopens</h1><div "
      "class=\"entry-content\">";
  for (int i = 0; i < paragraphs; ++i) {
    page +=
        "<p>The council decided on <a href=\"/monday\">Monday</a> that the old bridge must be "
        "closed, "
        "and nobody was surprised by it, <em>least of all</em> the ferryman.</p>";
  }
  page += "</div></article></main><aside class=\"sidebar\">";
  for (int i = 0; i < 60; ++i)
    page += "<div class=\"teaser\"><a href=\"/x\">Another story of the day</a></div>";
  return page + "</aside></body></html>";
}

fs::path corpus() {
  if (const char* cache = std::getenv("NUTGRAF_CORPUS_CACHE"))
    return fs::path(cache) / "pages/html";
  const char* const home = std::getenv("HOME");
  return fs::path(home == nullptr ? "" : home) / ".cache/nutgraf-corpus/pages/html";
}

const std::vector<std::string>& pages() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> pages;
    std::error_code missing;
    for (const auto& entry : fs::directory_iterator(corpus(), missing)) {
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      pages.push_back(nutgraf::decode_html(text.str(), ""));
    }
    if (pages.empty()) {
      for (int i = 1; i <= 200; ++i) pages.push_back(page_of(i));
    }
    return pages;
  }();
  return all;
}

/// Runs `work` over all pages; reports pages and bytes a second.
template <typename Work>
void over_pages(benchmark::State& state, const Work& work) {
  std::size_t bytes = 0;
  for (const std::string& page : pages()) bytes += page.size();
  for (auto _ : state) {
    for (const std::string& page : pages()) work(page);
  }
  const auto rounds = static_cast<std::int64_t>(state.iterations());
  state.SetItemsProcessed(rounds * static_cast<std::int64_t>(pages().size()));
  state.SetBytesProcessed(rounds * static_cast<std::int64_t>(bytes));
}

void BareParse(benchmark::State& state) {
  constexpr int kOptions =
      HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET;
  over_pages(state, [](const std::string& page) {
    xmlDocPtr const document =
        htmlReadMemory(page.data(), static_cast<int>(page.size()), nullptr, "UTF-8", kOptions);
    xmlFreeDoc(document);
  });
}
BENCHMARK(BareParse)->Unit(benchmark::kMillisecond);

void FlatTree(benchmark::State& state) {
  over_pages(state, [](const std::string& page) {
    benchmark::DoNotOptimize(nutgraf::HtmlDocument::parse(page));
  });
}
BENCHMARK(FlatTree)->Unit(benchmark::kMillisecond);

void MainText(benchmark::State& state) {
  over_pages(state, [](const std::string& page) {
    benchmark::DoNotOptimize(nutgraf::main_text(nutgraf::HtmlDocument::parse(page)));
  });
}
BENCHMARK(MainText)->Unit(benchmark::kMillisecond);

void Extract(benchmark::State& state) {
  over_pages(state, [](const std::string& page) {
    benchmark::DoNotOptimize(nutgraf::extract_article(
        page, {.url = "https://news.example/2021/a", .content_type = "text/html; charset=utf-8"}));
  });
}
BENCHMARK(Extract)->Unit(benchmark::kMillisecond);

void CleanText(benchmark::State& state) {
  std::string text = "Bridge reopens\n\n";
  for (int i = 0; i < 30; ++i)
    text +=
        "The council decided that the bridge must be closed, and nobody was surprised by it.\n\n";
  text += "Related stories\n\nFerry sinks\n";
  for (auto _ : state) benchmark::DoNotOptimize(nutgraf::clean_text("", text, "en"));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(text.size()));
}
BENCHMARK(CleanText)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
