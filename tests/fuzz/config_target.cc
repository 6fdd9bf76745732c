#include <sys/mman.h>
#include <unistd.h>

#include "daemon/config/config.h"
#include "daemon/config/document.h"
#include "daemon/config/units.h"
#include "daemon/feed/rules.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/targets.h"

namespace nutgraf::fuzz {
namespace {

/// A file in memory: thousands a second, and nothing to clean up.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_(memfd_create("config", MFD_CLOEXEC)) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    require(written == static_cast<ssize_t>(bytes.size()), "no file in memory");
  }
  ~MemoryFile() { close(fd_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  const int fd_;
};

/// `printed` without the comments that say where each value was read.
Config read_back(const std::string& printed) {
  const MemoryFile file(printed);
  Config config;
  const auto problems = check_config(file.path(), &config);
  if (!problems.empty()) throw BrokenProperty("printed, it is refused: " + problems[0].str());
  config.origins.clear();
  return config;
}

void check_file(std::string_view bytes) {
  Config config;
  const MemoryFile file(bytes);
  const auto problems = check_config(file.path(), &config);
  for (const ConfigProblem& problem : problems) {
    require_line(problem.message, "a problem");
    require(problem.line >= 0, "no such line");
  }
  if (!problems.empty()) return;
  config.origins.clear();
  const std::string printed = print_config(config);
  require_utf8(printed, "a printed configuration");
  require(print_config(read_back(printed)) == printed, "printed and read, it is another");
}

void check_units(std::string_view text) {
  if (const auto duration = parse_duration(text)) {
    require(duration->count() >= 0, "a negative duration");
    require(parse_duration(format_duration(*duration)) == duration, "a duration is lost");
  }
  if (const auto size = parse_size(text)) {
    require(parse_size(format_size(*size)) == size, "a size is lost");
  }
}

void check_quoting(std::string_view bytes) {
  const std::string text = scrub_utf8(bytes);
  const auto document = parse_toml("x = " + toml_quote(text));
  require(document && document->children.size() == 1, "a quoted text is no TOML");
  require(document->children[0].text == text, "a quoted text is another");
}

void check_rule(std::string_view text) {
  const auto rule = Rule::parse(text);
  if (!rule) {
    require(rule.error().code == ErrorCode::kBadConfig, "a rule's error");
    return require_line(rule.error().message, "a rule's error");
  }
  FeedItem item{.title = std::string(text)};
  item.summary = "<p>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!";
  rule->matches(item);
}

}  // namespace

void config(std::string_view bytes) {
  check_file(bytes);
  const std::string_view line = first_line(bytes).first;
  check_units(line);
  check_quoting(bytes);
  if (line.size() < 256) check_rule(scrub_utf8(line));
}

}  // namespace nutgraf::fuzz
