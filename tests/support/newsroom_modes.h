#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/base/result.h"
#include "tests/support/newsroom.h"

namespace nutgraf {

/// What `nutgraf-newsroom` serves: one of three. Paths are asked for on the server's thread,
/// everything else happens on the main thread.
class NewsroomMode {
 public:
  virtual ~NewsroomMode() = default;
  virtual std::optional<Resource> serve(std::string_view path) = 0;
  /// Called about 20 times a second. `elapsed` since the start; false: it is over.
  virtual bool tick(std::chrono::milliseconds elapsed) = 0;
  /// The address is known now.
  virtual void set_base(const std::string& base) = 0;
};

/// A whole regular file; nullopt if there is none.
std::optional<std::string> read_file(const std::string& path);

/// A folder. Content types by ending, or as DIR/manifest.json says: {"feed.xml": {"content_type":
/// "text/xml"}}. Paths with ".." do not exist.
Result<std::unique_ptr<NewsroomMode>> serve_folder(const std::string& folder);

struct LoadOptions {
  std::size_t feeds = 200;
  std::size_t stories = 20;         ///< A feed, at the start.
  double rate = 50;                 ///< New ones a second, over all feeds in turn.
  std::chrono::seconds seconds{0};  ///< Then stop; 0: never.
};

/// Feeds /feed/0.xml … with full text in each item, newest 30 kept; the pages at /story/N.html.
/// An item's guid is "story-N-MS", MS the millisecond since 1970 when it was made.
std::unique_ptr<NewsroomMode> serve_load(const LoadOptions& options);

/// The demo, see newsroom_demo.cc for the format of `file`.
Result<std::unique_ptr<NewsroomMode>> serve_demo(const std::string& file);

}  // namespace nutgraf
