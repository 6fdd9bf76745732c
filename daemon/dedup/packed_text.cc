#include "daemon/dedup/packed_text.h"

#include <algorithm>
#include <cstring>

namespace nutgraf {
namespace {

constexpr std::size_t kMost = 0xFFFF;

void put_hashes(const std::vector<Token>& tokens, std::size_t count, char* to) {
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to + 2 * i, &tokens[i].hash, sizeof(std::uint16_t));
  }
}

std::vector<Token> tokens_of(const char* hashes, std::size_t count) {
  std::vector<Token> tokens(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(&tokens[i].hash, hashes + 2 * i, sizeof(std::uint16_t));
  }
  return tokens;
}

}  // namespace

PackedText::Layout::Layout(const Head& head) {
  id = sizeof(Head);
  hashes = id + head.id;
  title_flags = hashes + 2 * (std::size_t{head.title} + head.body);
  body_flags = title_flags + head.title;
  end = body_flags + (std::size_t{head.body} + 1) / 2;
}

void PackedText::pack(std::string_view id, const Fingerprint& print, std::string& out) {
  Head head;
  head.text_hash = print.text_hash;
  head.id = static_cast<std::uint16_t>(std::min(id.size(), kMost));
  head.body = static_cast<std::uint16_t>(std::min(print.body.size(), kFingerprintWords));
  head.title = static_cast<std::uint8_t>(std::min(print.title.size(), kTitleWords));
  head.marked_update = print.marked_update;
  const Layout at(head);
  const std::size_t begin = out.size();
  out.resize(begin + at.end);
  char* const bytes = out.data() + begin;
  std::memcpy(bytes, &head, sizeof head);
  std::memcpy(bytes + at.id, id.data(), head.id);
  put_hashes(print.title, head.title, bytes + at.hashes);
  put_hashes(print.body, head.body, bytes + at.hashes + 2 * std::size_t{head.title});
  for (std::size_t i = 0; i < head.title; ++i) {
    bytes[at.title_flags + i] = static_cast<char>(print.title[i].flags);
  }
  for (std::size_t i = 0; i < head.body; i += 2) {
    const int next = i + 1 < head.body ? print.body[i + 1].flags & 0xF : 0;
    bytes[at.body_flags + i / 2] = static_cast<char>((print.body[i].flags & 0xF) | next << 4);
  }
}

PackedText::Head PackedText::head() const {
  Head head;
  std::memcpy(&head, bytes_, sizeof head);
  return head;
}

std::string_view PackedText::id() const {
  const Head h = head();
  return {bytes_ + Layout(h).id, h.id};
}

std::uint64_t PackedText::text_hash() const { return head().text_hash; }

bool PackedText::marked_update() const { return head().marked_update; }

std::vector<Token> PackedText::title() const {
  const Head h = head();
  const Layout at(h);
  std::vector<Token> tokens = tokens_of(bytes_ + at.hashes, h.title);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    tokens[i].flags = static_cast<std::uint8_t>(bytes_[at.title_flags + i]);
  }
  return tokens;
}

std::vector<Token> PackedText::body() const {
  const Head h = head();
  const Layout at(h);
  std::vector<Token> tokens = tokens_of(bytes_ + at.hashes + 2 * std::size_t{h.title}, h.body);
  const char* flags = bytes_ + at.body_flags;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto two = static_cast<std::uint8_t>(flags[i / 2]);
    tokens[i].flags = i % 2 == 0 ? two & 0xF : two >> 4;
  }
  return tokens;
}

void PackedText::prefetch() const {
  constexpr std::size_t kLine = 64;
  // A short text ends before: to fetch what is not one's own does no harm.
  for (std::size_t line = 0; line < 4; ++line) __builtin_prefetch(bytes_ + line * kLine);
}

}  // namespace nutgraf
