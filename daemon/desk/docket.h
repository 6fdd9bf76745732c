#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/desk/desk_settings.h"
#include "daemon/desk/patience.h"
#include "daemon/model/story.h"
#include "daemon/pipeline/feed_book.h"
#include "daemon/pipeline/mailbox.h"
#include "daemon/service/metrics.h"
#include "daemon/store/ledger.h"

namespace nutgraf {

/// What the desk has decided since the last commit: the rows of the next one, the mail that goes
/// out after it, and what later decisions of the same batch have to know already.
///
/// Desk thread only.
struct Docket {
  /// Rows of one commit. A batch costs about 0.1 ms a row; more would only delay the first of them.
  static constexpr std::size_t kFull = 100;

  /// What the latencies of a new story count from.
  struct StoryTimes {
    std::optional<Time> published;
    Time first_seen{};
    Time response{};
  };

  Batch batch;
  Mail mail;                                       ///< To be sent after the commit.
  std::unordered_map<std::string, Story> stories;  ///< Of the batch, by id, as it leaves them.
  /// Events that the batch merges: into which.
  std::unordered_map<std::string, std::string> merged;
  /// The newest row of a feed among batch.polls: what its stories teach goes there too.
  std::unordered_map<std::string, std::size_t> feed_rows;
  std::vector<StoryTimes> story_times;  ///< Of the new stories.
  std::size_t quiet = 0;                ///< Rows of polls that may wait for company,
  Monotonic quiet_until{};              ///< until then.

  std::size_t rows() const {
    return batch.polls.size() + batch.stories.size() + batch.retracts.size() +
           batch.retries.size() + batch.rechecks.size() + batch.events.size();
  }
};

/// What the parts of the desk share. All of it outlives them.
struct DeskSeams {
  Ledger& ledger;
  Mailbox& mailbox;
  const Clock& clock;
  Metrics& metrics;
  FeedBook& book;
  const DeskSettings& settings;
  Patience& patience;
  Docket& docket;
};

}  // namespace nutgraf
