#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <utility>
#include <vector>

#include "daemon/base/bounded_queue.h"

namespace nutgraf {

/// Rows that are read on one thread, prepared on others, and taken on the caller's in the order
/// they were read: for work that is dear to prepare and has to be done in order.
///
/// Rows go in batches; memory is bounded by the few that are under way. `prepare` must be
/// thread-safe; `take` is called on the thread that calls run().
template <typename Row, typename Prepared>
class Ahead {
 public:
  Ahead(std::function<Prepared(Row)> prepare, std::function<void(Prepared)> take)
      : prepare_(std::move(prepare)), take_(std::move(take)) {}

  /// Calls `read(put)` on a thread of its own, which calls put(row) for each row; returns what it
  /// returns, when all that was put is taken. An exception ends the program: it would leave the
  /// reader waiting for ever.
  template <typename Read>
  auto run(Read read) noexcept {
    BoundedQueue<std::future<std::vector<Prepared>>> under_way(kUnderWay);
    auto reading = std::async(std::launch::async, [&] {
      std::vector<Row> rows;
      const auto launch = [&] {
        under_way.push(
            std::async(std::launch::async, [this, batch = std::exchange(rows, {})]() mutable {
              return prepared(std::move(batch));
            }));
      };
      auto result = read([&](Row row) {
        rows.push_back(std::move(row));
        if (rows.size() == kBatch) launch();
      });
      launch();
      under_way.close();
      return result;
    });
    while (auto batch = under_way.pop()) {
      for (Prepared& each : batch->get()) take_(std::move(each));
    }
    return reading.get();
  }

 private:
  static constexpr std::size_t kBatch = 256;
  /// Batches that wait to be taken; one more is read and one taken. With these threads and the
  /// reader's, as many as small machines have cores.
  static constexpr std::size_t kUnderWay = 3;

  std::vector<Prepared> prepared(std::vector<Row> rows) const {
    std::vector<Prepared> prepared;
    prepared.reserve(rows.size());
    for (Row& row : rows) prepared.push_back(prepare_(std::move(row)));
    return prepared;
  }

  const std::function<Prepared(Row)> prepare_;
  const std::function<void(Prepared)> take_;
};

}  // namespace nutgraf
