#pragma once

#include <cstddef>
#include <functional>
#include <future>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/base/bounded_queue.h"
#include "daemon/base/heap.h"

namespace nutgraf {

/// Rows that are read on one thread, prepared on others, and taken on the caller's in the order
/// they were read: for work that is dear to prepare and has to be done in order.
///
/// They go in batches; memory is bounded by the few that are under way, and rows change places with
/// those of batches before them, so that nothing is allocated for what passes by, nor copied.
/// `prepare` must be thread-safe, and what it returns may refer to the rows, which are there until
/// `take` has returned. That is called on the thread that calls run().
template <typename Row, typename Prepared>
class Ahead {
 public:
  using Prepare = std::function<Prepared(std::span<const Row>)>;

  Ahead(Prepare prepare, std::function<void(Prepared)> take)
      : prepare_(std::move(prepare)), take_(std::move(take)) {}

  /// Calls `read(put)` on a thread of its own, which calls put(row) for each row, and has another
  /// in its place then; returns what it returns, when all that was put is taken. Once for each
  /// object. An exception ends the program: it would leave the reader waiting for ever.
  template <typename Read>
  auto run(Read read) noexcept {
    widen_heap();
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < kWorkers; ++i) {
      workers.emplace_back([this] {
        widen_heap();
        while (auto task = tasks_.pop()) (*task)();
      });
    }
    auto reading = std::async(std::launch::async, [&] {
      widen_heap();
      Batch batch;
      auto result = read([&](Row& row) {
        batch.add(row);
        if (batch.size == kBatch) batch = launch(std::move(batch));
      });
      if (batch.size > 0) launch(std::move(batch));
      under_way_.close();
      tasks_.close();
      return result;
    });
    while (auto prepared = under_way_.pop()) {
      Ready ready = prepared->get();
      take_(std::move(ready.prepared));
      ready.batch.size = 0;
      spare_.try_push(ready.batch);
    }
    return reading.get();
  }

 private:
  struct Batch {
    std::vector<Row> rows;  ///< Those beyond `size` are left from an earlier one.
    std::size_t size = 0;

    void add(Row& row) {
      if (size == rows.size()) rows.emplace_back();
      std::swap(rows[size++], row);
    }
  };
  struct Ready {
    Prepared prepared;
    Batch batch;  ///< To which that may refer.
  };

  static constexpr std::size_t kBatch = 256;
  static constexpr std::size_t kWorkers = 2;
  /// Batches that wait to be prepared or taken; one more is read and one taken.
  static constexpr std::size_t kUnderWay = 3;

  /// Gives one to fill in exchange.
  Batch launch(Batch full) {
    std::packaged_task<Ready()> task([this, batch = std::move(full)]() mutable {
      Prepared prepared = prepare_(std::span<const Row>(batch.rows).first(batch.size));
      return Ready{std::move(prepared), std::move(batch)};
    });
    under_way_.push(task.get_future());
    tasks_.push(std::move(task));
    return spare_.try_pop().value_or(Batch());
  }

  const Prepare prepare_;
  const std::function<void(Prepared)> take_;
  BoundedQueue<std::packaged_task<Ready()>> tasks_{kUnderWay};
  BoundedQueue<std::future<Ready>> under_way_{kUnderWay};
  BoundedQueue<Batch> spare_{kUnderWay};
};

}  // namespace nutgraf
