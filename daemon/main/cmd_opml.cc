// nutgraf opml: subscriptions from a feed reader into a configuration, and out of it.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>

#include "daemon/config/config.h"
#include "daemon/config/feed_list.h"
#include "daemon/feed/opml.h"
#include "daemon/main/command.h"
#include "daemon/main/filter.h"

namespace nutgraf::tool {
namespace {

struct OpmlArguments {
  std::string file = "-";
  std::string output;
  std::string config = "/etc/nutgraf/nutgraf.toml";
  CLI::Option* config_option = nullptr;
};

int complain(const std::string& message, int code) {
  std::fprintf(stderr, "nutgraf opml: %s\n", message.c_str());
  return code;
}

/// The configuration's feeds. One that is wrong is said so: what it lacks may be what is wrong.
int read_config(const OpmlArguments& arguments, std::vector<FeedSource>* feeds) {
  std::error_code error;
  if (!std::filesystem::exists(arguments.config, error)) {
    return complain("no such file: " + arguments.config, kNoInput);
  }
  Result<Config> config = load_config(arguments.config);
  if (!config) return complain(config.error().message, kConfigError);
  *feeds = std::move(config->feeds);
  return kOk;
}

/// A file that was not there before: a drop-in that was edited by hand is never lost.
int write_new(const std::string& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0 && errno == EEXIST) {
    return complain(path + " exists already; name another, or move it away", kSomeFailed);
  }
  bool good = file >= 0;
  for (std::size_t done = 0; good && done < text.size();) {
    const ssize_t n = write(file, text.data() + done, text.size() - done);
    good = n > 0;
    if (good) done += static_cast<std::size_t>(n);
  }
  good = good && fsync(file) == 0;
  const std::string why = std::strerror(errno);
  if (file >= 0) close(file);
  if (good) return kOk;
  if (file >= 0) unlink(path.c_str());
  return complain("cannot write " + path + ": " + why, kSomeFailed);
}

void tell(const OpmlFeeds& read, const AdoptedFeeds& adopted) {
  for (const std::string& why : read.left_out) complain("left out: " + why, kOk);
  if (read.left_out_count > read.left_out.size()) {
    complain("… and " + std::to_string(read.left_out_count - read.left_out.size()) + " more", kOk);
  }
  for (const std::string& change : adopted.changed) complain("dropped: " + change, kOk);
  const std::size_t count = adopted.feeds.size();
  std::string counts = std::to_string(count) + (count == 1 ? " feed" : " feeds");
  if (adopted.present > 0) {
    counts += ", " + std::to_string(adopted.present) + " more are configured already";
  }
  complain(counts, kOk);
}

int import(const OpmlArguments& arguments) {
  std::string bytes;
  if (!read_input(arguments.file, &bytes)) return kNoInput;
  std::vector<FeedSource> present;
  std::error_code error;
  // Without a configuration there is nothing to compare with, unless one was asked for.
  if (arguments.config_option->count() > 0 || std::filesystem::exists(arguments.config, error)) {
    const int code = read_config(arguments, &present);
    if (code != kOk) return code;
  }
  Result<OpmlFeeds> read = read_opml(bytes);
  if (!read) return complain(arguments.file + ": " + read.error().message, kSomeFailed);
  const AdoptedFeeds adopted = adopt_feeds(std::move(read->feeds), present);
  const std::string text = print_feeds(adopted.feeds);
  if (arguments.output.empty()) {
    std::cout << text;
  } else if (!adopted.feeds.empty()) {
    const int code = write_new(arguments.output, text);
    if (code != kOk) return code;
  }
  tell(*read, adopted);
  return read->left_out_count == 0 && adopted.changed.empty() ? kOk : kSomeFailed;
}

int export_feeds(const OpmlArguments& arguments) {
  std::vector<FeedSource> feeds;
  const int code = read_config(arguments, &feeds);
  if (code != kOk) return code;
  std::cout << write_opml(feeds);
  return kOk;
}

}  // namespace

void add_opml(CLI::App& app, Run& run) {
  CLI::App* const command =
      app.add_subcommand("opml", "Subscriptions of a feed reader, into a configuration or out");
  command->require_subcommand(1);
  auto& arguments = run.keep<OpmlArguments>();

  CLI::App* const in = command->add_subcommand("import", "An OPML list as [[feed]] sections");
  in->footer(
      "Folders become categories (the outermost) and tags. Feeds that are configured already are\n"
      "left out. Exits 1 if something of the list could not be taken, and says what.\n\n"
      "Example:\n"
      "  nutgraf opml import feeds.opml --output /etc/nutgraf/nutgraf.d/reader.toml\n"
      "  nutgraf check-config && nutgraf reload --wait");
  in->add_option("FILE", arguments.file, "The list; none or -: stdin")->type_name("");
  in->add_option("--output", arguments.output, "A file to write, never over another; else stdout")
      ->type_name("FILE");
  arguments.config_option =
      in->add_option("--config", arguments.config, "Whose feeds are left out, if it is there")
          ->capture_default_str();
  in->callback([&arguments, &run] { run.exit_code = import(arguments); });

  CLI::App* const out =
      command->add_subcommand("export", "The configured feeds as OPML, to stdout");
  out->footer(
      "Categories become folders, tags the category attribute. What only nutgraf knows "
      "(intervals,\n"
      "rules, how a server is asked) and passwords are not in it.\n\n"
      "Example:\n"
      "  nutgraf opml export > feeds.opml");
  out->add_option("--config", arguments.config, "The configuration")->capture_default_str();
  out->callback([&arguments, &run] { run.exit_code = export_feeds(arguments); });
}

}  // namespace nutgraf::tool
