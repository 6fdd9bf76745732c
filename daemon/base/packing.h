#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nutgraf {

/// What stored forms are made of: numbers of a fixed width, the lowest byte first. `bytes` in 1
/// … 8.
inline void put_number(std::string& out, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// Reads them back. Whatever the bytes, nothing is read beyond them: what is not there is 0 or
/// empty, and the reader is not sound() from then on.
class PackedReader {
 public:
  explicit PackedReader(std::string_view bytes) : left_(bytes) {}

  std::string_view bytes(std::size_t count) {
    sound_ = sound_ && count <= left_.size();
    if (!sound_) return {};
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (const char byte : bytes(width)) {
      value |= std::uint64_t{static_cast<unsigned char>(byte)} << shift;
      shift += 8;
    }
    return value;
  }

  /// What was read makes no sense to the caller.
  void spoil() { sound_ = false; }

  bool sound() const { return sound_; }
  bool complete() const { return sound_ && left_.empty(); }

 private:
  std::string_view left_;
  bool sound_ = true;
};

}  // namespace nutgraf
