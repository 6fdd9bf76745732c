#pragma once

#include <string>
#include <vector>

#include "daemon/model/publication.h"
#include "daemon/store/sqlite_db.h"
#include "daemon/store/sqlite_store.h"

namespace nutgraf::sqlite {

/// Where the log stands, read in the transaction that the connection is in.
LogPosition read_position(Connection& db);

/// Gives drafts their place: sequence number, predecessor in the topic, envelope, row. Between
/// begin() and finish() the counter lives here; it reaches the store with finish(), in the same
/// transaction, so a rollback takes the numbers back with it.
class LogWriter {
 public:
  LogWriter(Connection& db, EnvelopeWriter envelope);

  void begin(Time now);
  /// Returns the message's number.
  Sequence append(const Draft& draft);
  /// The messages since begin(), in sequence order.
  std::vector<Publication> finish();

  /// As of the last begin().
  const std::string& epoch() const { return epoch_; }

 private:
  const EnvelopeWriter envelope_;
  Statement counter_;
  Statement advance_;
  Statement topic_head_;
  Statement put_topic_;
  Statement put_;

  // Of the transaction under way.
  std::string epoch_;
  Time now_{};
  Sequence head_ = 0;
  std::int64_t bytes_ = 0;  ///< Added to the log.
  std::vector<Publication> written_;
};

}  // namespace nutgraf::sqlite
