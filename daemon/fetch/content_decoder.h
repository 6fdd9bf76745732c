#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/base/result.h"

namespace nutgraf {

/// Undoes a Content-Encoding as the bytes arrive, and knows whether the compressed stream came to
/// its end. libcurl's own decoding does not tell: a gzip body that was cut at the origin and framed
/// correctly on the way looks like a success there, and its validators would vouch for items that
/// nobody has seen.
///
/// gzip (several members too), deflate (zlib's form), br and zstd [RFC 1950, 1952, 7932, 8878].
class ContentDecoder {
 public:
  /// For a Content-Encoding header; empty and "identity" copy. Others, and several codings one on
  /// top of the other, are kMalformed: we never asked for them.
  static Result<std::unique_ptr<ContentDecoder>> create(std::string_view content_encoding);

  virtual ~ContentDecoder() = default;

  /// Decodes `bytes` onto the end of `body`. kTooLarge before `body` exceeds `limit`, so a bomb
  /// costs what the limit allows; kMalformed if the stream is broken.
  virtual Result<void> decode(std::string_view bytes, std::string& body, std::size_t limit) = 0;

  /// Whether the stream is complete. True without a single byte: a 304 has no body to decode.
  virtual bool finished() const = 0;
};

/// Of a body that has, or is said to have, more than `limit` bytes.
Error body_too_large(std::size_t limit);

/// What to send as Accept-Encoding.
inline constexpr std::string_view kAcceptEncoding = "gzip, br, zstd";

}  // namespace nutgraf
