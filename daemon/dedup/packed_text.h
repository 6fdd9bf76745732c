#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/dedup/fingerprint.h"

namespace nutgraf {

/// A remembered text, read where it stands: its story's id, its words and their hash, of 2.5 bytes
/// a word, where vectors of tokens take 4. Unpacking costs about 0.5 µs. The bytes are the owner's.
class PackedText {
 public:
  /// Appends one to `out`. Of an id only the first 65,535 bytes count.
  static void pack(std::string_view id, const Fingerprint& print, std::string& out);

  /// One has to be given before anything is asked of it.
  PackedText() = default;
  /// `bytes`: begins with what pack() gave.
  explicit PackedText(const char* bytes) : bytes_(bytes) {}

  std::string_view bytes() const { return {bytes_, Layout(head()).end}; }
  std::string_view id() const;
  std::uint64_t text_hash() const;
  bool marked_update() const;
  std::vector<Token> title() const;
  std::vector<Token> body() const;
  TextWords words() const { return {title(), body(), marked_update()}; }

  /// Fetches the front of the block into the cache; the rest follows as it is read.
  void prefetch() const;

 private:
  struct Head {
    std::uint64_t text_hash = 0;
    std::uint16_t id = 0;    ///< Bytes.
    std::uint16_t body = 0;  ///< Words.
    std::uint8_t title = 0;
    bool marked_update = false;
  };
  /// Of the parts that follow the head: id, hashes of title and body, flags of the title, a byte
  /// each, and of the body, four bits each: kContent is a title's.
  struct Layout {
    explicit Layout(const Head& head);
    std::size_t id = 0;
    std::size_t hashes = 0;
    std::size_t title_flags = 0;
    std::size_t body_flags = 0;
    std::size_t end = 0;
  };

  Head head() const;

  const char* bytes_ = nullptr;
};

}  // namespace nutgraf
