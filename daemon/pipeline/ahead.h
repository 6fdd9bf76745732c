#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <utility>
#include <vector>

namespace nutgraf {

/// Rows that are prepared on other threads and taken on the caller's, in the order they came: for
/// work that is dear to prepare and has to be done in order.
///
/// put() hands batches of rows to at most kThreads threads and takes what is ready; memory is
/// bounded by the batches under way. `prepare` must be thread-safe. The destructor waits for the
/// threads; what was not taken then never is.
template <typename Row, typename Prepared>
class Ahead {
 public:
  Ahead(std::function<Prepared(Row)> prepare, std::function<void(Prepared)> take)
      : prepare_(std::move(prepare)), take_(std::move(take)) {}

  void put(Row row) {
    batch_.push_back(std::move(row));
    if (batch_.size() >= kBatch) launch();
  }

  /// Takes all that was put.
  void finish() {
    if (!batch_.empty()) launch();
    while (!under_way_.empty()) take_first();
  }

 private:
  static constexpr std::size_t kBatch = 256;
  /// With the caller's, as many as small machines have cores.
  static constexpr std::size_t kThreads = 3;

  void launch() {
    if (under_way_.size() == kThreads) take_first();
    auto work = [this, rows = std::exchange(batch_, {})]() mutable {
      std::vector<Prepared> prepared;
      prepared.reserve(rows.size());
      for (Row& row : rows) prepared.push_back(prepare_(std::move(row)));
      return prepared;
    };
    under_way_.push_back(std::async(std::launch::async, std::move(work)));
    batch_.reserve(kBatch);
  }

  void take_first() {
    std::vector<Prepared> prepared = under_way_.front().get();
    under_way_.pop_front();
    for (Prepared& each : prepared) take_(std::move(each));
  }

  const std::function<Prepared(Row)> prepare_;
  const std::function<void(Prepared)> take_;
  std::vector<Row> batch_;
  std::deque<std::future<std::vector<Prepared>>> under_way_;
};

}  // namespace nutgraf
