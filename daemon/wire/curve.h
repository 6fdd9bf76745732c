#pragma once

#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace nutgraf {

// Keys of CURVE [RFC 26/CurveZMQ], as text of 40 characters in Z85 [RFC 32/Z85].

inline constexpr std::size_t kCurveKeyText = 40;

struct CurveKeys {
  std::string public_key;
  std::string secret_key;
};

/// A new pair from the system's random numbers. kRefused: libzmq was built without CURVE.
Result<CurveKeys> new_curve_keys();

/// kMalformed: not 40 characters of Z85.
Result<std::string> public_key_of(std::string_view secret_key);

/// Whether it may be a key of either kind: 40 characters of Z85 that stand for 32 bytes.
bool is_curve_key(std::string_view text);

/// The 32 bytes of a key, as the ZAP handler is given them, as text.
std::string curve_key_text(std::string_view bytes);

}  // namespace nutgraf
