#include "daemon/fetch/curl_outcome.h"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace nutgraf {

using std::chrono::milliseconds;

namespace {

struct Verdict {
  ErrorCode code;
  NetworkFault fault;
};

/// libcurl's own times say nothing of a kept connection.
NetworkFault stage_of_timeout(const Transfer& transfer) {
  if (transfer.asked) return NetworkFault::kTimeout;
  curl_off_t looked_up = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
  return looked_up > 0 ? NetworkFault::kConnect : NetworkFault::kResolve;
}

Verdict judge(CURLcode code, const Transfer& transfer) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return {ErrorCode::kTransient, NetworkFault::kResolve};
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return {ErrorCode::kTransient, NetworkFault::kConnect};
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::kTransient, stage_of_timeout(transfer)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return {ErrorCode::kTransient, NetworkFault::kTls};
    case CURLE_UNSUPPORTED_PROTOCOL:  // Of a URL, or HTTP/0.9.
      if (transfer.asked && transfer.head.status() == 0)
        return {ErrorCode::kMalformed, NetworkFault::kBroken};
      return {ErrorCode::kRefused, NetworkFault::kNone};
    case CURLE_TOO_MANY_REDIRECTS:
      return {ErrorCode::kTooLarge, NetworkFault::kNone};
    case CURLE_URL_MALFORMAT:
      return {ErrorCode::kMalformed, NetworkFault::kNone};
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
      return {ErrorCode::kTransient, NetworkFault::kNone};
    case CURLE_WEIRD_SERVER_REPLY:
      return {ErrorCode::kMalformed, NetworkFault::kBroken};
    default:  // Short bodies, resets, broken framing of HTTP/1 and HTTP/2.
      return {ErrorCode::kTransient, NetworkFault::kBroken};
  }
}

std::string message_of(const Transfer& transfer, CURLcode code) {
  std::string text =
      transfer.message[0] != '\0' ? transfer.message.data() : curl_easy_strerror(code);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return text;
}

/// What happened, where we know it better than libcurl's code and text say it.
std::optional<Error> own_words(const Transfer& transfer, CURLcode code) {
  if (transfer.error || code == CURLE_OK) return transfer.error;
  if (transfer.refused) {
    return Error{ErrorCode::kRefused, "the address is not public (see allow_private)"};
  }
  if (code == CURLE_FILESIZE_EXCEEDED) return body_too_large(transfer.request.max_body);
  // libcurl has no other code for a line that outgrows its buffer of 100 KB.
  if (code == CURLE_OUT_OF_MEMORY && transfer.asked && !transfer.head.complete()) {
    return Error{ErrorCode::kTooLarge, "a header is too long"};
  }
  return std::nullopt;
}

void set_error(HttpResponse& response, const Transfer& transfer, CURLcode code) {
  response.error = own_words(transfer, code);
  if (response.error) {
    response.fault = NetworkFault::kNone;
  } else if (code != CURLE_OK) {
    const Verdict verdict = judge(code, transfer);
    response.error = Error{verdict.code, message_of(transfer, code)};
    response.fault = verdict.fault;
  } else if (!transfer.head.complete()) {
    response.error = Error{ErrorCode::kTransient, "the connection closed within the headers"};
    response.fault = NetworkFault::kBroken;
  } else if (transfer.decoder && !transfer.decoder->finished()) {
    response.error = Error{ErrorCode::kTransient, "the compressed body is cut off"};
    response.fault = NetworkFault::kBroken;
  }
  if (response.error) response.body.clear();
}

std::string effective_url(const Transfer& transfer) {
  const char* url = nullptr;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_EFFECTIVE_URL, &url);
  return url != nullptr && *url != '\0' ? url : transfer.request.url;
}

}  // namespace

HttpResponse response_of(Transfer& transfer, int code, const Clock& clock) {
  HttpResponse response;
  response.id = transfer.request.id;
  response.received_at = clock.utc();
  response.took = std::chrono::duration_cast<milliseconds>(clock.monotonic() - transfer.started);
  response.status = transfer.head.status();
  response.url = effective_url(transfer);
  response.permanent_url = transfer.head.permanent_url();
  response.content_type = transfer.head.content_type();
  response.etag = transfer.head.etag();
  response.last_modified = transfer.head.last_modified();
  response.retry_after = transfer.head.retry_after(response.received_at);
  response.max_age = transfer.head.max_age(response.received_at);
  response.body = std::move(transfer.body);
  set_error(response, transfer, static_cast<CURLcode>(code));
  return response;
}

HttpResponse failed_start(const HttpRequest& request, const Clock& clock) {
  HttpResponse response;
  response.id = request.id;
  response.url = response.permanent_url = request.url;
  response.received_at = clock.utc();
  response.error = Error{ErrorCode::kTransient, "libcurl could not begin the transfer"};
  return response;
}

}  // namespace nutgraf
