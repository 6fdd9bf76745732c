#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "daemon/store/log_reader.h"
#include "daemon/wire/sync.h"

namespace nutgraf {

/// The canonical form of a story's address, as the store looks it up.
using UrlKey = std::function<std::string(std::string_view url)>;

/// What a client gets for its request: one page of at most kMaxPageMessages messages and
/// kMaxPageBytes, so that no client holds up the others. A store that cannot be read answers
/// `busy`: the client comes back, the operator finds it in the log.
SyncReply answer(const SyncRequest& request, LogReader& log, const UrlKey& url_key);

/// The reader thread: answers what clients of the sync socket ask, one request after the other,
/// each from one short read of the store.
class Reader {
 public:
  /// `port` must outlive the reader. `url_key` is called on the reader thread.
  Reader(std::unique_ptr<LogReader> log, SyncPort& port, UrlKey url_key);

  /// Closes the port's requests and waits for the one being answered.
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

 private:
  void run();

  const std::unique_ptr<LogReader> log_;  // Reader thread only.
  SyncPort& port_;
  const UrlKey url_key_;
  std::jthread thread_;
};

}  // namespace nutgraf
