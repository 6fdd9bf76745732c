#include "daemon/pipeline/reader.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "daemon/wire/clients.h"

namespace nutgraf {
namespace {

constexpr std::chrono::milliseconds kRetryAfterFailure{1000};

SyncReply cannot_read(const SyncRequest& request, const Error& error) {
  spdlog::error("sync store=unreadable error=\"{}\"", error.message);
  return busy(request.client, kRetryAfterFailure);
}

/// Ends the page at kMaxPageBytes; the client goes on from there.
void cut_to_bytes(LogPage& page) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < page.messages.size(); ++i) {
    bytes += page.messages[i].body.size();
    if (bytes <= kMaxPageBytes || i == 0) continue;
    page.messages.resize(i);
    page.next = page.messages.back().seq;
    page.more = true;
    return;
  }
}

SyncReply give(const SyncRequest& request, LogPage page, Sequence next) {
  return end_reply(request.client, std::move(page.messages),
                   {.next = next, .head = page.head, .floor = page.floor, .more = page.more});
}

SyncReply refuse(const SyncRequest& request, const LogRefusal& refusal) {
  switch (refusal.code) {
    case LogRefusal::Code::kEpochChanged:
      return epoch_changed(request.client, refusal.epoch);
    case LogRefusal::Code::kCursorTooOld:
      return cursor_too_old(request.client, refusal.floor);
    case LogRefusal::Code::kFutureCursor:
      return future_cursor(request.client);
  }
  return bad_request(request.client, "unknown refusal");
}

struct Answering {
  const SyncRequest& request;
  LogReader& log;
  const UrlKey& url_key;

  SyncReply operator()(const FetchRequest& fetch) const {
    auto page = log.page({.epoch = fetch.epoch,
                          .after = fetch.after,
                          .since = fetch.since,
                          .until = fetch.until,
                          .after_time = fetch.after_time,
                          .prefixes = fetch.prefixes,
                          .limit = fetch.limit});
    if (!page) return cannot_read(request, page.error());
    if (const auto* refusal = std::get_if<LogRefusal>(&*page)) return refuse(request, *refusal);
    LogPage& given = std::get<LogPage>(*page);
    cut_to_bytes(given);
    const Sequence next = given.next;
    return give(request, std::move(given), next);
  }

  /// A snapshot is bounded by its 100 events a page; who has read it goes on from the head that its
  /// first page told.
  SyncReply operator()(const SnapshotRequest& snapshot) const {
    auto page = log.snapshot(snapshot.prefixes, snapshot.page);
    if (!page) return cannot_read(request, page.error());
    const Sequence head = page->head;
    return give(request, std::move(*page), head);
  }

  SyncReply operator()(const GetRequest& get) const {
    auto found =
        get.by == GetRequest::By::kUrl ? log.latest_at(url_key(get.key)) : log.latest_of(get.key);
    if (!found) return cannot_read(request, found.error());
    std::vector<Publication> messages;
    if (*found && request.allowed && !covers(*request.allowed, (*found)->topic)) {
      return forbidden(request.client, *request.allowed);
    }
    if (*found) messages.push_back(*std::move(*found));
    return end_reply(request.client, std::move(messages), {});
  }
};

}  // namespace

SyncReply answer(const SyncRequest& request, LogReader& log, const UrlKey& url_key) {
  return std::visit(Answering{request, log, url_key}, request.call);
}

Reader::Reader(std::unique_ptr<LogReader> log, SyncPort& port, UrlKey url_key)
    : log_(std::move(log)), port_(port), url_key_(std::move(url_key)), thread_([this] { run(); }) {}

Reader::~Reader() { port_.requests().close(); }

void Reader::run() {
  while (const auto request = port_.requests().pop()) {
    port_.reply(answer(*request, *log_, url_key_));
  }
}

}  // namespace nutgraf
