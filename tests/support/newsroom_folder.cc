#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "tests/support/newsroom_modes.h"

namespace nutgraf {

namespace {

namespace fs = std::filesystem;

std::string type_by_ending(const fs::path& path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html"},          {".htm", "text/html"},
      {".xml", "application/xml"},     {".rss", "application/rss+xml"},
      {".rdf", "application/rdf+xml"}, {".atom", "application/atom+xml"},
      {".json", "application/json"},   {".txt", "text/plain"}};
  for (const auto& [ending, type] : kTypes) {
    if (path.extension() == ending) return std::string(type);
  }
  return "application/octet-stream";
}

class Folder final : public NewsroomMode {
 public:
  Folder(fs::path root, std::map<std::string, std::string> types)
      : root_(std::move(root)), types_(std::move(types)) {}

  std::optional<Resource> serve(std::string_view path) override {
    if (path.find("..") != std::string_view::npos || !path.starts_with('/')) return std::nullopt;
    std::string name(path.substr(1));
    if (name.empty() || name.ends_with('/')) name += "index.html";
    std::optional<std::string> body = read_file(root_ / name);
    if (!body) return std::nullopt;
    Resource resource;
    resource.body = std::move(*body);
    const auto known = types_.find(name);
    resource.content_type = known != types_.end() ? known->second : type_by_ending(name);
    const auto changed = fs::last_write_time(root_ / name);
    const auto since = std::chrono::file_clock::to_sys(changed).time_since_epoch();
    resource.last_modified =
        http_date(std::chrono::duration_cast<std::chrono::seconds>(since).count());
    return resource;
  }

  bool tick(std::chrono::milliseconds) override { return true; }
  void set_base(const std::string&) override {}

 private:
  const fs::path root_;
  const std::map<std::string, std::string> types_;
};

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || !fs::is_regular_file(path)) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

Result<std::unique_ptr<NewsroomMode>> serve_folder(const std::string& folder) {
  if (!fs::is_directory(folder)) return fail(ErrorCode::kBadConfig, folder + ": no such folder");
  std::map<std::string, std::string> types;
  if (const auto text = read_file(folder + "/manifest.json")) {
    const nlohmann::json manifest = nlohmann::json::parse(*text, nullptr, false);
    if (!manifest.is_object()) {
      return fail(ErrorCode::kBadConfig, folder + "/manifest.json: not a JSON object");
    }
    for (const auto& [path, facts] : manifest.items()) {
      if (!facts.is_object() || !facts.contains("content_type")) continue;
      const nlohmann::json& type = facts["content_type"];
      if (!type.is_string()) continue;
      types[path.starts_with('/') ? path.substr(1) : path] = type.get<std::string>();
    }
  }
  return std::make_unique<Folder>(folder, std::move(types));
}

}  // namespace nutgraf
