#pragma once

#include <signal.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace nutgraf {

inline bool run_command(const std::string& command) {
  return system((command + " >/dev/null 2>&1").c_str()) == 0;
}

/// A server in a process of its own, which ends with this object.
class ChildServer {
 public:
  /// Runs `command` until it prints a line that begins with `sign`, whose last word ends in the
  /// port
  /// ("PORT 1234", "ACCEPT 127.0.0.1:1234"). Null if it ends before.
  static std::unique_ptr<ChildServer> start(const std::string& command, const std::string& sign) {
    auto server = std::unique_ptr<ChildServer>(new ChildServer);
    // The shell says its pid and becomes the server.
    server->output_ = popen(("echo $$; exec " + command + " 2>&1 </dev/null").c_str(), "r");
    if (server->output_ == nullptr) return nullptr;
    server->pid_ = std::atoi(server->line().value_or("0").c_str());
    while (const std::optional<std::string> said = server->line()) {
      if (!said->starts_with(sign)) continue;
      server->port_ = said->substr(said->find_last_of(": ") + 1);
      return server;
    }
    return nullptr;
  }
  ~ChildServer() {
    if (pid_ > 0) kill(pid_, SIGTERM);
    if (output_ != nullptr) pclose(output_);
  }
  ChildServer(const ChildServer&) = delete;
  ChildServer& operator=(const ChildServer&) = delete;

  const std::string& port() const { return port_; }

 private:
  ChildServer() = default;

  std::optional<std::string> line() {
    std::array<char, 256> buffer{};
    if (fgets(buffer.data(), buffer.size(), output_) == nullptr) return std::nullopt;
    std::string text = buffer.data();
    while (!text.empty() && text.back() <= ' ') text.pop_back();
    return text;
  }

  std::string port_;
  FILE* output_ = nullptr;
  pid_t pid_ = 0;
};

/// Certificates that sign themselves, in a folder that goes with this object.
class Certificates {
 public:
  Certificates() {
    std::string name = (std::filesystem::temp_directory_path() / "nutgraf-tls-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
  }
  ~Certificates() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  /// Makes `name`; `alternatives` as in "IP:127.0.0.1,DNS:news.example".
  bool make(const std::string& name, const std::string& alternatives) const {
    return !folder_.empty() &&
           run_command(
               "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 "
               "-subj /CN=" +
               name + " -addext subjectAltName=" + alternatives + " -keyout " + key(name) +
               " -out " + certificate(name));
  }
  std::string certificate(const std::string& name) const { return folder_ + "/" + name + ".pem"; }
  std::string key(const std::string& name) const { return folder_ + "/" + name + ".key"; }

 private:
  std::string folder_;
};

}  // namespace nutgraf
