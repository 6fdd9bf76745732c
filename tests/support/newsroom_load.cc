#include <atomic>
#include <charconv>
#include <cstdio>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

#include "tests/support/feed_writer.h"
#include "tests/support/newsroom_modes.h"
#include "tests/support/story_maker.h"

namespace nutgraf {

namespace {

using std::chrono::milliseconds;

/// What a feed keeps: newer stories push older ones out.
constexpr std::size_t kWindow = 30;

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

/// The number in "/feed/7.xml".
std::optional<std::uint64_t> number_in(std::string_view path, std::string_view before,
                                       std::string_view after) {
  if (!path.starts_with(before) || !path.ends_with(after)) return std::nullopt;
  if (path.size() <= before.size() + after.size()) return std::nullopt;
  path = path.substr(before.size(), path.size() - before.size() - after.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  if (error != std::errc() || end != path.data() + path.size()) return std::nullopt;
  return number;
}

class Load final : public NewsroomMode {
 public:
  explicit Load(const LoadOptions& options) : options_(options), feeds_(options.feeds) {
    for (std::size_t i = 0; i < options_.feeds * options_.stories; ++i) release();
  }

  std::optional<Resource> serve(std::string_view path) override {
    if (const auto feed = number_in(path, "/feed/", ".xml")) return feed_at(*feed);
    if (const auto story = number_in(path, "/story/", ".html")) return page_of(*story);
    return std::nullopt;
  }

  bool tick(milliseconds elapsed) override {
    const double due = static_cast<double>(elapsed.count()) / 1000 * options_.rate;
    const std::size_t start = options_.feeds * options_.stories;
    while (static_cast<double>(made_ - start) < due) release();
    if (elapsed >= next_line_) {
      std::fprintf(stderr, "newsroom: %lld s, %zu stories released, %zu since the start\n",
                   static_cast<long long>(elapsed.count() / 1000), made_.load(), made_ - start);
      next_line_ += std::chrono::seconds(10);
    }
    return options_.seconds.count() == 0 || elapsed < options_.seconds;
  }

  void set_base(const std::string& base) override {
    const std::lock_guard lock(mutex_);
    base_ = base;
  }

 private:
  struct Feed {
    std::deque<WrittenItem> items;        // Oldest first.
    std::optional<std::string> document;  // Of the items as they are; made when asked for.
  };

  /// Puts the next story into the next feed.
  void release() {
    const std::uint64_t number = made_++;
    const NewsroomStory story = make_story(number);
    const std::int64_t ms = now_ms();
    WrittenItem item;
    item.guid = story.slug + '-' + std::to_string(ms);
    item.link = "/story/" + std::to_string(number) + ".html";
    item.title = story.title;
    item.author = story.author;
    item.category = story.category;
    item.teaser_html = "<p>" + escape_xml(story.teaser_text()) + "</p>";
    item.full_html = story_html(story);
    item.published = item.updated = ms / 1000;
    const std::lock_guard lock(mutex_);
    Feed& feed = feeds_[number % feeds_.size()];
    feed.items.push_back(std::move(item));
    if (feed.items.size() > kWindow) feed.items.pop_front();
    feed.document.reset();
  }

  std::optional<Resource> feed_at(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    if (number >= feeds_.size()) return std::nullopt;
    Feed& feed = feeds_[number];
    if (!feed.document) feed.document = document_of(feed, number);
    Resource resource;
    resource.body = *feed.document;
    resource.content_type = "application/rss+xml; charset=utf-8";
    if (!feed.items.empty()) resource.last_modified = http_date(feed.items.back().published);
    return resource;
  }

  std::string document_of(const Feed& feed, std::uint64_t number) const {
    WrittenFeed document;
    document.title = "Load feed " + std::to_string(number);
    document.link = base_ + "/";
    document.self = base_ + "/feed/" + std::to_string(number) + ".xml";
    document.items.assign(feed.items.rbegin(), feed.items.rend());
    for (WrittenItem& item : document.items) item.link.insert(0, base_);
    return write_feed(document);
  }

  std::optional<Resource> page_of(std::uint64_t number) {
    NewsroomStory story = make_story(number);
    std::string base;
    {
      const std::lock_guard lock(mutex_);
      if (number >= made_) return std::nullopt;
      base = base_;
    }
    story.published = story.updated = now_ms() / 1000;
    Resource resource;
    resource.body = story_page(story, base + "/story/" + std::to_string(number) + ".html");
    resource.content_type = "text/html; charset=utf-8";
    resource.validators = false;
    return resource;
  }

  const LoadOptions options_;
  milliseconds next_line_{10'000};  // Main thread only.

  std::mutex mutex_;  // Guards what follows; made_ is written by the main thread alone.
  std::string base_;
  std::vector<Feed> feeds_;
  std::atomic<std::size_t> made_{0};
};

}  // namespace

std::unique_ptr<NewsroomMode> serve_load(const LoadOptions& options) {
  return std::make_unique<Load>(options);
}

}  // namespace nutgraf
