#include "daemon/fetch/curl_transfer.h"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <string_view>

#include "daemon/fetch/address_guard.h"

namespace nutgraf {

namespace {

/// Of all hops together, interim responses and trailers included: a server that never stops
/// sending headers is cut off here.
constexpr std::size_t kMaxHeaderBytes = 256 << 10;

/// Memory that a Content-Length gets in advance.
constexpr std::size_t kPromised = 256 << 10;

/// A feed in one or two reads, where libcurl's default takes four.
constexpr long kReceiveBuffer = 64 << 10;

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
  return length;
}

Result<void> decode(Transfer& transfer, std::string_view bytes) {
  if (!transfer.decoder) {
    auto decoder = ContentDecoder::create(transfer.head.content_encoding());
    if (!decoder) return tl::unexpected(decoder.error());
    transfer.decoder = std::move(*decoder);
    curl_off_t length = -1;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    // Only as far as a feed usually goes: a mere promise must not cost memory.
    if (length > 0) transfer.body.reserve(std::min(static_cast<std::size_t>(length), kPromised));
  }
  return transfer.decoder->decode(bytes, transfer.body, transfer.request.max_body);
}

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* data) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  const std::size_t length = size * count;
  if (!transfer.budget->admit(transfer.easy.get())) return CURL_WRITEFUNC_PAUSE;
  const std::size_t before = transfer.body.size();
  const Result<void> done = decode(transfer, {bytes, length});
  transfer.budget->add(transfer.body.size() - before);
  if (done) return length;
  transfer.error = done.error();
  return length + 1;  // Anything but `length` aborts; 0 would not if the length is 0.
}

curl_socket_t on_open_socket(void* data, curlsocktype, curl_sockaddr* address) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  transfer.resolving = false;
  if (!transfer.request.allow_private && !is_public_address(address->addr)) {
    transfer.refused = true;
    return CURL_SOCKET_BAD;
  }
  ++*transfer.sockets_opened;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// A kept connection opens no socket: one that a request with allow_private has opened must not
/// serve a request without it.
int on_connected(void* data, char* remote, char*, int, int) {
  Transfer& transfer = *static_cast<Transfer*>(data);
  transfer.resolving = false;
  transfer.asked = true;
  if (transfer.request.allow_private || is_public_address(std::string_view(remote))) {
    return CURL_PREREQFUNC_OK;
  }
  transfer.refused = true;
  return CURL_PREREQFUNC_ABORT;
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
  add_field(list, "Accept", request.accept);
  add_field(list, "Accept-Encoding", kAcceptEncoding);
  add_field(list, "If-None-Match", request.etag);
  add_field(list, "If-Modified-Since", request.last_modified);
  for (const auto& [name, value] : request.headers) add_field(list, name, value);
  return list;
}

void set_request(Transfer& transfer, const CurlClientOptions& options) {
  CURL* easy = transfer.easy.get();
  const HttpRequest& request = transfer.request;
  transfer.headers = header_list(request);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  if (!request.user_agent.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERAGENT, request.user_agent.c_str());
  }
  if (!request.userpwd.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERPWD, request.userpwd.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
  }
  if (!options.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, request.max_redirects > 0 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(std::max(0, request.max_redirects)));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
}

void set_policy(CURL* easy, const CurlClientOptions& options) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, kReceiveBuffer);
  // An abandoned look-up would block perform() until the resolver answers.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // Empty, not unset: ignores the environment too.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
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
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_connected);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
}

}  // namespace

void FreeEasy::operator()(void* easy) const { curl_easy_cleanup(easy); }
void FreeList::operator()(curl_slist* list) const { curl_slist_free_all(list); }

void set_up(Transfer& transfer, const CurlClientOptions& options) {
  set_policy(transfer.easy.get(), options);
  set_request(transfer, options);
  set_callbacks(transfer);
}

}  // namespace nutgraf
