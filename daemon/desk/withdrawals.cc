#include "daemon/desk/withdrawals.h"

#include <utility>

namespace nutgraf {

Result<Retracted> Withdrawals::ask(Withdrawal what, BoundedQueue<Outcome>& outcomes,
                                   std::chrono::milliseconds patience) {
  std::future<Result<Retracted>> answer;
  {
    const std::lock_guard lock(mutex_);
    what.question = ++last_question_;
    answer = questions_[what.question].get_future();
  }
  const std::uint64_t question = what.question;
  Outcome outcome{0, std::move(what)};
  const bool taken = outcomes.try_push(outcome);
  if (taken && answer.wait_for(patience) == std::future_status::ready) return answer.get();
  const std::lock_guard lock(mutex_);
  questions_.erase(question);
  return fail(ErrorCode::kTransient, taken ? "not done yet, and it may still come about; ask again"
                                           : "the daemon is busy; ask again");
}

void Withdrawals::answer(std::uint64_t question, Result<Retracted> result) {
  const std::lock_guard lock(mutex_);
  const auto found = questions_.find(question);
  if (found == questions_.end()) return;
  found->second.set_value(std::move(result));
  questions_.erase(found);
}

}  // namespace nutgraf
