// Whole feeds of 1 and 10 MB: charset, parse, dates, links and normalization, beside what the bare
// parser needs to build its tree and have seven fields copied out of it. "of_bare" is the share of
// the bare speed that is left. And feeds that are out to cost time and memory.
//
//   feed_bench [--benchmark_filter=…]      NUTGRAF_BENCH_FEED=FILE[:FILE…] measures these feeds,
//   too
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <pugixml.hpp>
#include <sstream>
#include <string>
#include <string_view>

#include "daemon/feed/feed_parser.h"
#include "tests/feed/hostile_feeds.h"

namespace nutgraf {
namespace {

enum Shape : int { kFullText, kTeasers, kAtom, kLegacyCharset };

/// The same text on every machine: a generator of words [Knuth, MMIX].
class Writer {
 public:
  std::uint32_t below(std::uint32_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33) % limit;
  }

  std::string words(int count) {
    static constexpr const char* kWords[] = {
        "the",     "of",        "minister", "said",    "on",      "Friday",    "that",  "talks",
        "between", "both",      "sides",    "would",   "resume",  "after",     "a",     "week",
        "café",    "market",    "prices",   "rose",    "by",      "seven",     "per",   "cent",
        "and",     "the",       "city’s",   "council", "agreed",  "to",        "build", "it",
        "in",      "Zürich",    "where",    "about",   "240,000", "people",    "live",  "today",
        "police",  "confirmed", "no",       "one",     "was",     "seriously", "hurt",  "there"};
    std::string out;
    for (int i = 0; i < count; ++i) {
      if (i > 0) out += ' ';
      out += kWords[below(std::size(kWords))];
    }
    return out;
  }

  std::string html(int paragraphs) {
    std::string out;
    for (int i = 0; i < paragraphs; ++i) {
      out += "<p>" + words(30) + " <a href=\"https://news.example/topic/" +
             std::to_string(below(9999)) + "\">" + words(3) + "</a> " + words(25) + ".</p>\n";
      if (below(4) == 0) {
        out += "<figure><img src=\"https://img.example/" + std::to_string(below(99999)) +
               ".jpg\" alt=\"" + words(5) + "\" width=\"800\"></figure>\n";
      }
    }
    return out;
  }

 private:
  std::uint64_t state_ = 2026;
};

std::string escaped(const std::string& html) {
  std::string out;
  for (const char c : html) {
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  }
  return out;
}

std::string rss_item(Writer& write, Shape shape, int number) {
  const std::string url = "https://news.example/2026/11/21/story-" + std::to_string(number);
  std::string item =
      "  <item>\n    <title>" + write.words(9) + " &amp; " + write.words(2) +
      "</title>\n    <link>" + url + "?utm_source=rss</link>\n    <guid isPermaLink=\"false\">" +
      url + "</guid>\n    <pubDate>Sat, 21 Nov 2026 10:" + std::to_string(10 + write.below(50)) +
      ":12 +0100</pubDate>\n    <dc:creator><![CDATA[" + "Ann " + write.words(1) +
      "]]></dc:creator>\n";
  for (int i = 0; i < 3; ++i)
    item += "    <category><![CDATA[" + write.words(1) + "]]></category>\n";
  item += "    <description>" + escaped("<p>" + write.words(40) + "</p>") + "</description>\n";
  if (shape == kFullText) {
    item += "    <content:encoded><![CDATA[" + write.html(8) + "]]></content:encoded>\n";
  }
  return item + "    <media:thumbnail url=\"https://img.example/" + std::to_string(number) +
         ".jpg\" width=\"240\"/>\n  </item>\n";
}

std::string atom_entry(Writer& write, int number) {
  const std::string url = "https://news.example/2026/story-" + std::to_string(number);
  return "  <entry>\n    <title type=\"html\">" + write.words(9) + "</title>\n    <id>" + url +
         "</id>\n    <link rel=\"alternate\" type=\"text/html\" href=\"" + url +
         "\"/>\n    <published>2026-11-21T10:11:12+01:00</published>\n    "
         "<updated>2026-11-21T11:11:12"
         "+01:00</updated>\n    <author><name>Ann Lee</name></author>\n    <summary>" +
         write.words(30) + "</summary>\n    <content type=\"html\">" + escaped(write.html(6)) +
         "</content>\n  </entry>\n";
}

/// A feed of about `size` bytes.
std::string make_feed(Shape shape, std::size_t size) {
  Writer write;
  std::string feed =
      shape == kAtom
          ? "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "
            "xmlns=\"http://www.w3.org/2005/Atom\">\n"
            "<title>News</title><link href=\"https://news.example/\"/>\n"
          : "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" "
            "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
            "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
            "xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel><title>News</title>"
            "<link>https://news.example/</link>\n";
  for (int i = 0; feed.size() < size; ++i) {
    feed += shape == kAtom ? atom_entry(write, i) : rss_item(write, shape, i);
  }
  feed += shape == kAtom ? "</feed>\n" : "</channel></rss>\n";
  if (shape != kLegacyCharset) return feed;
  std::string bytes;  // é, ü and ’ in windows-1252
  for (std::size_t i = 0; i < feed.size(); ++i) {
    const std::string_view rest = std::string_view(feed).substr(i, 3);
    if (rest.starts_with("é"))
      bytes += '\xE9', ++i;
    else if (rest.starts_with("ü"))
      bytes += '\xFC', ++i;
    else if (rest == "’")
      bytes += '\x92', i += 2;
    else
      bytes += feed[i];
  }
  return bytes;
}

/// The floor: a tree, and seven fields of each item as strings.
std::size_t bare(const std::string& bytes) {
  pugi::xml_document document;
  std::string copy = bytes;
  document.load_buffer_inplace(copy.data(), copy.size());
  std::size_t total = 0;
  const auto root = document.first_child();
  const auto list = root.child("channel") ? root.child("channel") : root;
  for (const auto& item : list.children()) {
    for (const char* name :
         {"title", "link", "guid", "pubDate", "dc:creator", "description", "content:encoded"}) {
      const std::string field = item.child_value(name);
      total += field.size();
    }
  }
  return total;
}

/// Of this process's time: what else runs on the machine does not count.
double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

template <typename Work>
double seconds_of(Work work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

/// Best of all rounds, the parser and the floor in turn: both meet the same neighbours.
void measure(benchmark::State& state, const std::string& bytes) {
  const ParseOptions options{.base_url = "https://news.example/rss.xml", .max_items = 1'000'000};
  double floor = 1e9;
  double spent = 1e9;
  for (auto _ : state) {
    spent =
        std::min(spent, seconds_of([&] { benchmark::DoNotOptimize(parse_feed(bytes, options)); }));
    state.PauseTiming();
    floor = std::min(floor, seconds_of([&] { benchmark::DoNotOptimize(bare(bytes)); }));
    state.ResumeTiming();
  }
  const auto size = static_cast<double>(bytes.size());
  state.counters["MB/s"] = size / spent / 1e6;
  state.counters["bare_MB/s"] = size / floor / 1e6;
  state.counters["of_bare"] = floor / spent;
  const auto feed = parse_feed(bytes, options);
  state.counters["items"] = feed ? static_cast<double>(feed->items.size()) : 0;
}

void parse_made(benchmark::State& state) {
  measure(state, make_feed(static_cast<Shape>(state.range(0)),
                           static_cast<std::size_t>(state.range(1)) << 20));
}
BENCHMARK(parse_made)
    ->ArgNames({"shape(full_text,teasers,atom,cp1252)", "MB"})
    ->ArgsProduct({{kFullText, kTeasers, kAtom, kLegacyCharset}, {1, 10}})
    ->Unit(benchmark::kMillisecond);

std::string file_bytes(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(bytes).str();
}

/// A line of /proc/self/status in MB.
double status_mb(std::string_view key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stod(line.substr(key.size())) / 1024;
  }
  return 0;
}

/// Time and memory for what is out to cost both. "peak_MB" is what parsing took beyond the input.
void parse_hostile(benchmark::State& state, const HostileFeedShape& shape) {
  const std::string bytes = shape.make();
  double spent = 1e9;
  double peak = 0;
  for (auto _ : state) {
    malloc_trim(0);
    std::ofstream("/proc/self/clear_refs") << "5";  // begins a new VmHWM
    const double before = status_mb("VmRSS:");
    spent = std::min(
        spent, seconds_of([&] {
          benchmark::DoNotOptimize(parse_feed(bytes, {.base_url = "https://news.example/rss.xml"}));
        }));
    peak = std::max(peak, status_mb("VmHWM:") - before);
  }
  state.counters["MB"] = static_cast<double>(bytes.size()) / 1e6;
  state.counters["seconds"] = spent;
  state.counters["peak_MB"] = peak;
  state.counters["peak_per_byte"] = peak * 1048576 / static_cast<double>(bytes.size());
}

/// Files to measure: NUTGRAF_BENCH_FEED, with ':' between them.
void register_given(std::string_view paths) {
  while (!paths.empty()) {
    const std::size_t end = std::min(paths.find(':'), paths.size());
    const std::string path(paths.substr(0, end));
    benchmark::RegisterBenchmark(("parse_given/" + path).c_str(), [path](benchmark::State& state) {
      measure(state, file_bytes(path));
    })->Unit(benchmark::kMillisecond);
    paths.remove_prefix(std::min(end + 1, paths.size()));
  }
}

void register_hostile() {
  for (const HostileFeedShape& shape : hostile_feeds()) {
    benchmark::RegisterBenchmark((std::string("parse_hostile/") + shape.name).c_str(),
                                 [&shape](benchmark::State& state) { parse_hostile(state, shape); })
        ->Iterations(3)
        ->Unit(benchmark::kMillisecond);
  }
}

}  // namespace
}  // namespace nutgraf

int main(int argc, char** argv) {
  if (const char* paths = std::getenv("NUTGRAF_BENCH_FEED")) nutgraf::register_given(paths);
  nutgraf::register_hostile();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 64;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
