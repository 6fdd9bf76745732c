// nutgraf-newsroom: a web server of news on the loopback interface, for tests, measurements and the
// demo. Says "listening on http://127.0.0.1:PORT" on stdout, and ends at SIGINT or SIGTERM.
//
//   static DIR                                  a folder as it is
//   load --feeds 200 --stories 20 --rate 50     invented stories, so many a second
//   demo DIR                                    a day at the newsroom of DIR/newsroom.json
//
// DIR/newsroom.json for `demo`; times are in seconds:
//
//   {
//     "feeds": [
//       {
//         "path": "/harbour/rss.xml",        required; where the feed is served
//         "format": "rss",                   rss | rss091 | rdf | atom | atom03 | json
//         "title": "The Harbour Post",       required; also the site's name on its pages
//         "description": "…", "language": "en", "ttl": 0,
//         "full_text": false                 true: items carry the whole text, not the teaser
//       }
//     ],
//     "stories": [
//       {
//         "slug": "ferry-line",              required; the page is at /<slug>.html
//         "title": "…", "body": ["paragraph", "…"],                        required
//         "author": "…", "category": "…", "teaser": "…",  teaser: default is the first paragraph
//         "feeds": ["/harbour/rss.xml"],     required; paths of feeds
//         "release": 0,                      when it appears, after the start
//         "published_offset": -3600,         its date, relative to the start; default: release
//         "edits": [ {"at": 60, "title": "…", "body": ["…"], "append": ["…"]} ],
//         "variants": [                      the same story elsewhere (an agency's copy)
//           {"slug": "…", "feeds": ["…"], "release": 5, "title": "…", "author": "…",
//            "prefix": "HARBOUR (Agency) — ", "drop_last": 1, "append": ["…"]}
//         ]
//       }
//     ]
//   }
//
// An edit replaces title and body where they are given, then appends; the item keeps its guid and
// gets a new updated date. A variant starts from the unedited story: prefix goes before its first
// paragraph, drop_last takes so many off the end. Its pages and those of the story are wrapped in a
// newspaper's furniture. Unknown keys are errors.

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "tests/support/newsroom_modes.h"

namespace nutgraf {
namespace {

/// Serves until a signal, or until the mode says that it is over.
int run(Result<std::unique_ptr<NewsroomMode>> mode, std::uint16_t port) {
  if (!mode) {
    std::fprintf(stderr, "newsroom: %s\n", mode.error().message.c_str());
    return 66;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // Before the server's thread exists.

  NewsroomMode& news = **mode;
  Newsroom::Options options;
  options.port = port;
  options.record = false;
  options.handler = [&news](std::string_view path) { return news.serve(path); };
  const Result<std::unique_ptr<Newsroom>> room = Newsroom::start(std::move(options));
  if (!room) {
    std::fprintf(stderr, "newsroom: %s\n", room.error().message.c_str());
    return 75;
  }
  news.set_base((*room)->url(""));
  std::printf("listening on %s\n", (*room)->url("").c_str());
  std::fflush(stdout);

  const auto start = std::chrono::steady_clock::now();
  const timespec pause{0, 50'000'000};
  while (sigtimedwait(&signals, nullptr, &pause) < 0) {
    const auto elapsed = std::chrono::steady_clock::now() - start;
    if (!news.tick(std::chrono::duration_cast<std::chrono::milliseconds>(elapsed))) break;
  }
  std::fprintf(stderr, "newsroom: %zu requests, %zu answered 304\n", (*room)->total_hits(),
               (*room)->not_modified());
  return 0;
}

}  // namespace
}  // namespace nutgraf

int main(int argc, char** argv) {  // NOLINT(bugprone-exception-escape): only a defect escapes.
  CLI::App app{"A web server of news on the loopback interface", "nutgraf-newsroom"};
  app.require_subcommand(1);
  std::uint16_t port = 0;
  std::string folder;
  nutgraf::LoadOptions load;
  std::int64_t seconds = 0;

  CLI::App* serve = app.add_subcommand("static", "Serve a folder");
  CLI::App* demo = app.add_subcommand("demo", "Serve a day of news from DIR/newsroom.json");
  CLI::App* invent = app.add_subcommand("load", "Invent stories at a steady rate");
  for (CLI::App* command : {serve, demo, invent}) {
    command->add_option("--port", port, "Port on 127.0.0.1 (default: any that is free)");
  }
  for (CLI::App* command : {serve, demo}) command->add_option("DIR", folder)->required();
  invent->add_option("--feeds", load.feeds, "Feeds at /feed/0.xml …")
      ->capture_default_str()
      ->check(CLI::Range(1, 1'000'000));
  invent->add_option("--stories", load.stories, "Stories in each feed at the start")
      ->capture_default_str();
  invent->add_option("--rate", load.rate, "New stories a second, all feeds together")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  invent->add_option("--seconds", seconds, "Stop after so long (0: never)")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 64;
  }
  load.seconds = std::chrono::seconds(seconds);
  if (serve->parsed()) return nutgraf::run(nutgraf::serve_folder(folder), port);
  if (demo->parsed()) return nutgraf::run(nutgraf::serve_demo(folder + "/newsroom.json"), port);
  return nutgraf::run(nutgraf::serve_load(load), port);
}
