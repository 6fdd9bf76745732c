#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace nutgraf {

/// What went wrong, by what the caller can do about it. How it went wrong is in Error::message.
enum class ErrorCode {
  kTransient,    ///< The same call may succeed later: a timeout, a reset, a busy file.
  kRateLimited,  ///< The other side asked for a pause.
  kGone,         ///< Permanently absent (HTTP 410): stop asking.
  kMalformed,    ///< The bytes are not what they should be: count it, skip it.
  kTooLarge,     ///< A limit on size, depth or time was reached.
  kRefused,      ///< Not allowed: an address, a scheme, a permission.
  kBadConfig,    ///< The operator has to change a setting.
  kStorage,      ///< Our own state could not be read or written.
};

/// Stable lower-case name for logs and metrics: "transient", "rate_limited", …
constexpr std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::kTransient:
      return "transient";
    case ErrorCode::kRateLimited:
      return "rate_limited";
    case ErrorCode::kGone:
      return "gone";
    case ErrorCode::kMalformed:
      return "malformed";
    case ErrorCode::kTooLarge:
      return "too_large";
    case ErrorCode::kRefused:
      return "refused";
    case ErrorCode::kBadConfig:
      return "bad_config";
    case ErrorCode::kStorage:
      return "storage";
  }
  return "unknown";
}

struct Error {
  ErrorCode code = ErrorCode::kTransient;
  std::string
      message;  ///< For the operator: what, where, and the remedy if there is one. One line.

  friend bool operator==(const Error&, const Error&) = default;
};

/// A value or the Error that stands in its way. Exceptions of third-party libraries become Errors
/// in the adapter that calls them; nothing above an adapter throws.
template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace nutgraf
