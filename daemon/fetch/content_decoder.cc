#include "daemon/fetch/content_decoder.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

#include "daemon/base/ascii.h"

namespace nutgraf {

namespace {

/// Output of one step: what a bomb can exceed the limit by before it is noticed.
constexpr std::size_t kChunk = 32 << 10;

Result<void> append(std::string& body, std::string_view bytes, std::size_t limit) {
  if (bytes.size() > limit - std::min(limit, body.size())) {
    return tl::unexpected(body_too_large(limit));
  }
  body.append(bytes);
  return {};
}

class Identity final : public ContentDecoder {
 public:
  Result<void> decode(std::string_view bytes, std::string& body, std::size_t limit) override {
    return append(body, bytes, limit);
  }
  bool finished() const override { return true; }
};

class Zlib final : public ContentDecoder {
 public:
  // 32: the header tells gzip from zlib.
  Zlib() { usable_ = inflateInit2(&stream_, MAX_WBITS + 32) == Z_OK; }
  ~Zlib() override { inflateEnd(&stream_); }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;

  Result<void> decode(std::string_view bytes, std::string& body, std::size_t limit) override {
    if (!usable_) return fail(ErrorCode::kTransient, "no memory to decompress");
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) {
      if (started_ && at_end_ && !next_member()) return {};
      started_ = true;
      if (Result<void> done = step(body, limit); !done) return done;
    }
    return drain(body, limit);
  }

  bool finished() const override { return at_end_; }

 private:
  /// Another gzip member may follow the first; anything else there is padding, and all that comes
  /// after it is ignored.
  bool next_member() {
    padding_ = padding_ || *stream_.next_in != 0x1f;
    if (padding_) return false;
    at_end_ = false;
    return inflateReset(&stream_) == Z_OK;
  }

  Result<void> step(std::string& body, std::size_t limit) {
    stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
    stream_.avail_out = static_cast<uInt>(out_.size());
    at_end_ = false;
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) at_end_ = true;
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
      return fail(ErrorCode::kMalformed, "broken gzip body");
    }
    return append(body, {out_.data(), out_.size() - stream_.avail_out}, limit);
  }

  /// What did not fit into the last step's output.
  Result<void> drain(std::string& body, std::size_t limit) {
    while (!at_end_ && stream_.avail_out == 0) {
      if (Result<void> done = step(body, limit); !done) return done;
    }
    return {};
  }

  z_stream stream_{};
  std::array<char, kChunk> out_{};
  bool usable_ = false;
  bool started_ = false;
  bool at_end_ = true;    // Of a member; also before the first byte.
  bool padding_ = false;  // Has begun.
};

class Brotli final : public ContentDecoder {
 public:
  Brotli() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}

  Result<void> decode(std::string_view bytes, std::string& body, std::size_t limit) override {
    if (!state_) return fail(ErrorCode::kTransient, "no memory to decompress");
    auto* in = reinterpret_cast<const std::uint8_t*>(bytes.data());
    std::size_t in_left = bytes.size();
    started_ = started_ || in_left > 0;
    for (;;) {
      auto* out = reinterpret_cast<std::uint8_t*>(out_.data());
      std::size_t out_left = out_.size();
      const BrotliDecoderResult code =
          BrotliDecoderDecompressStream(state_.get(), &in_left, &in, &out_left, &out, nullptr);
      if (code == BROTLI_DECODER_RESULT_ERROR) {
        return fail(ErrorCode::kMalformed, "broken brotli body");
      }
      Result<void> appended = append(body, {out_.data(), out_.size() - out_left}, limit);
      if (!appended || code != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return appended;
    }
  }

  bool finished() const override {
    return !started_ || BrotliDecoderIsFinished(state_.get()) == BROTLI_TRUE;
  }

 private:
  struct Destroy {
    void operator()(BrotliDecoderState* state) const { BrotliDecoderDestroyInstance(state); }
  };
  std::unique_ptr<BrotliDecoderState, Destroy> state_;
  std::array<char, kChunk> out_{};
  bool started_ = false;
};

class Zstandard final : public ContentDecoder {
 public:
  Zstandard() : stream_(ZSTD_createDStream()) {
    // 8 MiB: what a decoder of the web has to offer, and no more [RFC 9659, section 3].
    if (stream_) ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, 23);
  }

  Result<void> decode(std::string_view bytes, std::string& body, std::size_t limit) override {
    if (!stream_) return fail(ErrorCode::kTransient, "no memory to decompress");
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    bool full = false;
    while (in.pos < in.size || full) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t wants = ZSTD_decompressStream(stream_.get(), &out, &in);
      if (ZSTD_isError(wants) != 0) return fail(ErrorCode::kMalformed, "broken zstd body");
      at_end_ = wants == 0;
      full = out.pos == out.size && !at_end_;
      if (Result<void> done = append(body, {out_.data(), out.pos}, limit); !done) return done;
    }
    return {};
  }

  bool finished() const override { return at_end_; }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  std::array<char, kChunk> out_{};
  bool at_end_ = true;  // Of a frame; also before the first byte.
};

/// A header's bytes as part of one line: whatever a server sends.
std::string for_log(std::string text) {
  text.resize(std::min<std::size_t>(text.size(), 40));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

}  // namespace

Error body_too_large(std::size_t limit) {
  return {ErrorCode::kTooLarge,
          "body exceeds " + std::to_string(limit) + " bytes (fetch.max_body)"};
}

Result<std::unique_ptr<ContentDecoder>> ContentDecoder::create(std::string_view content_encoding) {
  const std::string coding = to_lower(trim(content_encoding));
  if (coding.empty() || coding == "identity" || coding == "none") {
    return std::make_unique<Identity>();
  }
  if (coding == "gzip" || coding == "x-gzip" || coding == "deflate") {
    return std::make_unique<Zlib>();
  }
  if (coding == "br") return std::make_unique<Brotli>();
  if (coding == "zstd") return std::make_unique<Zstandard>();
  return fail(ErrorCode::kMalformed, "content-encoding not asked for: " + for_log(coding));
}

}  // namespace nutgraf
