#pragma once

#include <memory>
#include <string>

#include "daemon/app/app.h"
#include "daemon/service/rate_history.h"
#include "daemon/service/status_http.h"
#include "daemon/store/log_reader.h"

namespace nutgraf {

/// What the status port shows of the app. All but create() and pages() on its server's thread
/// only.
class StatusView {
 public:
  /// Feeds in /status.json, the unwell first: more is no list that anybody reads.
  static constexpr std::size_t kListedFeeds = 200;

  /// `app` must outlive it.
  static Result<std::unique_ptr<StatusView>> create(App& app);

  /// The answers; they refer to this object.
  StatusPages pages();

 private:
  StatusView(App& app, std::unique_ptr<LogReader> reader, std::string epoch);
  void tick(std::size_t streams);
  std::string status_json();
  Result<std::string> story_list_of(const StoryListQuery& query);
  Result<LogPiece> piece(const LogCursor& cursor, const std::vector<std::string>& topics);
  LogSource log_source();

  App& app_;
  const std::unique_ptr<LogReader> reader_;
  const std::string epoch_;
  const bool mirrored_;
  const std::string sync_;  // Endpoint that clients are told.
  RateHistory history_;
};

/// What the server is to be told of the settings.
StatusOptions status_options(const Config& config);

}  // namespace nutgraf
