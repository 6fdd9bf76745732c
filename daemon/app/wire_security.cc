#include "daemon/app/wire_security.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <utility>

#include "daemon/app/access.h"
#include "daemon/base/read_file.h"
#include "daemon/config/document.h"
#include "daemon/model/topic.h"
#include "daemon/wire/curve.h"

namespace nutgraf {
namespace {

namespace fs = std::filesystem;
using Kind = ConfigNode::Kind;

/// A client's file has two lines; whatever is larger is another file.
constexpr std::size_t kMostBytes = 64 << 10;
constexpr std::size_t kMostTopics = 64;
constexpr std::string_view kNameLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_";

/// Of whole words, so that nobody is given "story.e" by mistake.
bool is_grant(std::string_view topics) {
  return topics.empty() || (topics.ends_with('.') && is_topic_prefix(topics));
}

/// Reads the folder and collects what is wrong in it.
class ClientFolder {
 public:
  std::vector<WireClient> read(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".toml") files.push_back(entry.path());
    }
    if (error) problem(folder, "wire.clients cannot be read: " + error.message());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) one(file);
    return std::move(clients_);
  }

  std::string problems;

 private:
  void problem(const fs::path& file, const std::string& what, int line = 0) {
    problems += (problems.empty() ? "" : "\n") + file.string() +
                (line > 0 ? ":" + std::to_string(line) : "") + ": " + what;
  }

  void one(const fs::path& file) {
    WireClient client{.name = file.stem().string(), .key = {}, .topics = {}};
    if (client.name.size() > 64 ||
        client.name.find_first_not_of(kNameLetters) != std::string::npos) {
      return problem(file, "a client's name has at most 64 of a-z, 0-9, - and _");
    }
    const Result<std::string> text = read_file(file, {.most = kMostBytes, .regular = true});
    if (!text) return problem(file, "cannot be read: " + text.error().message);
    const auto root = parse_toml(*text);
    if (!root) return problem(file, root.error().message, root.error().line);
    const std::string before = problems;
    for (const ConfigNode& node : root->children) member(file, node, client);
    if (problems != before) return;
    if (client.key.empty()) return problem(file, "has no key");
    if (client.topics.empty()) return problem(file, "has no topics; [\"\"] is everything");
    const auto [other, fresh] = owners_.emplace(client.key, client.name);
    if (!fresh) return problem(file, "has the key of " + other->second);
    clients_.push_back(std::move(client));
  }

  void member(const fs::path& file, const ConfigNode& node, WireClient& client) {
    if (node.key == "key") {
      if (node.kind != Kind::kString || !is_curve_key(node.text)) {
        return problem(file, "key is not the 40 characters that `nutgraf keygen` prints",
                       node.line);
      }
      client.key = node.text;
    } else if (node.key == "topics") {
      topics(file, node, client);
    } else {
      problem(file, "unknown key \"" + node.key + "\"; there are key and topics", node.line);
    }
  }

  void topics(const fs::path& file, const ConfigNode& node, WireClient& client) {
    if (node.kind != Kind::kArray || node.children.size() > kMostTopics) {
      return problem(file, "topics is a list of at most 64 (e.g. [\"story.en.\", \"feed.\"])",
                     node.line);
    }
    for (const ConfigNode& child : node.children) {
      if (child.kind != Kind::kString || !is_grant(child.text)) {
        return problem(file,
                       "topics has one that is no prefix: words of a-z, 0-9, - and _, each with a "
                       "dot behind it (e.g. \"story.en.\"), or \"\" for everything",
                       child.line);
      }
      client.topics.push_back(child.text);
    }
  }

  std::vector<WireClient> clients_;
  std::map<std::string, std::string> owners_;  // Of keys.
};

Result<std::string> server_key(const std::string& name) {
  const fs::path path = credential_path(name);
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorCode::kBadConfig, "wire.curve_key: " + path.string() + " " + what);
  };
  Result<std::string> text = read_file(path, {.most = kMostBytes, .regular = true});
  if (!text) {
    return wrong("cannot be read: " + text.error().message + "; `nutgraf keygen FILE` makes one");
  }
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || (about.st_mode & S_IRWXO) != 0) {
    return wrong("can be read by everyone on this machine; chmod 600");
  }
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  if (!is_curve_key(*text)) return wrong("holds no key of 40 characters");
  return *std::move(text);
}

}  // namespace

Result<WireSecurity> wire_security(const Config& config) {
  WireSecurity security;
  if (config.wire.curve_key.empty()) return security;
  Result<std::string> key = server_key(config.wire.curve_key);
  if (!key) return tl::unexpected(key.error());
  security.secret_key = *std::move(key);
  ClientFolder folder;
  security.clients = folder.read(config.wire.clients);
  if (!folder.problems.empty()) return fail(ErrorCode::kBadConfig, folder.problems);
  return security;
}

}  // namespace nutgraf
