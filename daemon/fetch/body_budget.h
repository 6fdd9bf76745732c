#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace nutgraf {

/// Who may go on reading its body when the bodies in memory reach a limit, and who goes on next.
///
/// Below the limit everybody may. At the limit all pause but the last one that is not paused: if
/// that one waited too, no body would ever end and none would give back what it holds. So the
/// bytes stay below: limit + one piece + the largest body.
///
/// O(transfers) at worst, nearly always O(1).
class BodyBudget {
 public:
  using Key = void*;  ///< Names a transfer.

  explicit BodyBudget(std::size_t limit) : limit_(limit) {}

  /// Whether `transfer`, which is not paused, may take a piece of its body. If not, it is paused:
  /// it is the last in line for resume().
  bool admit(Key transfer);

  /// A piece has been taken: so many bytes are in memory now in addition.
  void add(std::size_t bytes) { bytes_ += bytes; }

  /// The transfer that has been paused longest, if there is room again (or nobody else going on);
  /// it is not paused any more. Else nullptr.
  Key resume();

  /// `transfer` is over, paused or not, or had no body at all; its `bytes` go with it.
  void leave(Key transfer, std::size_t bytes);

  std::size_t bytes() const { return bytes_; }
  std::size_t paused() const { return paused_.size(); }

 private:
  bool full() const { return bytes_ >= limit_; }

  const std::size_t limit_;
  std::size_t bytes_ = 0;
  std::vector<Key> flowing_;  // Have begun their bodies and are not paused.
  std::deque<Key> paused_;    // Longest first.
};

}  // namespace nutgraf
