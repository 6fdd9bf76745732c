#include "daemon/fetcher/robots_cache.h"

#include <algorithm>

#include "daemon/base/url.h"

namespace nutgraf {

RobotsAnswer RobotsCache::ask(const std::string& page_url, Monotonic now) const {
  const std::optional<Url> url = parse_url(page_url);
  if (!url) return RobotsAnswer::kAllowed;  // The fetch itself will say what is wrong with it.
  const Site* const known = find(url->origin(), now);
  if (known == nullptr) return RobotsAnswer::kUnknown;
  const Site& site = *known;
  if (site.status < 200 || site.status > 299) {
    return robots_allow_by_status(site.status) ? RobotsAnswer::kAllowed
                                               : RobotsAnswer::kUnreachable;
  }
  const std::string target = url->path + (url->has_query ? "?" + url->query : "");
  return robots_allow(site.rules, target) ? RobotsAnswer::kAllowed : RobotsAnswer::kDisallowed;
}

std::chrono::seconds RobotsCache::crawl_delay(const std::string& page_url, Monotonic now) const {
  const std::optional<Url> url = parse_url(page_url);
  const Site* const site = url ? find(url->origin(), now) : nullptr;
  if (site == nullptr) return std::chrono::seconds(0);
  return std::min(site->rules.crawl_delay.value_or(std::chrono::seconds(0)), kMostDelay);
}

const RobotsCache::Site* RobotsCache::find(const std::string& origin, Monotonic now) const {
  const auto found = sites_.find(origin);
  return found == sites_.end() || found->second.expires <= now ? nullptr : &found->second;
}

void RobotsCache::store(const std::string& origin, const HttpResponse& response, Monotonic now) {
  int status = response.error ? 0 : response.status;
  // Too large is still an answer: what was read of it is not, so the site counts as open.
  if (response.error && response.error->code == ErrorCode::kTooLarge) status = 404;
  const bool answered = status >= 200 && status < 500;
  restore(origin, status, response.body,
          now + (answered ? std::chrono::minutes(kKeep) : kKeepFailure));
}

void RobotsCache::restore(const std::string& origin, int status, std::string_view body,
                          Monotonic expires) {
  Site site;
  site.status = status;
  if (status >= 200 && status < 300) site.rules = parse_robots(body, product_);
  site.expires = expires;
  if (sites_.insert_or_assign(origin, std::move(site)).second) order_.push_back(origin);
  while (order_.size() > kMaxSites) {
    sites_.erase(order_.front());
    order_.pop_front();
  }
}

}  // namespace nutgraf
