#include "daemon/wire/curve.h"

#include <zmq.h>

#include <array>

namespace nutgraf {
namespace {

constexpr std::size_t kKeyBytes = 32;
using KeyText = std::array<char, kCurveKeyText + 1>;  // With its end.

std::string text_of(const KeyText& key) { return {key.data(), kCurveKeyText}; }

}  // namespace

Result<CurveKeys> new_curve_keys() {
  KeyText public_key{};
  KeyText secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    return fail(ErrorCode::kRefused, "this libzmq was built without CURVE");
  }
  return CurveKeys{text_of(public_key), text_of(secret_key)};
}

bool is_curve_key(std::string_view text) {
  if (text.size() != kCurveKeyText) return false;
  constexpr std::string_view kZ85 =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
  if (text.find_first_not_of(kZ85) != std::string_view::npos) return false;
  std::array<std::uint8_t, kKeyBytes> bytes{};
  return zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

Result<std::string> public_key_of(std::string_view secret_key) {
  KeyText public_key{};
  if (!is_curve_key(secret_key) ||
      zmq_curve_public(public_key.data(), std::string(secret_key).c_str()) != 0) {
    return fail(ErrorCode::kMalformed,
                "a key has 40 characters of Z85; `nutgraf keygen` makes one");
  }
  return text_of(public_key);
}

std::string curve_key_text(std::string_view bytes) {
  KeyText text{};
  if (bytes.size() != kKeyBytes) return {};
  // The bytes of a string_view may be read as such.
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (zmq_z85_encode(text.data(), data, bytes.size()) == nullptr) return {};
  return text_of(text);
}

}  // namespace nutgraf
