#include "daemon/app/access.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <utility>

#include "daemon/app/wire_security.h"
#include "daemon/base/read_file.h"

namespace nutgraf {
namespace {

/// More than any header or password: whatever is larger is not what was meant.
constexpr std::size_t kMostSecret = 16 << 10;

/// Reads what one feed's keys name.
class AccessReader {
 public:
  AccessReader(const Config& config, std::size_t index)
      : config_(config),
        feed_(config.feeds[index]),
        place_("feed." + std::to_string(index) + ".") {}

  /// The one line of a file.
  Result<std::string> secret(const std::string& key, const std::string& name,
                             const std::string& holds) const {
    const std::filesystem::path path = credential_path(name);
    const Result<std::string> read = read_file(path, {.most = kMostSecret, .regular = true});
    if (!read) {
      const bool large = read.error().code == ErrorCode::kTooLarge;
      return wrong(key, path, large ? "is too large" : "cannot be read: " + read.error().message,
                   holds);
    }
    std::string text = *read;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty()) return wrong(key, path, "is empty", holds);
    if (!is_field_value(text)) return wrong(key, path, "has more than one line", holds);
    return text;
  }

  /// Where libcurl will read; it must be there now, not at the first poll.
  Result<std::string> readable(const std::string& key, const std::string& name) const {
    if (name.empty()) return std::string();
    const std::filesystem::path path = credential_path(name);
    const Result<Descriptor> file = open_to_read(path, /*regular=*/true);
    if (!file) return wrong(key, path, "cannot be read: " + file.error().message, "PEM");
    std::error_code error;
    if (std::filesystem::file_size(path, error) == 0) return wrong(key, path, "is empty", "PEM");
    return path.string();
  }

  tl::unexpected<Error> wrong(const std::string& key, const std::filesystem::path& path,
                              const std::string& what, const std::string& holds) const {
    const auto origin = config_.origins.find(place_ + key);
    std::string message = origin == config_.origins.end() ? "" : origin->second + ": ";
    message += "feed " + feed_.id + ": " + key + ": " + path.string() + " " + what;
    message += "; it should hold " + holds;
    // Not found, most likely: it is no credential of systemd's here.
    if (!path.is_absolute()) message += " (looked for here: $CREDENTIALS_DIRECTORY is not set)";
    return fail(ErrorCode::kBadConfig, message);
  }

 private:
  const Config& config_;
  const FeedSource& feed_;
  const std::string place_;
};

Result<std::string> read_userpwd(const AccessReader& reader, const std::string& name) {
  Result<std::string> line = reader.secret("auth_file", name, "one line, user:password");
  if (line && line->find(':') == std::string::npos) {
    return reader.wrong("auth_file", credential_path(name), "has no colon",
                        "one line, user:password");
  }
  return line;
}

Result<void> read_headers(const AccessReader& reader, const FeedAccess& access,
                          OriginOptions& own) {
  for (const auto& [name, value] : access.headers) {
    if (!value.starts_with('@')) {
      own.headers.emplace_back(name, value);
      continue;
    }
    Result<std::string> secret =
        reader.secret("headers", value.substr(1), "one line, the value of " + name);
    if (!secret) return tl::unexpected(secret.error());
    own.headers.emplace_back(name, *std::move(secret));
  }
  return {};
}

}  // namespace

std::filesystem::path credential_path(const std::string& name) {
  const std::filesystem::path path(name);
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  return path.is_absolute() || folder == nullptr ? path : std::filesystem::path(folder) / path;
}

Result<FeedAsking> read_access(const Config& config, std::size_t index) {
  const FeedAccess& access = *config.feeds[index].access.get();
  const AccessReader reader(config, index);
  FeedAsking asking;
  asking.user_agent = access.user_agent;
  if (!access.proxy.empty()) asking.proxy = access.proxy == "off" ? "" : access.proxy;
  asking.http1_only = access.http1_only;
  OriginOptions& own = asking.own;
  own.tls_verify = access.tls_verify;
  if (!access.auth_file.empty()) {
    Result<std::string> userpwd = read_userpwd(reader, access.auth_file);
    if (!userpwd) return tl::unexpected(userpwd.error());
    own.userpwd = *std::move(userpwd);
  }
  if (Result<void> read = read_headers(reader, access, own); !read) {
    return tl::unexpected(read.error());
  }
  const std::pair<const char*, std::pair<const std::string*, std::string*>> files[] = {
      {"ca_file", {&access.ca_file, &own.ca_file}},
      {"client_cert", {&access.client_cert, &own.client_cert}},
      {"client_key", {&access.client_key, &own.client_key}},
  };
  for (const auto& [key, from_to] : files) {
    Result<std::string> path = reader.readable(key, *from_to.first);
    if (!path) return tl::unexpected(path.error());
    *from_to.second = *std::move(path);
  }
  return asking;
}

std::vector<std::string> access_warnings(const Config& config) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < config.feeds.size(); ++i) {
    if (config.feeds[i].access.get() == nullptr) continue;
    if (const auto asking = read_access(config, i); !asking) out.push_back(asking.error().message);
  }
  return out;
}

std::vector<std::string> warnings(const Config& config) {
  std::vector<std::string> out = config_warnings(config);
  for (std::string& warning : access_warnings(config)) out.push_back(std::move(warning));
  if (const Result<WireSecurity> wire = wire_security(config); !wire) {
    std::istringstream lines(wire.error().message);
    for (std::string line; std::getline(lines, line);) out.push_back(line);
  }
  return out;
}

}  // namespace nutgraf
