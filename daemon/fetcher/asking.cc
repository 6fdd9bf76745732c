#include "daemon/fetcher/asking.h"

#include <utility>

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

HttpRequest dressed(HttpRequest request, const FeedSource& source, const FetchOptions& options) {
  request.user_agent = options.user_agent;
  request.max_body = options.max_body;
  request.timeout = options.timeout;
  request.connect_timeout = options.connect_timeout;
  request.max_redirects = options.max_redirects;
  request.proxy = options.proxy;
  request.host_limit = options.most_of_host;
  const auto found = options.of_feeds.find(source.id);
  if (found != options.of_feeds.end()) apply(found->second, source.url, request);
  return request;
}

HttpRequest page_request(const std::string& url, const FeedSource& source,
                         const FetchOptions& options) {
  HttpRequest request;
  request.url = url;
  request.accept = "text/html, application/xhtml+xml, */*;q=0.5";
  request.allow_private = source.allow_private;
  return dressed(std::move(request), source, options);
}

}  // namespace nutgraf
