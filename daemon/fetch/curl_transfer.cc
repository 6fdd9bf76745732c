#include "daemon/fetch/curl_transfer.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <string_view>

#include "daemon/base/ascii.h"
#include "daemon/fetch/address_guard.h"
#include "daemon/fetch/destination.h"

namespace nutgraf {

using std::chrono::milliseconds;

namespace {

/// Of all hops together, interim responses and trailers included: a server that never stops
/// sending headers is cut off here.
constexpr std::size_t kMaxHeaderBytes = 256 << 10;

/// Memory that a Content-Length gets in advance.
constexpr std::size_t kPromised = 256 << 10;

/// Read of a redirect's body, so that its connection can be kept; more is not worth it.
constexpr std::size_t kSkipped = 64 << 10;

/// What a connection may bring beyond that: the handshake, and what says nothing of a response. A
/// PING of HTTP/2, which has to be answered, has 17 bytes and costs 2 us.
constexpr std::uint64_t kIdleTalk = 256 << 10;

/// Turns of libcurl's work on a transfer from one look at what its connection has brought to the
/// next. A small response takes eight, and so costs no look. A turn reads a buffer; with TLS, at
/// worst, a hundred records of 16 KB.
constexpr unsigned kTurns = 12;

/// A feed in one or two reads, where libcurl's default takes four.
constexpr long kReceiveBuffer = 64 << 10;

/// Of the places for idle connections, answers that bring nothing leave half to those that more
/// requests follow, as pages follow a feed.
bool worth_keeping(const Transfer& transfer) {
  const auto places =
      static_cast<std::size_t>(std::max(0L, transfer.options->max_idle_connections));
  return transfer.sockets->idle(*transfer.busy) <
         (transfer.head.status() == 304 ? (places + 1) / 2 : places);
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* data) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  const std::size_t length = size * count;
  transfer.resolving = false;
  transfer.header_bytes += length;
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.error = Error{ErrorCode::kTooLarge, "endless headers"};
    return 0;
  }
  transfer.head.read_line({bytes, length});
  // libcurl could make room itself, but looks at every connection and every host it ever had one
  // to: with thousands of hosts that costs more than the transfer.
  if (transfer.head.complete() && !worth_keeping(transfer)) {
    curl_easy_setopt(transfer.easy.get(), CURLOPT_FORBID_REUSE, 1L);
  }
  return length;
}

Result<void> decode(Transfer& transfer, std::string_view bytes) {
  if (!transfer.decoder) {
    auto decoder = ContentDecoder::create(transfer.head.content_encoding());
    if (!decoder) return tl::unexpected(decoder.error());
    transfer.decoder = std::move(*decoder);
    curl_off_t length = -1;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length > static_cast<curl_off_t>(transfer.request.max_body)) {
      return tl::unexpected(body_too_large(transfer.request.max_body));
    }
    // Only as far as a feed usually goes: a mere promise must not cost memory.
    if (length > 0) transfer.body.reserve(std::min(static_cast<std::size_t>(length), kPromised));
  }
  // What is compressed can be endless and come to nothing: empty blocks, padding behind the end.
  if (transfer.received > transfer.request.max_body) {
    return tl::unexpected(body_too_large(transfer.request.max_body));
  }
  return transfer.decoder->decode(bytes, transfer.body, transfer.request.max_body);
}

bool follows(const Transfer& transfer) {
  return transfer.request.max_redirects > 0 && transfer.head.redirects();
}

/// What a response may take on its connection by now. Where every piece of ten bytes comes with a
/// frame and a record of TLS of its own, that is four times what it says; twice that may pass.
std::uint64_t most_on_the_wire(const Transfer& transfer) {
  const std::size_t body = follows(transfer) ? kSkipped : transfer.request.max_body;
  return std::min(2 * (std::uint64_t{body} + kMaxHeaderBytes),
                  kIdleTalk + 8 * (std::uint64_t{transfer.received} + transfer.header_bytes));
}

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* data) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  const std::size_t length = size * count;
  if (follows(transfer)) {
    transfer.received += length;
    return transfer.received > kSkipped ? 0 : length;
  }
  if (!transfer.budget->admit(transfer.easy.get())) return CURL_WRITEFUNC_PAUSE;
  transfer.received += length;
  const std::size_t before = transfer.body.size();
  const Result<void> done = decode(transfer, {bytes, length});
  transfer.budget->add(transfer.body.size() - before);
  if (done) return length;
  transfer.error = done.error();
  return length + 1;  // Anything but `length` aborts; 0 would not if the length is 0.
}

Error endless_framing() {
  return {ErrorCode::kTooLarge, "endless framing: more bytes around the body than a body may have"};
}

/// Ends a response that brings neither headers nor body, yet never stops: libcurl hands what it
/// skips, as the extension of a chunk or a PING of HTTP/2, to nobody.
int on_progress(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  transfer.tls_turn->bytes = 0;
  if (!transfer.asked || ++transfer.turns % kTurns != 0) return 0;
  const std::optional<std::uint64_t> read = transfer.sockets->read_from(transfer.connection);
  if (!read) return 0;
  if (!transfer.read_before) transfer.read_before = read;
  if (*read <= *transfer.read_before + most_on_the_wire(transfer)) return 0;
  if (!follows(transfer)) transfer.error = endless_framing();
  return 1;
}

/// Whether the address that is connected to is the server's, and to be judged. A proxy's is what
/// the operator wrote.
bool guarded(const HttpRequest& request) { return !request.allow_private && request.proxy.empty(); }

curl_socket_t on_open_socket(void* data, curlsocktype, curl_sockaddr* address) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  transfer.resolving = false;
  if (guarded(transfer.request) && !is_public_address(address->addr)) {
    transfer.refused = true;
    return CURL_SOCKET_BAD;
  }
  const int opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (opened == CURL_SOCKET_BAD) return opened;
  transfer.sockets->opened();
  transfer.opened.push_back(opened);
  return opened;
}

int on_close_socket(void* data, curl_socket_t socket) {
  static_cast<SocketBook*>(data)->closed(socket);
  return close(socket);
}

/// Whether a kept connection, for which no socket was opened, has something to say already.
bool speaks_unasked(Transfer& transfer, std::uint64_t ends, int local_port) {
  if (transfer.opened.empty()) return transfer.sockets->has_input(ends);
  transfer.sockets->connected(ends, transfer.opened, local_port);
  return false;
}

CURLcode on_tls(CURL*, void* context, void* data) {
  bound_turns(context, *static_cast<TlsTurn*>(data));
  return CURLE_OK;
}

const void* tls_of(CURL* easy) {
  curl_tlssessioninfo* session = nullptr;
  curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session);
  return session == nullptr ? nullptr : session->internals;
}

/// A kept connection opens no socket: one that a request with allow_private has opened must not
/// serve a request without it.
int on_connected(void* data, char* remote, char* local, int remote_port, int local_port) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  transfer.resolving = false;
  if (guarded(transfer.request) && !is_public_address(std::string_view(remote))) {
    transfer.refused = true;
    return CURL_PREREQFUNC_ABORT;
  }
  transfer.connection = SocketBook::ends(remote, remote_port, local, local_port);
  transfer.tls = tls_of(transfer.easy.get());
  // Another lay there, and was cut in its handshake: its transfer never knew it.
  if (transfer.tls_turn->cut == transfer.tls) transfer.tls_turn->cut = nullptr;
  transfer.turns = 0;
  transfer.read_before.reset();
  // A kept one has brought other responses before.
  if (!transfer.opened.empty()) transfer.read_before = 0;
  transfer.unasked = speaks_unasked(transfer, transfer.connection, local_port);
  transfer.asked = !transfer.unasked;
  return transfer.unasked ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/// A field that could smuggle in another one is not sent.
void add_field(HeaderList& list, std::string_view name, std::string_view value) {
  if (name.empty() || value.empty()) return;
  std::string line(name);
  line.append(": ").append(value);
  if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) return;
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return;
  (void)list.release();
  list.reset(longer);
}

HeaderList header_list(const HttpRequest& request) {
  HeaderList list;
  const auto& own = request.own.headers;
  const bool own_accept = std::any_of(own.begin(), own.end(), [](const auto& header) {
    return equals_ignoring_case(header.first, "accept");
  });
  if (!own_accept) add_field(list, "Accept", request.accept);
  add_field(list, "Accept-Encoding", kAcceptEncoding);
  add_field(list, "If-None-Match", request.etag);
  add_field(list, "If-Modified-Since", request.last_modified);
  for (const auto& [name, value] : own) add_field(list, name, value);
  return list;
}

void set_text(CURL* easy, CURLoption option, const std::string& value) {
  if (!value.empty()) curl_easy_setopt(easy, option, value.c_str());
}

void set_tls(CURL* easy, const OriginOptions& own, const CurlClientOptions& options) {
  set_text(easy, CURLOPT_CAINFO, own.ca_file.empty() ? options.ca_file : own.ca_file);
  set_text(easy, CURLOPT_SSLCERT, own.client_cert);
  set_text(easy, CURLOPT_SSLKEY, own.client_key);
  if (own.tls_verify) return;
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
}

void set_request(Transfer& transfer, milliseconds left) {
  CURL* easy = transfer.easy.get();
  const HttpRequest& request = transfer.request;
  transfer.headers = header_list(request);
  curl_easy_setopt(easy, CURLOPT_URL, transfer.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  set_text(easy, CURLOPT_USERAGENT, request.user_agent);
  set_text(easy, CURLOPT_USERPWD, request.own.userpwd);
  curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  // Empty, not unset: ignores the environment too.
  curl_easy_setopt(easy, CURLOPT_PROXY, request.proxy.c_str());
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
                   request.http1_only ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS);
  // Not max_body, which is no concern of a redirect's. But a length beyond all numbers is an error
  // then, where it would be "until the connection closes".
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, std::numeric_limits<curl_off_t>::max());
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, transfer.fresh ? 1L : 0L);
  // 0 would mean for ever.
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(left.count())));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
}

void set_policy(CURL* easy, const CurlClientOptions& options) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  // An abandoned look-up would block perform() until the resolver answers.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);  // A proxy's are not the server's.
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, options.low_speed_bytes_per_second);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.low_speed_time.count()));
}

void set_callbacks(Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
  static_assert(sizeof transfer.message == CURL_ERROR_SIZE);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.message.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  // Called when the transfer is long gone, too.
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, transfer.sockets);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, transfer.tls_turn);
}

}  // namespace

void FreeEasy::operator()(void* easy) const { curl_easy_cleanup(easy); }
void FreeList::operator()(curl_slist* list) const { curl_slist_free_all(list); }

bool set_up(Transfer& transfer, const CurlClientOptions& options, milliseconds left) {
  const HttpRequest& request = transfer.request;
  if (!request.proxy.empty() && !request.allow_private && !is_public_destination(transfer.url)) {
    transfer.error = Error{ErrorCode::kRefused, "the host is not public (see allow_private)"};
    return false;
  }
  set_policy(transfer.easy.get(), options);
  set_request(transfer, left);
  set_tls(transfer.easy.get(), request.own, options);
  set_callbacks(transfer);
  return true;
}

void cut_off(Transfer& transfer) {
  if (transfer.tls == nullptr || transfer.tls_turn->cut != transfer.tls) return;
  transfer.tls_turn->cut = nullptr;
  if (!transfer.error && !follows(transfer)) transfer.error = endless_framing();
}

bool retreat(Transfer& transfer) {
  if (!std::exchange(transfer.unasked, false) || transfer.fresh) return false;
  transfer.fresh = true;
  return true;
}

bool redirect(Transfer& transfer) {
  if (transfer.error || !follows(transfer)) return false;
  const int most = transfer.request.max_redirects;
  std::optional<std::string> next = redirect_target(transfer.url, transfer.head.take_location());
  if (!next) {
    transfer.error = Error{ErrorCode::kMalformed, "a redirect to what is no URL"};
  } else if (transfer.hops >= most) {
    transfer.error = Error{ErrorCode::kTooLarge, "more than " + std::to_string(most) +
                                                     " redirects (fetch.max_redirects)"};
  } else {
    ++transfer.hops;
    if (!same_origin(transfer.url, *next)) transfer.request.own = {};
    transfer.url = *std::move(next);
    transfer.resolving = true;
    transfer.asked = false;
    transfer.opened.clear();
    transfer.fresh = false;
    transfer.received = 0;
  }
  return !transfer.error;
}

}  // namespace nutgraf
