#include "daemon/fetch/curl_client.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "daemon/base/url.h"
#include "daemon/fetch/address_guard.h"
#include "daemon/fetch/conditional_get.h"
#include "daemon/fetch/content_decoder.h"

namespace nutgraf {

using std::chrono::milliseconds;

namespace {

/// Of all hops together, interim responses and trailers included: a server that never stops
/// sending headers is cut off here.
constexpr std::size_t kMaxHeaderBytes = 256 * 1024;

/// Memory that a Content-Length gets in advance.
constexpr std::size_t kPromised = 256 * 1024;

/// A feed in one or two reads, where libcurl's default takes four.
constexpr long kReceiveBuffer = 64 * 1024;

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using Multi = std::unique_ptr<CURLM, FreeMulti>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

/// One transfer at work. Its address is given to libcurl, so it does not move.
struct Transfer {
  Transfer(HttpRequest wanted, std::string first_host)
      : request(std::move(wanted)), host(std::move(first_host)), head(request.url) {}

  HttpRequest request;
  const std::string host;  // Of the request's URL.
  ResponseHead head;
  std::unique_ptr<ContentDecoder> decoder;
  std::string body;
  std::size_t header_bytes = 0;
  std::optional<Error> error;  // Our own reason to abort.
  bool refused = false;        // An address was refused.
  bool resolving = true;
  bool asked = false;  // A request was about to go out.
  std::size_t* sockets_opened = nullptr;
  std::array<char, CURL_ERROR_SIZE> message{};
  HeaderList headers;
  Easy easy;
  Monotonic started{};
};

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
  const Result<void> done = decode(transfer, {bytes, length});
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

struct Verdict {
  ErrorCode code;
  NetworkFault fault;
};

NetworkFault stage_of_timeout(CURL* easy) {
  curl_off_t looked_up = 0;
  curl_off_t connected = 0;
  curl_easy_getinfo(easy, CURLINFO_NAMELOOKUP_TIME_T, &looked_up);
  curl_easy_getinfo(easy, CURLINFO_CONNECT_TIME_T, &connected);
  if (connected > 0) return NetworkFault::kTimeout;
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
      return {ErrorCode::kTransient, stage_of_timeout(transfer.easy.get())};
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

void set_error(HttpResponse& response, const Transfer& transfer, CURLcode code) {
  if (transfer.error) {
    response.error = transfer.error;
  } else if (transfer.refused && code != CURLE_OK) {
    response.error = Error{ErrorCode::kRefused, "the address is not public (see allow_private)"};
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

HttpResponse response_of(Transfer& transfer, CURLcode code, const Clock& clock) {
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
  set_error(response, transfer, code);
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

/// libcurl's process-wide state; counted by libcurl itself.
struct GlobalInit {
  GlobalInit() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~GlobalInit() { curl_global_cleanup(); }
  GlobalInit(const GlobalInit&) = delete;
  GlobalInit& operator=(const GlobalInit&) = delete;
};

}  // namespace

struct CurlClient::Impl {
  struct Waiting {
    HttpRequest request;
    std::string host;
  };

  Impl(const Clock& the_clock, const CurlClientOptions& the_options)
      : clock(the_clock), options(the_options), multi(curl_multi_init()) {
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, options.max_idle_connections);
    curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  }
  ~Impl() { abandon(); }

  void admit();
  void begin(Waiting next);
  void perform();
  void collect();
  void abandon();
  std::size_t resolving() const;
  bool host_is_full(const std::string& host) const;
  void leave_host(const std::string& host);
  Easy take_easy();

  const GlobalInit global;
  const Clock& clock;
  const CurlClientOptions options;
  const Multi multi;
  std::deque<Waiting> waiting;
  std::unordered_map<std::string, long> active_by_host;  // Of the first hop.
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> active;
  std::vector<Easy> spare;  // Finished handles: cheaper to reset than to make.
  std::vector<HttpResponse> finished;
  std::size_t sockets_opened = 0;
  std::atomic<bool> woken{false};
};

std::size_t CurlClient::Impl::resolving() const {
  return static_cast<std::size_t>(std::count_if(
      active.begin(), active.end(), [](const auto& item) { return item.second->resolving; }));
}

Easy CurlClient::Impl::take_easy() {
  if (spare.empty()) return Easy(curl_easy_init());
  Easy easy = std::move(spare.back());
  spare.pop_back();
  curl_easy_reset(easy.get());
  return easy;
}

bool CurlClient::Impl::host_is_full(const std::string& host) const {
  const auto found = active_by_host.find(host);
  return found != active_by_host.end() && found->second >= options.max_host_connections;
}

/// Moves waiting requests to work as far as the bounds allow, in order but for hosts that are full.
/// libcurl would queue those too, but with their timeouts running and a look-up slot in hand.
void CurlClient::Impl::admit() {
  std::size_t looking_up = waiting.empty() ? 0 : resolving();
  for (auto next = waiting.begin(); next != waiting.end();) {
    if (active.size() >= options.max_active || looking_up >= options.max_resolving) return;
    if (host_is_full(next->host)) {
      ++next;
      continue;
    }
    Waiting taken = std::move(*next);
    next = waiting.erase(next);
    begin(std::move(taken));
    ++looking_up;
  }
}

void CurlClient::Impl::begin(Waiting next) {
  auto transfer = std::make_unique<Transfer>(std::move(next.request), std::move(next.host));
  transfer->started = clock.monotonic();
  transfer->sockets_opened = &sockets_opened;
  transfer->easy = take_easy();
  CURL* easy = transfer->easy.get();
  if (easy != nullptr) {
    set_policy(easy, options);
    set_request(*transfer, options);
    set_callbacks(*transfer);
    if (curl_multi_add_handle(multi.get(), easy) == CURLM_OK) {
      ++active_by_host[transfer->host];
      active.emplace(easy, std::move(transfer));
      return;
    }
  }
  finished.push_back(failed_start(transfer->request, clock));
}

void CurlClient::Impl::leave_host(const std::string& host) {
  const auto found = active_by_host.find(host);
  if (found != active_by_host.end() && --found->second == 0) active_by_host.erase(found);
}

void CurlClient::Impl::perform() {
  int running = 0;
  curl_multi_perform(multi.get(), &running);
  collect();
}

void CurlClient::Impl::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    auto node = active.extract(message->easy_handle);
    if (node.empty()) continue;
    Transfer& transfer = *node.mapped();
    leave_host(transfer.host);
    finished.push_back(response_of(transfer, code, clock));
    curl_multi_remove_handle(multi.get(), transfer.easy.get());
    spare.push_back(std::move(transfer.easy));
  }
}

void CurlClient::Impl::abandon() {
  for (auto& [easy, transfer] : active) curl_multi_remove_handle(multi.get(), easy);
  active.clear();
  active_by_host.clear();
  waiting.clear();
  finished.clear();
}

CurlClient::CurlClient(const Clock& clock, const CurlClientOptions& options)
    : impl_(std::make_unique<Impl>(clock, options)) {}

CurlClient::~CurlClient() = default;

void CurlClient::start(HttpRequest request) {
  std::string host = host_of(request.url);
  impl_->waiting.push_back({std::move(request), std::move(host)});
}

std::vector<HttpResponse> CurlClient::wait(milliseconds timeout) {
  Impl& impl = *impl_;
  const Monotonic deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    impl.admit();
    impl.perform();
    if (!impl.finished.empty() || impl.woken.exchange(false)) break;
    const auto left = std::chrono::ceil<milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    curl_multi_poll(impl.multi.get(), nullptr, 0, static_cast<int>(left.count()), nullptr);
  }
  return std::exchange(impl.finished, {});
}

std::size_t CurlClient::in_flight() const {
  return impl_->waiting.size() + impl_->active.size() + impl_->finished.size();
}

void CurlClient::abandon() { impl_->abandon(); }

void CurlClient::wake() {
  impl_->woken = true;
  curl_multi_wakeup(impl_->multi.get());
}

std::size_t CurlClient::sockets_opened() const { return impl_->sockets_opened; }

std::string curl_version_line() { return curl_version(); }

}  // namespace nutgraf
