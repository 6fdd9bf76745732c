#include "daemon/pipeline/asking.h"

#include "daemon/base/url.h"

namespace nutgraf {
namespace {

/// A URL that is not written as we would write it may mean another host to libcurl than to us.
bool belongs_to(const std::string& url_text, const std::string& feed_url) {
  if (url_text == feed_url) return true;
  const std::optional<Url> url = parse_url(url_text);
  const std::optional<Url> feed = parse_url(feed_url);
  return url && feed && url->str() == url_text && url->origin() == feed->origin();
}

}  // namespace

void apply(const FeedAsking& asking, const std::string& feed_url, HttpRequest& request) {
  if (!asking.user_agent.empty()) request.user_agent = asking.user_agent;
  if (asking.proxy) request.proxy = *asking.proxy;
  request.http1_only = asking.http1_only;
  if (belongs_to(request.url, feed_url)) request.own = asking.own;
}

}  // namespace nutgraf
