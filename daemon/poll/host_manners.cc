#include "daemon/poll/host_manners.h"

#include <algorithm>
#include <utility>

namespace nutgraf {

namespace {

/// True if `host` is `suffix` or lies below it.
bool within(std::string_view host, std::string_view suffix) {
  if (suffix.empty() || !host.ends_with(suffix)) return false;
  return host.size() == suffix.size() || host[host.size() - suffix.size() - 1] == '.';
}

}  // namespace

HostManners::HostManners(const PollOptions& options) : options_(options) {}

void HostManners::configure(const PollOptions& options) {
  options_ = options;
  if (before_ends_ != Monotonic::min()) follow_on(before_);
}

void HostManners::follow_on(Monotonic now) {
  std::chrono::milliseconds longest = options_.per_host_spacing;
  for (const HostRule& rule : options_.hosts) {
    longest = std::max(longest, rule.spacing.value_or(longest));
  }
  before_ = now;
  before_ends_ = now + longest;
}

HostManners::Limits HostManners::limits_of(std::string_view host) const {
  Limits limits{options_.per_host_spacing, options_.per_host_concurrency};
  std::size_t longest = 0;
  for (const HostRule& rule : options_.hosts) {
    if (rule.match.size() < longest || !within(host, rule.match)) continue;
    longest = rule.match.size();
    limits = {rule.spacing.value_or(options_.per_host_spacing),
              rule.concurrency.value_or(options_.per_host_concurrency)};
  }
  limits.concurrency = std::max(1, limits.concurrency);
  return limits;
}

std::optional<Monotonic> HostManners::may_ask(std::string_view host, Ask ask, Monotonic now) const {
  const Host* entry = find(host);
  if (entry == nullptr && now >= before_ends_) return now;
  const Limits limits = limits_of(host);
  const Monotonic first = before_ + limits.spacing;
  if (entry == nullptr) return std::max(now, first);
  if (entry->active >= limits.concurrency) return std::nullopt;
  const Monotonic when = std::max({entry->next_start, entry->paused_until, first});
  if (ask == Ask::kFeed) return when;
  if (entry->feeds_waiting > 0) return std::nullopt;
  return std::max(when, entry->next_page);
}

void HostManners::begin(std::string_view host, Monotonic now) {
  Host& entry = host_entry(host, now);
  ++entry.active;
  entry.next_start = now + limits_of(host).spacing;
}

void HostManners::end(std::string_view host, Monotonic now) {
  Host* entry = find(host);
  if (entry == nullptr) return;
  entry->active = std::max(0, entry->active - 1);
  if (entry->idle(now)) hosts_.erase(std::string(host));
}

void HostManners::note_hop(std::string_view host, Monotonic now) {
  const auto spacing = limits_of(host).spacing;
  if (spacing <= spacing.zero()) return;
  Host& entry = host_entry(host, now);
  entry.next_start = std::max(entry.next_start, now + spacing);
}

void HostManners::hold_pages(std::string_view host, Monotonic until) {
  Host* entry = find(host);
  if (entry != nullptr) entry->next_page = std::max(entry->next_page, until);
}

void HostManners::wait(std::string_view host) {
  ++hosts_.try_emplace(std::string(host)).first->second.feeds_waiting;
}

void HostManners::stop_waiting(std::string_view host, Monotonic now) {
  Host* entry = find(host);
  if (entry == nullptr) return;
  entry->feeds_waiting = std::max(0, entry->feeds_waiting - 1);
  if (entry->idle(now)) hosts_.erase(std::string(host));
}

void HostManners::pause(std::string_view host, Monotonic until) {
  Monotonic& paused = hosts_.try_emplace(std::string(host)).first->second.paused_until;
  paused = std::max(paused, until);
}

std::vector<std::string> HostManners::busy_hosts(Monotonic now) const {
  std::vector<std::string> busy;
  for (const auto& [host, entry] : hosts_) {
    const std::optional<Monotonic> when = may_ask(host, Ask::kPage, now);
    if (!when || *when > now) busy.push_back(host);
  }
  return busy;
}

HostManners::Host& HostManners::host_entry(std::string_view host, Monotonic now) {
  if (hosts_.size() >= sweep_at_) forget_idle(now);
  return hosts_.try_emplace(std::string(host)).first->second;
}

HostManners::Host* HostManners::find(std::string_view host) {
  const auto found = hosts_.find(host);
  return found == hosts_.end() ? nullptr : &found->second;
}

const HostManners::Host* HostManners::find(std::string_view host) const {
  const auto found = hosts_.find(host);
  return found == hosts_.end() ? nullptr : &found->second;
}

void HostManners::forget_idle(Monotonic now) {
  std::erase_if(hosts_, [&](const auto& item) { return item.second.idle(now); });
  if (hosts_.size() >= kMaxHosts) {
    // More pauses than we care to keep: drop the half that ends first.
    std::vector<Monotonic> ends;
    ends.reserve(hosts_.size());
    for (const auto& [host, entry] : hosts_) ends.push_back(entry.paused_until);
    const auto middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
    std::nth_element(ends.begin(), middle, ends.end());
    const Monotonic limit = *middle;
    std::erase_if(hosts_, [&](const auto& item) {
      const Host& entry = item.second;
      return entry.active == 0 && entry.feeds_waiting == 0 && entry.paused_until <= limit;
    });
  }
  sweep_at_ = std::clamp<std::size_t>(2 * hosts_.size(), 1024, kMaxHosts);
}

}  // namespace nutgraf
