#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nutgraf {

/// Writes lines to a descriptor without ever waiting for who reads them: whoever logs holds others
/// up meanwhile. What a pipe does not take is kept, as much as has room, and tried again with the
/// next line or flush(); beyond that lines are lost, whole ones, and counted.
///
/// It stays in the mode that it has, which others share. So one thing is left to wait for: a pipe
/// that another process fills between our look and our write. One thread at a time.
class LogPipe {
 public:
  static constexpr std::size_t kRoom = std::size_t{1} << 20;

  explicit LogPipe(int descriptor) : descriptor_(descriptor) {}
  LogPipe(const LogPipe&) = delete;
  LogPipe& operator=(const LogPipe&) = delete;
  /// Waits up to a second for a reader of what is left.
  ~LogPipe();

  /// `line` with its newline.
  void put(std::string_view line);
  void flush() { drain(0); }

  /// Lines that were lost and of which nobody has been told, once there is room to tell it; else 0.
  std::uint64_t take_lost();

 private:
  void drain(int patience_ms);

  const int descriptor_;
  std::string waiting_;
  std::uint64_t lost_ = 0;
};

}  // namespace nutgraf
