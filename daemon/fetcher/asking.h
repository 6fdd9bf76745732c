#pragma once

#include <string>

#include "daemon/fetch/http_client.h"
#include "daemon/fetcher/options.h"
#include "daemon/model/feed.h"

namespace nutgraf {

/// Makes a request for a feed, one of its pages or a robots.txt the way the feed is asked. User
/// agent, proxy and HTTP version go with all of them. `own` goes with those to the origin of
/// `feed_url`, as configured, only: a page elsewhere must not see a secret, nor must a server that
/// the feed has moved to.
void apply(const FeedAsking& asking, const std::string& feed_url, HttpRequest& request);

/// That, after what all requests have: limits, user agent, proxy.
HttpRequest dressed(HttpRequest request, const FeedSource& source, const FetchOptions& options);

/// For a page of the feed.
HttpRequest page_request(const std::string& url, const FeedSource& source,
                         const FetchOptions& options);

}  // namespace nutgraf
