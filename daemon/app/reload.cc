#include "daemon/app/reload.h"

#include <map>

namespace nutgraf {

ReloadReport compare(const std::vector<FeedSource>& feeds, const std::vector<FeedSource>& next) {
  ReloadReport report;
  std::map<std::string, const FeedSource*> before;
  for (const FeedSource& feed : feeds) before.emplace(feed.id, &feed);
  for (const FeedSource& feed : next) {
    const auto found = before.find(feed.id);
    if (found == before.end()) {
      report.added++;
    } else {
      report.changed += !(*found->second == feed);
      before.erase(found);
    }
  }
  report.feeds = next.size();
  report.removed = before.size();
  return report;
}

std::vector<std::string> keep_fixed(const Config& now, Config& next) {
  std::vector<std::string> kept;
  const auto keep = [&kept](const char* name, const auto& is, auto& wanted) {
    if (wanted == is) return;
    kept.push_back(name);
    wanted = is;
  };
  keep("store.path", now.store.path, next.store.path);
  keep("store.high_water", now.store.high_water, next.store.high_water);
  keep("store.min_free", now.store.min_free, next.store.min_free);
  WireOptions wire = now.wire;
  wire.clients = next.wire.clients;  // These are read anew.
  wire.publish_text = next.wire.publish_text;
  keep("wire", wire, next.wire);
  keep("status", now.status, next.status);
  keep("control.path", now.control.path, next.control.path);
  keep("pipeline.workers", now.pipeline.workers, next.pipeline.workers);
  keep("dedup", now.dedup, next.dedup);
  keep("event", now.event, next.event);
  keep("fetch.concurrency", now.fetch.concurrency, next.fetch.concurrency);
  return kept;
}

}  // namespace nutgraf
