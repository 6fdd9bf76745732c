#include "daemon/app/settings.h"

#include <algorithm>
#include <thread>

#include "daemon/app/access.h"

namespace nutgraf {
namespace {

/// The client's own bound is a backstop; the operator's wishes must fit below it.
int most_requests_of_a_host(const Config& config) {
  int most = config.poll.per_host_concurrency;
  for (const HostRule& rule : config.poll.hosts) {
    most = std::max(most, rule.concurrency.value_or(0));
  }
  return most;
}

summarizer::Method method_of(const std::string& name) {
  if (name == "textrank") return summarizer::Method::kTextRank;
  if (name == "lexrank") return summarizer::Method::kLexRank;
  return summarizer::Method::kNutgraf;
}

}  // namespace

WorkOptions work_options(const Config& config) {
  WorkOptions options;
  options.full_text = config.fetch.full_text;
  options.summary.method = method_of(config.summary.method);
  options.summary.budget = {.sentences = config.summary.sentences, .words = config.summary.words};
  options.event = config.event_summary;
  options.learn_furniture = config.pipeline.learn_furniture;
  return options;
}

DeskOptions desk_options(const Config& config) {
  DeskOptions options;
  options.poll = config.poll;
  options.publish_text = config.wire.publish_text;
  options.learn_furniture = config.pipeline.learn_furniture;
  options.event_debounce = config.event.debounce;
  options.event_close_after = config.event.close_after;
  options.recheck = config.fetch.recheck;
  options.stories_age = config.store.stories_age;
  options.items_age = config.store.items_age;
  options.prune_every = config.store.prune_every;
  options.log_age = config.store.log_age;
  options.log_count = config.store.log_count;
  options.log_bytes = static_cast<std::int64_t>(config.store.log_bytes);
  return options;
}

Result<FetchOptions> fetch_options(const Config& config) {
  FetchOptions options;
  options.poll = config.poll;
  options.user_agent = config.fetch.user_agent;
  options.max_body = config.fetch.max_body;
  options.timeout = config.fetch.timeout;
  options.connect_timeout = config.fetch.connect_timeout;
  options.max_redirects = config.fetch.max_redirects;
  options.robots = config.fetch.robots;
  options.publish_teaser_after = config.fetch.publish_teaser_after;
  options.recheck = !config.fetch.recheck.empty();
  options.transfers = static_cast<std::size_t>(config.fetch.concurrency);
  options.memory = config.fetch.memory;
  options.proxy = config.fetch.proxy;
  options.most_of_host = most_requests_of_a_host(config);
  for (std::size_t i = 0; i < config.feeds.size(); ++i) {
    if (config.feeds[i].access.get() == nullptr) continue;
    Result<FeedAsking> asking = read_access(config, i);
    if (!asking) return tl::unexpected(asking.error());
    options.of_feeds.emplace(config.feeds[i].id, *std::move(asking));
  }
  return options;
}

int worker_count(const Config& config) {
  if (config.pipeline.workers > 0) return config.pipeline.workers;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

}  // namespace nutgraf
