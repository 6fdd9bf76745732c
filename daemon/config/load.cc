#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "daemon/base/ascii.h"
#include "daemon/base/entities.h"
#include "daemon/base/read_file.h"
#include "daemon/base/url.h"
#include "daemon/config/config.h"
#include "daemon/config/document.h"
#include "daemon/config/feed_list.h"
#include "daemon/config/keys.h"
#include "daemon/config/units.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using Kind = ConfigNode::Kind;

/// A configuration file larger than this is a mistake, and would be read whole.
constexpr std::size_t kMaxFile = std::size_t{64} << 20;

/// So many keys of a section are listed where an unknown one is like none of them.
constexpr std::size_t kFewKeys = 9;

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

/// Collects the settings and the problems of one file after another.
class Loader {
 public:
  explicit Loader(Config& config) : config_(config) {}

  void file(const std::string& path) {
    file_ = path;
    const Result<std::string> text = read_file(path, {.most = kMaxFile, .regular = true});
    if (!text) return problem(nullptr, "cannot be read: " + text.error().message);
    const auto root = parse_toml(*text);
    if (!root) {
      problems_.push_back({file_, root.error().line, root.error().column, root.error().message});
      return;
    }
    document(*root);
  }

  /// The files of the drop-in folder, by name. A folder that is there and cannot be read is no
  /// empty one: its feeds would be taken for removed.
  void folder(const fs::path& path) {
    file_ = path.string();
    std::error_code error;
    std::vector<std::string> files;
    fs::directory_iterator entry(path, error);
    if (error == std::errc::no_such_file_or_directory) return;
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      if (entry->path().extension() == ".toml") files.push_back(entry->path().string());
    }
    if (error) return problem(nullptr, "cannot be read: " + error.message());
    std::sort(files.begin(), files.end());
    for (const std::string& name : files) file(name);
  }

  std::vector<ConfigProblem> finish() {
    complete_feeds();
    find_twin_hosts();
    check_together();
    // A value that is quoted may have several lines.
    for (ConfigProblem& each : problems_) each.message = collapse_space(each.message);
    std::stable_sort(problems_.begin(), problems_.end(), [](const auto& a, const auto& b) {
      return a.file == b.file && a.line < b.line;
    });
    return std::move(problems_);
  }

 private:
  void problem(const ConfigNode* node, const std::string& message) {
    problems_.push_back({file_, node ? node->line : 0, node ? node->column : 0, message});
  }

  std::string origin(const ConfigNode& node) const {
    return file_ + ":" + std::to_string(node.line);
  }

  void unknown(const ConfigNode& node, const std::string& name,
               const std::vector<std::string>& known, const std::string& place = "") {
    std::string message = "unknown key \"" + name + "\"";
    const std::string_view near = nearest(name, known);
    if (!place.empty()) {
      message.append(" here; it belongs in ").append(place);
    } else if (!near.empty()) {
      message.append("; did you mean \"").append(near).append("\"?");
    } else if (known.size() <= kFewKeys) {
      message.append("; the keys here are ").append(listed(known));
    }
    problem(&node, message);
  }

  /// The section that has this key; empty: none.
  std::string place_of(const std::string& key) const {
    const auto named = [&](const auto& each) { return each.name == key; };
    const auto section = std::ranges::find_if(config_keys_, [&](const auto& each) {
      return each.name.substr(each.name.find('.') + 1) == key;
    });
    if (section != config_keys_.end()) {
      return "[" + section->name.substr(0, section->name.find('.')) + "]";
    }
    if (std::ranges::any_of(feed_keys_, named)) return "[[feed]]";
    return std::ranges::any_of(host_keys_, named) ? "[[host]]" : "";
  }

  /// Reads the members of `table` into `object`. `prefix` and a dot stand before their names.
  template <typename T>
  void members(const ConfigNode& table, T& object, const std::vector<ConfigKey<T>>& keys,
               const std::string& prefix, const std::string& origin_prefix) {
    for (const ConfigNode& node : table.children) {
      const std::string name = prefix + node.key;
      const auto key = std::find_if(keys.begin(), keys.end(),
                                    [&](const ConfigKey<T>& each) { return each.name == name; });
      if (key == keys.end()) {
        std::vector<std::string> known;
        for (const ConfigKey<T>& each : keys) {
          if (each.name.starts_with(prefix)) known.push_back(each.name.substr(prefix.size()));
        }
        unknown(node, node.key, known, place_of(node.key));
        continue;
      }
      const std::string wrong = key->read(object, node);
      if (!wrong.empty()) problem(&node, node.key + " " + wrong);
      config_.origins[origin_prefix + node.key] = origin(node);
    }
  }

  void document(const ConfigNode& root) {
    std::vector<std::string> sections = {"feed", "host"};
    for (const auto& key : config_keys_) {
      const std::string section = key.name.substr(0, key.name.find('.'));
      if (sections.back() != section) sections.push_back(section);
    }
    for (const ConfigNode& node : root.children) {
      if (node.key == "feed") {
        entries(node, config_.feeds, feed_keys_);
      } else if (node.key == "host") {
        entries(node, config_.poll.hosts, host_keys_);
      } else if (std::find(sections.begin(), sections.end(), node.key) == sections.end()) {
        const bool setting = node.kind != Kind::kTable && node.kind != Kind::kArray;
        unknown(node, node.key, sections, setting ? place_of(node.key) : "");
      } else if (node.kind != Kind::kTable) {
        problem(&node, "\"" + node.key + "\" is a section: write [" + node.key + "]");
      } else {
        members(node, config_, config_keys_, node.key + ".", node.key + ".");
      }
    }
  }

  template <typename T>
  void entries(const ConfigNode& list, std::vector<T>& out, const std::vector<ConfigKey<T>>& keys) {
    if (list.kind != Kind::kArray) {
      problem(&list, "each " + list.key + " is written [[" + list.key + "]]");
      return;
    }
    for (const ConfigNode& table : list.children) {
      if (table.kind != Kind::kTable) {
        problem(&table, "each " + list.key + " is written [[" + list.key + "]]");
        continue;
      }
      const std::string name = list.key + "." + std::to_string(out.size());
      config_.origins[name] = origin(table);
      out.emplace_back();
      members(table, out.back(), keys, "", name + ".");
      const std::string& required = keys[list.key == "feed" ? 1 : 0].name;
      if (table.find(required) == nullptr) {
        problem(&table, "this [[" + list.key + "]] has no " + required);
      }
    }
  }

  /// Fills in what a feed was not given, once all files are read, and finds twins.
  void complete_feeds() {
    std::map<std::string, std::string> ids;
    std::map<std::string, std::string> urls;
    for (std::size_t i = 0; i < config_.feeds.size(); ++i) {
      FeedSource& feed = config_.feeds[i];
      const std::string place = "feed." + std::to_string(i);
      const std::string host = host_of(feed.url);
      if (feed.id.empty()) feed.id = derived_feed_id(feed.url);
      if (feed.publisher.empty()) {
        feed.publisher = host.starts_with("www.") ? host.substr(4) : host;
      }
      if (feed.name.empty()) feed.name = feed.publisher;
      twin(ids, feed.id, place, "id \"" + feed.id + "\"", "; give one of them another id");
      twin(urls, feed.url, place, "url " + feed.url, "");
      const auto full_text = config_.origins.find(place + ".full_text");
      if (full_text == config_.origins.end()) feed.full_text = config_.fetch.full_text;
      if (feed.access.get() != nullptr) check_access(feed, place + ".");
      feed.access.settle();
      feed.page.settle();
      check_page(feed, place + ".");
    }
  }

  /// Of two rules for one host the later would be without effect.
  void find_twin_hosts() {
    std::map<std::string, std::string> seen;
    for (std::size_t i = 0; i < config_.poll.hosts.size(); ++i) {
      const std::string& host = config_.poll.hosts[i].match;
      const std::string place = "host." + std::to_string(i);
      if (host.empty()) continue;
      const auto [first, fresh] = seen.emplace(to_lower(host), place);
      if (fresh) continue;
      at_origin(place, "two [[host]] match " + host + ": here and at " +
                           config_.origins[first->second] + "; join them");
    }
  }

  void check_page(const FeedSource& feed, const std::string& place) {
    if (feed.page.get() == nullptr || feed.full_text != FullText::kFeed) return;
    const char* const key = feed.page.get()->select.empty() ? "page_drop" : "page_select";
    at_origin(place + key, std::string(key) +
                               " is for pages, and full_text = \"feed\" fetches none: write "
                               "full_text = \"page\"");
  }

  /// What is wrong with how a feed is asked as a whole.
  void check_access(const FeedSource& feed, const std::string& place) {
    const FeedAccess& access = *feed.access.get();
    const bool sets_authorization = std::any_of(
        access.headers.begin(), access.headers.end(),
        [](const auto& header) { return equals_ignoring_case(header.first, "authorization"); });
    if (sets_authorization && !access.auth_file.empty()) {
      at_origin(place + "auth_file", "auth_file and an Authorization in headers: leave one out");
    }
    if (!access.client_key.empty() && access.client_cert.empty()) {
      at_origin(place + "client_key", "client_key needs the client_cert that it belongs to");
    }
    if (!access.tls_verify && !access.ca_file.empty()) {
      at_origin(place + "tls_verify",
                "tls_verify = false makes ca_file pointless: leave tls_verify out");
    }
    if (feed.url.starts_with("https:")) return;
    const std::pair<const char*, bool> need_tls[] = {
        {"ca_file", !access.ca_file.empty()},
        {"client_cert", !access.client_cert.empty()},
        {"tls_verify", !access.tls_verify},
    };
    for (const auto& [key, is_set] : need_tls) {
      if (!is_set) continue;
      at_origin(place + key, std::string(key) + " is for https, and this feed's url is not");
    }
  }

  void twin(std::map<std::string, std::string>& seen, const std::string& value,
            const std::string& place, const std::string& what, const std::string& remedy) {
    if (value.empty()) return;
    const auto [first, fresh] = seen.emplace(value, place);
    if (fresh) return;
    at_origin(place, "two feeds have the " + what + ": here and at " +
                         config_.origins[first->second] + remedy);
  }

  /// A problem at the place where a value was read; at the main file if it is a default.
  void at_origin(const std::string& name, const std::string& message) {
    const auto found = config_.origins.find(name);
    if (found == config_.origins.end()) {
      problems_.push_back({file_, 0, 0, message});
      return;
    }
    const auto colon = found->second.rfind(':');
    problems_.push_back(
        {found->second.substr(0, colon), std::atoi(found->second.c_str() + colon + 1), 1, message});
  }

  /// What is wrong only in company.
  void check_together() {
    const PollOptions& poll = config_.poll;
    if (poll.min_interval > poll.max_interval) {
      at_origin(
          config_.origins.contains("poll.max_interval") ? "poll.max_interval" : "poll.min_interval",
          "poll.min_interval (" + format_duration(poll.min_interval) +
              ") is longer than poll.max_interval (" + format_duration(poll.max_interval) + ")");
    }
    if (config_.fetch.max_body > config_.fetch.memory) {
      at_origin("fetch.max_body",
                "fetch.max_body is larger than fetch.memory: one body would never fit");
    }
    check_keys();
    check_ports();
    check_exposure("wire.live", config_.wire.live);
    check_exposure("wire.sync", config_.wire.sync);
  }

  /// Each socket needs a place of its own.
  void check_ports() {
    std::map<std::string, std::string> taken;
    const auto take = [&](const std::string& name, const std::string& endpoint) {
      if (endpoint.ends_with(":0") || endpoint.ends_with(":*")) return;
      const auto [first, fresh] = taken.emplace(endpoint, name);
      if (fresh) return;
      at_origin(name, name + " has " + endpoint + ", which " + first->second + " has already");
    };
    const std::pair<const char*, const std::vector<std::string>*> lists[] = {
        {"wire.live", &config_.wire.live}, {"wire.sync", &config_.wire.sync}};
    for (const auto& [name, endpoints] : lists) {
      if (endpoints->empty()) at_origin(name, std::string(name) + " names no endpoint");
      for (const std::string& endpoint : *endpoints) take(name, endpoint);
    }
    if (!config_.status.listen.empty()) take("status.listen", "tcp://" + config_.status.listen);
  }

  void check_keys() {
    const bool key = !config_.wire.curve_key.empty();
    const bool clients = !config_.wire.clients.empty();
    if (key == clients) return;
    at_origin(key ? "wire.curve_key" : "wire.clients",
              key ? "wire.curve_key needs wire.clients, the folder that says who may connect"
                  : "wire.clients needs wire.curve_key, the server's own key");
  }

  void check_exposure(const std::string& name, const std::vector<std::string>& endpoints) {
    for (const std::string& endpoint : endpoints) {
      const bool local = endpoint.starts_with("ipc://") || endpoint.starts_with("tcp://127.") ||
                         endpoint.starts_with("tcp://[::1]:") ||
                         endpoint.starts_with("tcp://localhost:");
      if (local || config_.wire.insecure || !config_.wire.curve_key.empty()) continue;
      std::string message = name;
      message.append(" has ").append(endpoint);
      message.append(", which other machines can reach: name keys with wire.curve_key and ");
      message.append("wire.clients, or, if nothing need be secret, set wire.insecure = true");
      at_origin(name, message);
    }
  }

  Config& config_;
  std::string file_;
  std::vector<ConfigProblem> problems_;
  const std::vector<ConfigKey<Config>> config_keys_ = config_keys();
  const std::vector<ConfigKey<FeedSource>> feed_keys_ = feed_keys();
  const std::vector<ConfigKey<HostRule>> host_keys_ = host_keys();
};

/// The first folder of an environment variable of systemd's; several are parted by colons.
fs::path folder_of(const char* variable) {
  const char* const value = std::getenv(variable);
  const std::string folders = value == nullptr ? "" : value;
  return folders.substr(0, folders.find(':'));
}

/// Where the store is unless the file says: systemd names the folder, or whoever runs us by hand.
std::string default_store_path(const std::string& otherwise) {
  const fs::path state = folder_of("STATE_DIRECTORY");
  return state.empty() ? otherwise : (state / "nutgraf.db").string();
}

/// Not in the state folder: what is restored with the one must not be restored with the other.
std::string default_high_water() {
  const fs::path cache = folder_of("CACHE_DIRECTORY");
  return cache.empty() ? std::string() : (cache / "nutgraf.db.mark").string();
}

}  // namespace

std::string ConfigProblem::str() const {
  std::string where = file;
  if (line > 0) where += ":" + std::to_string(line) + ":" + std::to_string(column);
  return where + ": " + message;
}

namespace {

/// The status port asks nobody who he is.
void warn_of_open_status(const Config& config, std::vector<std::string>& out) {
  const std::string& listen = config.status.listen;
  const bool local = listen.empty() || listen.starts_with("127.") || listen.starts_with("[::1]:") ||
                     listen.starts_with("localhost:");
  if (local) return;
  const auto origin = config.origins.find("status.listen");
  const std::string place = origin == config.origins.end() ? "" : origin->second + ": ";
  out.push_back(place + "status.listen has " + listen +
                ", where other machines can read the page and the metrics without a password");
}

/// The bound of every interval that `interval` is beyond; empty: none.
std::string bound_beyond(const PollOptions& poll, std::chrono::seconds interval) {
  if (interval < poll.min_interval) {
    return "shorter than poll.min_interval (" + format_duration(poll.min_interval) +
           "), and nothing is polled more often than that";
  }
  if (interval > poll.max_interval) {
    return "longer than poll.max_interval (" + format_duration(poll.max_interval) +
           "), and everything is polled as often as that";
  }
  return {};
}

/// Said of the default and of the first feed: a list of thousands may have been made by a program.
void warn_of_intervals(const Config& config, std::vector<std::string>& out) {
  const auto tell = [&](const std::string& origin, const std::string& whose,
                        std::chrono::seconds interval, const std::string& more) {
    const std::string bound = bound_beyond(config.poll, interval);
    const auto found = config.origins.find(origin);
    if (bound.empty() || found == config.origins.end()) return;
    std::string line = found->second + ": " + whose + " (" + format_duration(interval) + ") is ";
    out.push_back(line.append(bound).append(more));
  };
  tell("poll.interval", "poll.interval", config.poll.interval, "");
  std::size_t first = config.feeds.size();
  std::size_t others = 0;
  for (std::size_t i = 0; i < config.feeds.size(); ++i) {
    const auto& interval = config.feeds[i].interval;
    if (!interval || bound_beyond(config.poll, *interval).empty()) continue;
    if (first == config.feeds.size()) {
      first = i;
    } else {
      ++others;
    }
  }
  if (first == config.feeds.size()) return;
  const FeedSource& feed = config.feeds[first];
  tell("feed." + std::to_string(first) + ".interval", "feed " + feed.id + ": interval",
       *feed.interval, others == 0 ? "" : "; so with " + std::to_string(others) + " more");
}

}  // namespace

std::vector<std::string> config_warnings(const Config& config) {
  std::vector<std::string> out;
  warn_of_open_status(config, out);
  warn_of_intervals(config, out);
  for (std::size_t i = 0; i < config.feeds.size(); ++i) {
    const FeedAccess* const access = config.feeds[i].access.get();
    if (access == nullptr || access->tls_verify) continue;
    const auto origin = config.origins.find("feed." + std::to_string(i) + ".tls_verify");
    const std::string place = origin == config.origins.end() ? "" : origin->second + ": ";
    out.push_back(place + "feed " + config.feeds[i].id +
                  " has tls_verify = false: whoever is on the way can read and forge it; name its "
                  "certificate with ca_file instead");
  }
  return out;
}

std::vector<ConfigProblem> check_config(const std::string& path, Config* config) {
  *config = {};
  config->store.path = default_store_path(config->store.path);
  config->store.high_water = default_high_water();
  const Config plain;
  if (config->store.path != plain.store.path) config->origins["store.path"] = "$STATE_DIRECTORY";
  if (!config->store.high_water.empty()) config->origins["store.high_water"] = "$CACHE_DIRECTORY";
  Loader loader(*config);
  loader.file(path);
  loader.folder(fs::path(path).parent_path() / "nutgraf.d");
  return loader.finish();
}

Result<Config> load_config(const std::string& path) {
  Config config;
  const std::vector<ConfigProblem> problems = check_config(path, &config);
  if (problems.empty()) return config;
  std::string message;
  for (const ConfigProblem& problem : problems) {
    message += (message.empty() ? "" : "\n") + problem.str();
  }
  return fail(ErrorCode::kBadConfig, message);
}

std::string control_path(const Config& config) {
  if (!config.control.path.empty()) return config.control.path;
  const char* const runtime = std::getenv("RUNTIME_DIRECTORY");
  const fs::path folder = runtime != nullptr && *runtime != '\0'
                              ? fs::path(runtime)
                              : fs::path(config.store.path).parent_path();
  return (folder / "control.sock").string();
}

}  // namespace nutgraf
