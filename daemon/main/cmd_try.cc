// nutgraf try: one poll of feeds, without a configuration, a store or a trace.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/url.h"
#include "daemon/dedup/deduplicator.h"
#include "daemon/feed/discovery.h"
#include "daemon/feed/feed_parser.h"
#include "daemon/fetch/curl_client.h"
#include "daemon/main/command.h"
#include "daemon/main/descriptors.h"
#include "daemon/main/exit_code.h"
#include "daemon/main/terminal_text.h"
#include "daemon/model/json.h"
#include "daemon/pipeline/pipeline.h"

namespace nutgraf::tool {
namespace {

/// Feeds that are tried of those a site names: the main one, its sections, hardly ever more that
/// matter.
constexpr std::size_t kFeedsOfASite = 3;
constexpr std::chrono::seconds kPatience{60};

/// Of files that may be open: a look-up and a transfer take 8.
constexpr unsigned kLeastDescriptors = 16;

struct Options {
  std::vector<std::string> urls;
  std::size_t limit = 5;
  bool allow_private = false;
  bool feed_text_only = false;
  bool json = false;
};

/// Fetches one thing at a time: polite, and what is shown comes in order.
class Getter {
 public:
  explicit Getter(bool allow_private) : client_(clock_), allow_private_(allow_private) {}

  HttpResponse get(const std::string& url, const std::string& accept) {
    HttpRequest request;
    request.id = 1;
    request.url = url;
    request.accept = accept;
    request.user_agent = "nutgraf-try/" NUTGRAF_VERSION;
    request.allow_private = allow_private_;
    client_.start(std::move(request));
    const Monotonic deadline = clock_.monotonic() + kPatience;
    while (clock_.monotonic() < deadline) {
      std::vector<HttpResponse> responses = client_.wait(std::chrono::milliseconds(500));
      if (!responses.empty()) return std::move(responses.front());
    }
    client_.abandon();
    HttpResponse late;
    late.error = Error{ErrorCode::kTransient, "no answer within a minute"};
    return late;
  }

  const Clock& clock() const { return clock_; }

 private:
  SystemClock clock_;
  CurlClient client_;
  bool allow_private_;
};

std::string complaint(const HttpResponse& response) {
  if (!response.error) return "HTTP " + std::to_string(response.status);
  std::string text = response.error->message;
  const bool private_one = text.find("allow_private") != std::string::npos;
  if (private_one) text += " (--allow-private permits it)";
  return text;
}

class Trial {
 public:
  explicit Trial(const Options& options) : options_(options), getter_(options.allow_private) {}

  /// False if nothing could be read at `url`.
  bool site_or_feed(const std::string& url) {
    const HttpResponse response = fetch_feed(url);
    if (response.error || response.status != 200) return say(url + ": " + complaint(response));
    if (parse_feed(response.body,
                   {.content_type = response.content_type, .base_url = response.url})) {
      return feed(url, response);
    }
    const std::vector<FeedLink> links = feed_links(response.body, response.url);
    if (links.empty()) return say(url + ": no feed, and no page that names one");
    bool any = false;
    for (std::size_t i = 0; i < std::min(links.size(), kFeedsOfASite); ++i) {
      say(url + " names the feed " + links[i].url);
      const HttpResponse found = fetch_feed(links[i].url);
      any |= found.error || found.status != 200 ? say(links[i].url + ": " + complaint(found))
                                                : feed(links[i].url, found);
    }
    return any;
  }

 private:
  static bool say(const std::string& text) {
    std::cerr << "nutgraf try: " << printable(text) << '\n';
    return false;
  }

  HttpResponse fetch_feed(const std::string& url) {
    return getter_.get(url,
                       "application/rss+xml, application/atom+xml, application/feed+json, "
                       "application/xml;q=0.9, text/html;q=0.8, */*;q=0.1");
  }

  bool feed(const std::string& url, const HttpResponse& response) {
    FeedJob job;
    job.source.id = host_of(url);
    job.source.url = url;
    job.source.publisher = job.source.id;
    job.source.full_text = options_.feed_text_only ? FullText::kFeed : FullText::kAuto;
    job.response = response;
    const FeedSource source = job.source;
    const Outcome outcome = work(Job{1, std::move(job)}, {});
    const auto* polled = std::get_if<PolledFeed>(&outcome.result);
    if (polled == nullptr || polled->outcome.kind != PollOutcome::Kind::kItems) {
      return say(url + ": " + (polled == nullptr ? "not read" : polled->outcome.error));
    }
    say(url + ": \"" + polled->outcome.title + "\", " + std::to_string(polled->items.size()) +
        " items; the first " + std::to_string(std::min(options_.limit, polled->items.size())) +
        " as they would be published:");
    for (std::size_t i = 0; i < std::min(options_.limit, polled->items.size()); ++i) {
      item(source, url, polled->items[i]);
    }
    return true;
  }

  void item(const FeedSource& source, const std::string& url, const PolledItem& polled) {
    StoryJob job;
    job.source = source;
    job.feed_url = url;
    job.pending.feed_id = source.id;
    job.pending.item_key = polled.key;
    job.pending.item = polled.item;
    job.pending.first_seen = getter_.clock().utc();
    job.pending.page_host = polled.page_host;
    if (!polled.page_host.empty()) {
      HttpResponse page = getter_.get(polled.item.link, "text/html, application/xhtml+xml");
      if (page.error || page.status != 200) {
        say(polled.item.link + ": " + complaint(page) + "; the feed's own text is used");
      } else {
        job.page = std::move(page);
      }
    }
    const Outcome outcome = work(Job{1, std::move(job)}, {});
    if (const auto* told = std::get_if<AnalysedStory>(&outcome.result)) {
      show(*told);
    } else if (const auto* failed = std::get_if<FailedStory>(&outcome.result)) {
      say(polled.item.link + ": " + failed->error.message);
    }
  }

  void show(const AnalysedStory& told) {
    Candidate candidate;
    candidate.id = told.story.id;
    candidate.url_key = told.url_key;
    candidate.host = host_of(told.story.url);
    candidate.time = getter_.clock().utc();
    candidate.print = told.fingerprint;
    const Verdict verdict = dedup_.decide(candidate);
    dedup_.add(candidate, verdict);
    if (options_.json) {
      std::cout << to_json(told.story, WithText::kNo) << '\n' << std::flush;
      return;
    }
    const Story& story = told.story;
    std::cout << '\n' << printable(story.title) << '\n';
    std::cout << "  " << (story.published_at ? format_rfc3339(*story.published_at) : "undated")
              << "  " << story.language << "  " << story.word_count << " words from the "
              << to_string(story.text_from) << "  " << to_string(verdict.kind);
    if (verdict.kind != Verdict::Kind::kNew) std::cout << " (" << verdict.reason << ")";
    std::cout << "\n  " << printable(story.url) << '\n';
    for (const SummarySentence& sentence : story.summary.sentences) {
      std::cout << "  - " << printable(sentence.text) << '\n';
    }
    std::cout << std::flush;
  }

  const Options options_;
  Getter getter_;
  Deduplicator dedup_;
};

int try_all(const Options& options) {
  if (const Result<void> enough = need_descriptors(kLeastDescriptors); !enough) {
    std::cerr << "nutgraf try: " << enough.error().message << '\n';
    return kConfigError;
  }
  Trial trial(options);
  bool all = true;
  for (const std::string& url : options.urls) all &= trial.site_or_feed(url);
  return all ? kOk : kSomeFailed;
}

}  // namespace

void add_try(CLI::App& app, Run& run) {
  auto& options = run.keep<Options>();
  CLI::App* const command = app.add_subcommand(
      "try",
      "Poll feeds once and print what would be published: no configuration, nothing stored.\n"
      "A site's address will do: the feeds that its page names are tried.");
  command->footer(
      "Examples:\n"
      "  nutgraf try https://example.org/rss.xml\n"
      "  nutgraf try --limit 20 --json https://example.org/ | jq .title");
  command->add_option("URL", options.urls, "Feeds, or sites that name them")
      ->type_name("")
      ->required();
  command->add_option("--limit", options.limit, "Items of each feed (default 5)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000).description(""));
  command->add_flag("--feed-text", options.feed_text_only, "Fetch no pages");
  command->add_flag("--allow-private", options.allow_private,
                    "Permit loopback and private addresses");
  command->add_flag("--json", options.json, "One story a line, as on the wire");
  command->callback([&options, &run] { run.exit_code = try_all(options); });
}

}  // namespace nutgraf::tool
