#include "daemon/config/keys.h"

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "daemon/article/page_selector.h"
#include "daemon/base/port.h"
#include "daemon/base/url.h"
#include "daemon/config/key_kinds.h"
#include "daemon/feed/rules.h"

namespace nutgraf {
namespace {

using namespace std::chrono_literals;
using Kind = ConfigNode::Kind;
using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::years;

Choices<std::string> names(std::initializer_list<std::string_view> list) {
  Choices<std::string> out;
  for (const std::string_view name : list) out.emplace_back(name, std::string(name));
  return out;
}

const Choices<FullText> full_text_choices() {
  return {{"auto", FullText::kAuto}, {"feed", FullText::kFeed}, {"page", FullText::kPage}};
}

const Choices<Mirror> mirror_choices() {
  return {{"auto", Mirror::kAuto}, {"on", Mirror::kOn}, {"off", Mirror::kOff}};
}

std::optional<FirstPoll> parse_first_poll(const std::string& text) {
  constexpr std::string_view kNewest = "newest:";
  if (text == "none") return FirstPoll{FirstPoll::Kind::kNone, 0};
  if (text == "all") return FirstPoll{FirstPoll::Kind::kAll, 0};
  if (!text.starts_with(kNewest)) return std::nullopt;
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + kNewest.size(), end, count);
  if (error != std::errc() || stop != end || count < 1 || count > 1'000'000) return std::nullopt;
  return FirstPoll{FirstPoll::Kind::kNewest, count};
}

ConfigKey<Config> first_poll(std::string name) {
  auto read = [](Config& config, const ConfigNode& node) -> std::string {
    if (node.kind != Kind::kString) return wrong_type(node, "\"none\", \"newest:N\" or \"all\"");
    const auto value = parse_first_poll(node.text);
    if (!value) return "is \"" + node.text + "\", not \"none\", \"newest:10\" or \"all\"";
    config.poll.first_poll = *value;
    return {};
  };
  auto print = [](const Config& config) {
    switch (config.poll.first_poll.kind) {
      case FirstPoll::Kind::kNone:
        return toml_quote("none");
      case FirstPoll::Kind::kAll:
        return toml_quote("all");
      case FirstPoll::Kind::kNewest:
        break;
    }
    return toml_quote("newest:" + std::to_string(config.poll.first_poll.newest));
  };
  return {std::move(name), read, print};
}

/// Looked at closely: libzmq takes 99999 for 34463.
bool is_tcp_endpoint(std::string_view value) {
  const auto colon = value.rfind(':');
  if (!value.starts_with("tcp://") || colon <= 6) return false;
  const std::string_view port = value.substr(colon + 1);
  return port == "*" || parse_port(port).has_value();
}

std::string check_endpoint(const std::string& value) {
  const bool ipc = value.starts_with("ipc://") && value.size() > 6;
  if (is_tcp_endpoint(value) || ipc) return {};
  return "is \"" + value + "\", not an endpoint (e.g. \"tcp://127.0.0.1:5556\", \"ipc:///run/x\")";
}

std::string check_listen(const std::string& value) {
  const auto colon = value.rfind(':');
  if (value.empty()) return {};
  const bool has_host = colon != std::string::npos && colon > 0;
  if (has_host && parse_port(std::string_view(value).substr(colon + 1)).value_or(0) > 0) return {};
  return "is \"" + value + "\", not host:port (e.g. \"127.0.0.1:9556\"; \"\" turns it off)";
}

std::string check_word(const std::string& value) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  if (!value.empty() && value.size() <= 64 &&
      value.find_first_not_of(kLetters) == std::string::npos) {
    return {};
  }
  return "is \"" + value + "\": 1 to 64 of a-z, 0-9, - and _ (it becomes part of topics)";
}

std::string check_store_path(const std::string& value) {
  if (value.find("://") != std::string::npos) {
    return "is \"" + value + "\"; the store is a file (e.g. \"/var/lib/nutgraf/nutgraf.db\")";
  }
  if (value.starts_with('~')) {
    return "is \"" + value + "\", and ~ means nothing here: write the whole path";
  }
  std::error_code none;
  if (value.ends_with('/') || std::filesystem::is_directory(value, none)) {
    return "is \"" + value + "\", a folder; name a file in it (e.g. \"" +
           (std::filesystem::path(value) / "nutgraf.db").string() + "\")";
  }
  return check_not_empty(value);
}

std::string check_host(const std::string& value) {
  const bool bare = value.find_first_of("/: *") == std::string::npos;
  if (!value.empty() && bare) return {};
  return "is \"" + value + "\", not a host name (e.g. \"example.org\": it and its subdomains)";
}

std::string check_url(const std::string& value) {
  const auto url = parse_url(value);
  // The value is not repeated: what is wrong goes into logs.
  if (url && !url->userinfo.empty()) {
    return "has a user or a password before the host, which every subscriber would read: put "
           "user:password into a file and name that as auth_file";
  }
  if (url && (url->scheme == "http" || url->scheme == "https") && !url->host.empty()) return {};
  return "is \"" + value + "\", not an http(s) URL (e.g. \"https://example.org/rss.xml\")";
}

std::string check_rule(const std::string& value) {
  const Result<Rule> rule = Rule::parse(value);
  return rule ? std::string() : "is wrong: " + rule.error().message;
}

std::string check_language(const std::string& value) {
  // The topic has the primary subtag, and what is detected has two or three letters there.
  const std::size_t primary = std::min(value.find('-'), value.size());
  return value.empty() || (value.size() <= 35 && primary >= 2 && primary <= 3 &&
                           value.find_first_of(" _.") == std::string::npos)
             ? std::string()
             : "is \"" + value + "\", not a language tag (e.g. \"en\", \"de\", \"pt-BR\")";
}

/// A list of PageSelectors. A long one is a mistake, or meant to cost time at every page.
ConfigKey<FeedSource> selectors(std::string name, std::vector<std::string> PageSelectors::*list) {
  auto get = [list](auto& feed) -> decltype(auto) {
    if constexpr (std::is_const_v<std::remove_reference_t<decltype(feed)>>) {
      return std::vector<std::string>(feed.page.value().*list);
    } else {
      return (feed.page.edit().*list);
    }
  };
  const ConfigKey<FeedSource> key = texts<FeedSource>(name, get, [](const std::string& value) {
    const std::string problem = check_selector(value);
    return problem.empty() ? problem : "is no selector: " + problem;
  });
  auto read = [key](FeedSource& feed, const ConfigNode& node) -> std::string {
    if (node.kind == Kind::kArray && node.children.size() > kMostSelectors) {
      return "has more than " + std::to_string(kMostSelectors) +
             " selectors; join some with commas";
    }
    return key.read(feed, node);
  };
  return {std::move(name), read, key.print};
}

using Keys = std::vector<ConfigKey<Config>>;

void add_output_keys(Keys& keys) {
  const auto store = &Config::store;
  keys.push_back(text<Config>("store.path", At{store, &StoreConfig::path}, check_store_path));
  keys.push_back(text<Config>("store.high_water", At{store, &StoreConfig::high_water}));
  keys.push_back(duration<Config>("store.log_age", At{store, &StoreConfig::log_age}, 1min,
                                  10 * years(1), "7d"));
  keys.push_back(integer<Config>("store.log_count", At{store, &StoreConfig::log_count}, 1000,
                                 std::int64_t{1} << 40));
  keys.push_back(size<Config>("store.log_bytes", At{store, &StoreConfig::log_bytes}, 1u << 20,
                              std::uint64_t{1} << 50, "4GiB"));
  keys.push_back(duration<Config>("store.stories_age", At{store, &StoreConfig::stories_age}, 1h,
                                  10 * years(1), "14d"));
  keys.push_back(duration<Config>("store.items_age", At{store, &StoreConfig::items_age}, days(1),
                                  10 * years(1), "60d"));
  keys.push_back(duration<Config>("store.prune_every", At{store, &StoreConfig::prune_every}, 1s,
                                  days(1), "10m"));
  keys.push_back(size<Config>("store.min_free", At{store, &StoreConfig::min_free}, 0,
                              std::uint64_t{1} << 50, "64MiB"));
  const auto wire = &Config::wire;
  keys.push_back(texts<Config>("wire.live", At{wire, &WireOptions::live}, check_endpoint));
  keys.push_back(texts<Config>("wire.sync", At{wire, &WireOptions::sync}, check_endpoint));
  keys.push_back(text<Config>("wire.advertise", At{wire, &WireOptions::advertise},
                              [](const std::string& value) {
                                return value.empty() ? std::string() : check_endpoint(value);
                              }));
  keys.push_back(text<Config>("wire.curve_key", At{wire, &WireOptions::curve_key}));
  keys.push_back(text<Config>("wire.clients", At{wire, &WireOptions::clients}));
  keys.push_back(boolean<Config>("wire.publish_text", At{wire, &WireOptions::publish_text}));
  keys.push_back(boolean<Config>("wire.insecure", At{wire, &WireOptions::insecure}));
  keys.push_back(
      duration<Config>("wire.heartbeat", At{wire, &WireOptions::heartbeat}, 50ms, 1min, "1s"));
  keys.push_back(integer<Config>("wire.send_hwm", At{wire, &WireOptions::send_hwm}, 1, 1'000'000));
  keys.push_back(
      text<Config>("status.listen", At{&Config::status, &StatusConfig::listen}, check_listen));
  const auto status = &Config::status;
  keys.push_back(texts<Config>("status.hosts", At{status, &StatusConfig::hosts}, check_host));
  keys.push_back(
      choice<Config>("status.mirror", At{status, &StatusConfig::mirror}, mirror_choices()));
  keys.push_back(integer<Config>("status.streams", At{status, &StatusConfig::streams}, 1, 1000));
  keys.push_back(text<Config>("control.path", At{&Config::control, &ControlConfig::path}));
  keys.push_back(choice<Config>("log.level", At{&Config::log, &LogConfig::level},
                                names({"trace", "debug", "info", "warn", "error"})));
}

void add_input_keys(Keys& keys) {
  const auto poll = &Config::poll;
  keys.push_back(
      duration<Config>("poll.interval", At{poll, &PollOptions::interval}, 1s, days(30), "15m"));
  keys.push_back(duration<Config>("poll.min_interval", At{poll, &PollOptions::min_interval}, 1s,
                                  days(30), "5m"));
  keys.push_back(duration<Config>("poll.max_interval", At{poll, &PollOptions::max_interval}, 1s,
                                  days(30), "24h"));
  keys.push_back(boolean<Config>("poll.adaptive", At{poll, &PollOptions::adaptive}));
  keys.push_back(integer<Config>("poll.per_host_concurrency",
                                 At{poll, &PollOptions::per_host_concurrency}, 1, 64));
  keys.push_back(duration<Config>("poll.per_host_spacing", At{poll, &PollOptions::per_host_spacing},
                                  0ms, 1h, "5s"));
  keys.push_back(first_poll("poll.first_poll"));
  keys.push_back(
      duration<Config>("poll.max_age", At{poll, &PollOptions::max_age}, 1s, 10 * years(1), "30d"));
  keys.push_back(duration<Config>("poll.start_spread", At{poll, &PollOptions::start_spread}, 0ms,
                                  days(1), "5s"));
  keys.push_back(duration<Config>("poll.catch_up_spread", At{poll, &PollOptions::catch_up_spread},
                                  0ms, days(1), "1m"));
  keys.push_back(duration<Config>("poll.unconditional_every",
                                  At{poll, &PollOptions::unconditional_every}, 1min, days(365),
                                  "3d"));
  const auto health = [](auto member) {
    return [member](auto& config) -> auto& { return config.poll.health.*member; };
  };
  keys.push_back(duration<Config>("health.silent_after", health(&HealthOptions::silent_after), 1s,
                                  days(365), "3d"));
  keys.push_back(
      integer<Config>("health.silent_gaps", health(&HealthOptions::silent_gaps), 1, 1000));
  keys.push_back(
      integer<Config>("health.thin_percent", health(&HealthOptions::thin_percent), 0, 90));
  const auto fetch = &Config::fetch;
  keys.push_back(
      choice<Config>("fetch.full_text", At{fetch, &FetchConfig::full_text}, full_text_choices()));
  keys.push_back(size<Config>("fetch.max_body", At{fetch, &FetchConfig::max_body}, 1u << 10,
                              1u << 30, "8MiB"));
  keys.push_back(
      text<Config>("fetch.user_agent", At{fetch, &FetchConfig::user_agent}, check_agent));
  keys.push_back(text<Config>("fetch.proxy", At{fetch, &FetchConfig::proxy}, check_proxy));
  keys.push_back(boolean<Config>("fetch.robots", At{fetch, &FetchConfig::robots}));
  keys.push_back(
      duration<Config>("fetch.timeout", At{fetch, &FetchConfig::timeout}, 100ms, 10min, "30s"));
  keys.push_back(duration<Config>("fetch.connect_timeout", At{fetch, &FetchConfig::connect_timeout},
                                  100ms, 5min, "10s"));
  keys.push_back(
      integer<Config>("fetch.max_redirects", At{fetch, &FetchConfig::max_redirects}, 0, 20));
  keys.push_back(
      integer<Config>("fetch.concurrency", At{fetch, &FetchConfig::concurrency}, 1, 1000));
  keys.push_back(size<Config>("fetch.memory", At{fetch, &FetchConfig::memory}, 1u << 20,
                              std::uint64_t{1} << 40, "64MiB"));
  keys.push_back(duration<Config>("fetch.publish_teaser_after",
                                  At{fetch, &FetchConfig::publish_teaser_after}, 0ms, days(30),
                                  "6h"));
  keys.push_back(
      durations<Config>("fetch.recheck", At{fetch, &FetchConfig::recheck}, 1s, days(30), 8, "30m"));
}

void add_work_keys(Keys& keys) {
  keys.push_back(
      integer<Config>("pipeline.workers", At{&Config::pipeline, &PipelineConfig::workers}, 0, 256));
  keys.push_back(boolean<Config>("pipeline.learn_furniture",
                                 At{&Config::pipeline, &PipelineConfig::learn_furniture}));
  const auto summary = &Config::summary;
  keys.push_back(choice<Config>("summary.method", At{summary, &SummaryConfig::method},
                                names({"nutgraf", "textrank", "lexrank"})));
  keys.push_back(
      integer<Config>("summary.sentences", At{summary, &SummaryConfig::sentences}, 1, 100));
  keys.push_back(integer<Config>("summary.words", At{summary, &SummaryConfig::words}, 0, 5000));
  const auto dedup = &Config::dedup;
  keys.push_back(
      duration<Config>("dedup.window", At{dedup, &DedupOptions::window}, 1h, days(365), "14d"));
  keys.push_back(integer<Config>("dedup.max_stories", At{dedup, &DedupOptions::max_stories}, 1000,
                                 10'000'000));
  const auto event = &Config::event;
  keys.push_back(
      duration<Config>("event.debounce", At{event, &EventOptions::debounce}, 0ms, days(1), "30s"));
  keys.push_back(
      duration<Config>("event.window", At{event, &EventOptions::window}, 1h, days(365), "14d"));
  keys.push_back(duration<Config>("event.close_after", At{event, &EventOptions::close_after}, 1h,
                                  days(90), "7d"));
  keys.push_back(integer<Config>("event.max_stories", At{event, &EventOptions::max_stories}, 1000,
                                 10'000'000));
  keys.push_back(integer<Config>(
      "event.sentences", At{&Config::event_summary, &EventSummaryOptions::sentences}, 1, 50));
}

}  // namespace

std::vector<ConfigKey<Config>> config_keys() {
  Keys keys;
  add_output_keys(keys);
  add_input_keys(keys);
  add_work_keys(keys);
  return keys;
}

std::vector<ConfigKey<HostRule>> host_keys() {
  using Host = HostRule;
  std::vector<ConfigKey<Host>> keys;
  keys.push_back(text<Host>("match", Of{&Host::match}, check_host));
  keys.push_back(duration<Host>("spacing", Of{&Host::spacing}, 0ms, days(1), "1s"));
  keys.push_back(integer<Host>("concurrency", Of{&Host::concurrency}, 1, 64));
  return keys;
}

std::vector<ConfigKey<FeedSource>> feed_keys() {
  using Feed = FeedSource;
  std::vector<ConfigKey<Feed>> keys;
  keys.push_back(text<Feed>("id", Of{&Feed::id}, check_word));
  keys.push_back(text<Feed>("url", Of{&Feed::url}, check_url));
  keys.push_back(text<Feed>("name", Of{&Feed::name}));
  keys.push_back(text<Feed>("publisher", Of{&Feed::publisher}));
  keys.push_back(text<Feed>("category", Of{&Feed::category}, check_word));
  keys.push_back(texts<Feed>("tags", Of{&Feed::tags}));
  keys.push_back(text<Feed>("language", Of{&Feed::language}, check_language));
  keys.push_back(duration<Feed>("interval", Of{&Feed::interval}, 1s, days(30), "10m"));
  keys.push_back(choice<Feed>("full_text", Of{&Feed::full_text}, full_text_choices()));
  keys.push_back(texts<Feed>("keep", Of{&Feed::keep}, check_rule));
  keys.push_back(texts<Feed>("drop", Of{&Feed::drop}, check_rule));
  keys.push_back(selectors("page_select", &PageSelectors::select));
  keys.push_back(selectors("page_drop", &PageSelectors::drop));
  add_access_keys(keys);
  keys.push_back(boolean<Feed>("allow_private", Of{&Feed::allow_private}));
  return keys;
}

}  // namespace nutgraf
