#include <algorithm>
#include <initializer_list>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/support/feed_writer.h"
#include "tests/support/newsroom_modes.h"
#include "tests/support/story_page.h"

// The format of the file is described in newsroom_main.cc.

namespace nutgraf {

namespace {

using Json = nlohmann::json;
using Seconds = std::int64_t;

/// Thrown by the readers below and caught in serve_demo(): the file is our own, and one message
/// about its first mistake is what its author needs.
struct Mistake : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct DemoFeed {
  std::string path;
  WrittenFeed document;  // Without items.
  bool full_text = false;
};

struct Edit {
  Seconds at = 0;
  std::string title;
  std::vector<std::string> body;
  std::vector<std::string> append;
};

struct DemoStory {
  NewsroomStory story;
  std::vector<std::string> feeds;
  Seconds release = 0;
  Seconds published_offset = 0;
  std::vector<Edit> edits;  // By time.
};

Mistake unknown_key(const std::string& where, const std::string& key) {
  return Mistake(where + ": unknown key \"" + key + '"');
}

void check_keys(const Json& object, std::initializer_list<std::string_view> known,
                const std::string& where) {
  if (!object.is_object()) throw Mistake(where + ": not an object");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw unknown_key(where, key);
    }
  }
}

template <typename T>
T get_or(const Json& object, const char* key, T fallback) {
  const auto found = object.find(key);
  return found == object.end() ? fallback : found->get<T>();
}

DemoFeed read_feed(const Json& json) {
  check_keys(json, {"path", "format", "title", "description", "language", "ttl", "full_text"},
             "feed");
  DemoFeed feed;
  feed.path = json.at("path").get<std::string>();
  feed.document.title = json.at("title").get<std::string>();
  feed.document.format = get_or<std::string>(json, "format", "rss");
  feed.document.description = get_or<std::string>(json, "description", "");
  feed.document.language = get_or<std::string>(json, "language", "en");
  feed.document.ttl_minutes = get_or(json, "ttl", 0);
  feed.full_text = get_or(json, "full_text", false);
  if (!is_feed_format(feed.document.format)) {
    throw Mistake(feed.path + ": unknown format " + feed.document.format);
  }
  return feed;
}

using Paragraphs = std::vector<std::string>;

Edit read_edit(const Json& json, const std::string& slug) {
  check_keys(json, {"at", "title", "body", "append"}, slug + ": edit");
  return {json.at("at").get<Seconds>(), get_or<std::string>(json, "title", ""),
          get_or<Paragraphs>(json, "body", {}), get_or<Paragraphs>(json, "append", {})};
}

DemoStory read_story(const Json& json) {
  DemoStory demo;
  NewsroomStory& story = demo.story;
  story.slug = json.at("slug").get<std::string>();
  check_keys(json,
             {"slug", "title", "body", "author", "category", "teaser", "feeds", "release",
              "published_offset", "edits", "variants"},
             story.slug);
  story.title = json.at("title").get<std::string>();
  story.body = json.at("body").get<Paragraphs>();
  if (story.body.empty()) throw Mistake(story.slug + ": empty body");
  story.author = get_or<std::string>(json, "author", "");
  story.category = get_or<std::string>(json, "category", "");
  story.teaser = get_or<std::string>(json, "teaser", "");
  demo.feeds = json.at("feeds").get<std::vector<std::string>>();
  demo.release = get_or<Seconds>(json, "release", 0);
  demo.published_offset = get_or(json, "published_offset", demo.release);
  for (const Json& edit : get_or<Json>(json, "edits", Json::array())) {
    demo.edits.push_back(read_edit(edit, story.slug));
  }
  std::stable_sort(demo.edits.begin(), demo.edits.end(),
                   [](const Edit& a, const Edit& b) { return a.at < b.at; });
  return demo;
}

/// `original` as another paper prints it.
DemoStory read_variant(const Json& json, const DemoStory& original) {
  DemoStory copy = original;
  copy.edits.clear();
  NewsroomStory& story = copy.story;
  story.slug = json.at("slug").get<std::string>();
  check_keys(json,
             {"slug", "feeds", "release", "published_offset", "title", "author", "prefix",
              "drop_last", "append"},
             story.slug);
  copy.feeds = json.at("feeds").get<std::vector<std::string>>();
  copy.release = get_or(json, "release", original.release);
  copy.published_offset = get_or(json, "published_offset", copy.release);
  story.title = get_or(json, "title", story.title);
  story.author = get_or(json, "author", story.author);
  const auto drop = std::min(get_or<std::size_t>(json, "drop_last", 0), story.body.size() - 1);
  story.body.resize(story.body.size() - drop);
  story.body.front().insert(0, get_or<std::string>(json, "prefix", ""));
  for (std::string& text : get_or<Paragraphs>(json, "append", {})) story.body.push_back(text);
  return copy;
}

class Demo final : public NewsroomMode {
 public:
  Demo(const Json& json, Seconds start) : start_(start) {
    check_keys(json, {"feeds", "stories"}, "newsroom.json");
    for (const Json& feed : json.at("feeds")) {
      DemoFeed read = read_feed(feed);
      feeds_.emplace(read.path, std::move(read));
    }
    for (const Json& story : json.at("stories")) {
      const DemoStory& original = add(read_story(story));
      const Json variants = get_or<Json>(story, "variants", Json::array());
      const DemoStory kept = original;
      for (const Json& variant : variants) add(read_variant(variant, kept));
    }
  }

  std::optional<Resource> serve(std::string_view path) override {
    const std::lock_guard lock(mutex_);
    const auto feed = feeds_.find(path);
    if (feed != feeds_.end()) return document_of(feed->second);
    if (path == "/") return index();
    for (const DemoStory& demo : stories_) {
      if (demo.release <= elapsed_ && page_path(demo) == path) return page_of(demo);
    }
    return std::nullopt;
  }

  bool tick(std::chrono::milliseconds elapsed) override {
    const std::lock_guard lock(mutex_);
    elapsed_ = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    return true;
  }

  void set_base(const std::string& base) override {
    const std::lock_guard lock(mutex_);
    base_ = base;
  }

 private:
  static std::string page_path(const DemoStory& demo) { return '/' + demo.story.slug + ".html"; }

  const DemoStory& add(DemoStory demo) {
    if (demo.feeds.empty()) throw Mistake(demo.story.slug + ": in no feed");
    for (const std::string& path : demo.feeds) {
      if (!feeds_.contains(path)) throw Mistake(demo.story.slug + ": no such feed: " + path);
    }
    for (const DemoStory& other : stories_) {
      if (other.story.slug == demo.story.slug) throw Mistake(demo.story.slug + ": slug used twice");
    }
    const WrittenFeed& first = feeds_.find(demo.feeds.front())->second.document;
    demo.story.site = first.title;
    demo.story.language = first.language;
    stories_.push_back(std::move(demo));
    return stories_.back();
  }

  /// The story as its edits have left it by now.
  NewsroomStory current(const DemoStory& demo) const {
    NewsroomStory story = demo.story;
    story.published = story.updated = start_ + demo.published_offset;
    for (const Edit& edit : demo.edits) {
      if (edit.at > elapsed_) break;
      if (!edit.title.empty()) story.title = edit.title;
      if (!edit.body.empty()) story.body = edit.body;
      story.body.insert(story.body.end(), edit.append.begin(), edit.append.end());
      story.updated = start_ + edit.at;
    }
    return story;
  }

  WrittenItem item_of(const DemoStory& demo, bool full_text) const {
    const NewsroomStory story = current(demo);
    WrittenItem item;
    item.link = base_ + page_path(demo);
    item.guid = "tag:newsroom.example,2026:" + story.slug;
    item.title = story.title;
    item.author = story.author;
    item.category = story.category;
    item.teaser_html = "<p>" + escape_xml(story.teaser_text()) + "</p>";
    if (full_text) item.full_html = story_html(story);
    item.published = story.published;
    item.updated = story.updated;
    return item;
  }

  Resource document_of(const DemoFeed& feed) const {
    WrittenFeed document = feed.document;
    document.link = base_ + '/';
    document.self = base_ + feed.path;
    for (const DemoStory& demo : stories_) {
      const bool here =
          std::find(demo.feeds.begin(), demo.feeds.end(), feed.path) != demo.feeds.end();
      if (here && demo.release <= elapsed_) document.items.push_back(item_of(demo, feed.full_text));
    }
    std::stable_sort(
        document.items.begin(), document.items.end(),
        [](const WrittenItem& a, const WrittenItem& b) { return a.published > b.published; });
    Seconds changed = start_;
    for (const WrittenItem& item : document.items) changed = std::max(changed, item.updated);
    Resource resource;
    resource.body = write_feed(document);
    resource.content_type = feed_content_type(document.format);
    resource.last_modified = http_date(changed);
    return resource;
  }

  Resource page_of(const DemoStory& demo) const {
    const NewsroomStory story = current(demo);
    Resource resource;
    resource.body = story_page(story, base_ + page_path(demo));
    resource.content_type = "text/html; charset=utf-8";
    resource.last_modified = http_date(story.updated);
    return resource;
  }

  /// A front page that names the feeds, for discovery.
  Resource index() const {
    Resource resource;
    resource.content_type = "text/html; charset=utf-8";
    resource.body = "<!DOCTYPE html>\n<html><head><title>Newsroom</title>\n";
    for (const auto& [path, feed] : feeds_) {
      const std::string_view type = feed_content_type(feed.document.format);
      resource.body += "<link rel=\"alternate\" type=\"" +
                       std::string(type.substr(0, type.find(';'))) + "\" title=\"" +
                       escape_xml(feed.document.title) + "\" href=\"" + escape_xml(path) + "\">\n";
    }
    resource.body += "</head><body><h1>Newsroom</h1></body></html>\n";
    return resource;
  }

  const Seconds start_;
  std::map<std::string, DemoFeed, std::less<>> feeds_;  // Constant after construction.
  std::vector<DemoStory> stories_;                      // Likewise.

  std::mutex mutex_;  // Guards what follows.
  Seconds elapsed_ = 0;
  std::string base_;
};

}  // namespace

Result<std::unique_ptr<NewsroomMode>> serve_demo(const std::string& file) {
  const std::optional<std::string> text = read_file(file);
  if (!text) return fail(ErrorCode::kBadConfig, file + ": cannot be read");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  try {
    return std::make_unique<Demo>(Json::parse(*text),
                                  std::chrono::duration_cast<std::chrono::seconds>(now).count());
  } catch (const std::exception& error) {
    return fail(ErrorCode::kBadConfig, file + ": " + error.what());
  }
}

}  // namespace nutgraf
