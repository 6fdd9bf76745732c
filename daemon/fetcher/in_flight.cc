#include "daemon/fetcher/in_flight.h"

#include <utility>

namespace nutgraf {
namespace {

/// Null: the transfer is for no page.
const std::string* feed_of_page(const Transfer& transfer) {
  if (const auto* page = std::get_if<PageTransfer>(&transfer.what)) return &page->pending.feed_id;
  if (const auto* look = std::get_if<RecheckTransfer>(&transfer.what)) {
    return &look->look.item.feed_id;
  }
  const auto* robots = std::get_if<RobotsTransfer>(&transfer.what);
  return robots != nullptr ? &robots->feed_id : nullptr;
}

}  // namespace

bool InFlight::has_room() const {
  return transfers_.size() < options_.transfers && jobs_under_way_.size() < kSlots &&
         bytes_ + transfers_.size() * kTypicalBody < options_.memory;
}

/// Transfers for pages of a feed, robots.txt included; of all feeds with nullptr.
std::size_t InFlight::pages_of(const std::string* feed_id) const {
  const auto counts = [&](const auto& entry) {
    const std::string* const of = feed_of_page(entry.second);
    return of != nullptr && (feed_id == nullptr || *of == *feed_id);
  };
  return static_cast<std::size_t>(std::ranges::count_if(transfers_, counts));
}

bool InFlight::has_room_for_page() const {
  const double most = std::max(1.0, kPagesShare * static_cast<double>(options_.transfers));
  return has_room() && static_cast<double>(pages_of(nullptr)) < most;
}

bool InFlight::has_its_share(const std::string& feed_id) const {
  const double most = std::max(2.0, kPagesOfFeedShare * static_cast<double>(options_.transfers));
  return static_cast<double>(pages_of(&feed_id)) >= most;
}

std::uint64_t InFlight::send(HttpRequest request, Transfer transfer) {
  const std::uint64_t id = next_id_++;
  request.id = id;
  manners_.begin(transfer.host, clock_.monotonic());
  transfers_.emplace(id, std::move(transfer));
  http_.start(std::move(request));
  return id;
}

std::optional<Transfer> InFlight::end_transfer(std::uint64_t id) {
  auto found = transfers_.extract(id);
  if (!found) return std::nullopt;
  manners_.end(found.mapped().host, clock_.monotonic());
  return std::move(found.mapped());
}

RobotsTransfer* InFlight::robots_of(const std::string& origin) {
  for (auto& [id, transfer] : transfers_) {
    auto* const robots = std::get_if<RobotsTransfer>(&transfer.what);
    if (robots != nullptr && robots->origin == origin) return robots;
  }
  return nullptr;
}

void InFlight::hand_over(decltype(Job::work) work, Needs needs) {
  jobs_.push(Job{reserve(std::move(needs)), std::move(work)});
}

std::uint64_t InFlight::reserve(Needs needs) {
  bytes_ += needs.bytes;
  jobs_under_way_.emplace(next_id_, std::move(needs));
  return next_id_++;
}

std::optional<InFlight::Needs> InFlight::end_job(std::uint64_t id) {
  auto found = jobs_under_way_.extract(id);
  if (!found) return std::nullopt;
  bytes_ -= found.mapped().bytes;
  return std::move(found.mapped());
}

std::size_t InFlight::rechecks() const {
  return static_cast<std::size_t>(std::ranges::count_if(transfers_, [](const auto& entry) {
    return std::holds_alternative<RecheckTransfer>(entry.second.what);
  }));
}

bool InFlight::holds_item() const {
  return std::ranges::any_of(transfers_,
                             [](const auto& entry) {
                               return !std::holds_alternative<FeedTransfer>(entry.second.what);
                             }) ||
         std::ranges::any_of(jobs_under_way_, [](const auto& entry) { return entry.second.item; });
}

std::vector<std::int64_t> InFlight::items_in_transfers() const {
  std::vector<std::int64_t> items;
  for (const auto& [id, transfer] : transfers_) {
    if (const auto* page = std::get_if<PageTransfer>(&transfer.what)) {
      items.push_back(page->pending.id);
    } else if (const auto* robots = std::get_if<RobotsTransfer>(&transfer.what)) {
      for (const PendingItem& pending : robots->waiting) items.push_back(pending.id);
    }
  }
  return items;
}

}  // namespace nutgraf
