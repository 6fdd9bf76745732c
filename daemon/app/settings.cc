#include "daemon/app/settings.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace nutgraf {
namespace {

std::filesystem::path credential_path(const std::string& name) {
  const std::filesystem::path path(name);
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  return path.is_absolute() || folder == nullptr ? path : std::filesystem::path(folder) / path;
}

Result<std::string> read_credential(const FeedSource& feed) {
  const std::filesystem::path path = credential_path(feed.auth_file);
  std::ifstream file(path);
  std::string line;
  if (!file || !std::getline(file, line)) {
    return fail(ErrorCode::kBadConfig, "feed " + feed.id + ": auth_file " + path.string() +
                                           " cannot be read; it holds one line, user:password");
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (line.find(':') == std::string::npos) {
    return fail(ErrorCode::kBadConfig, "feed " + feed.id + ": auth_file " + path.string() +
                                           " does not hold user:password");
  }
  return line;
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
  return options;
}

DeskOptions desk_options(const Config& config) {
  DeskOptions options;
  options.poll = config.poll;
  options.publish_text = config.wire.publish_text;
  options.event_debounce = config.event.debounce;
  options.event_close_after = config.event.close_after;
  options.stories_age = config.store.stories_age;
  options.items_age = config.store.items_age;
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
  options.transfers = static_cast<std::size_t>(config.fetch.concurrency);
  options.memory = config.fetch.memory;
  for (const FeedSource& feed : config.feeds) {
    if (feed.auth_file.empty()) continue;
    Result<std::string> credential = read_credential(feed);
    if (!credential) return tl::unexpected(credential.error());
    options.credentials.emplace(feed.id, *std::move(credential));
  }
  return options;
}

int worker_count(const Config& config) {
  if (config.pipeline.workers > 0) return config.pipeline.workers;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

}  // namespace nutgraf
