#include "daemon/fetch/curl_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "daemon/base/hash.h"
#include "daemon/base/url.h"
#include "daemon/fetch/body_budget.h"
#include "daemon/fetch/curl_outcome.h"
#include "daemon/fetch/curl_transfer.h"
#include "daemon/fetch/socket_watch.h"

namespace nutgraf {

using std::chrono::milliseconds;

namespace {

struct FreeMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using Multi = std::unique_ptr<CURLM, FreeMulti>;

struct FreeShare {
  void operator()(CURLSH* share) const { curl_share_cleanup(share); }
};
using Share = std::unique_ptr<CURLSH, FreeShare>;

/// Caches of looked-up names, each for its part of the hosts. libcurl walks through the whole of a
/// cache at the end of every transfer: with thousands of hosts that costs more than the transfer.
constexpr std::size_t kNameCaches = 256;

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
      : clock(the_clock),
        options(the_options),
        multi(curl_multi_init()),
        budget(the_options.max_buffered) {
    // Never reached: worth_keeping() decides.
    curl_multi_setopt(
        multi.get(), CURLMOPT_MAXCONNECTS,
        std::max(1L, options.max_idle_connections) + static_cast<long>(options.max_active));
    curl_multi_setopt(multi.get(), CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi.get(), CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi.get(), CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi.get(), CURLMOPT_TIMERDATA, this);
    for (Share& share : names) {
      share.reset(curl_share_init());
      curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    }
    // One transfer at a time on a connection of HTTP/2, too. With several, libcurl 7.88 stalls the
    // others when one is paused, and can end them as complete with a body of the wrong length.
    curl_multi_setopt(multi.get(), CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  }
  ~Impl() { abandon(); }

  void admit();
  void begin(Waiting next);
  void drive(Monotonic until);
  void collect();
  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long ms, void* self);
  void resume();
  void end(CURL* easy, CURLcode code);
  bool ask(std::unique_ptr<Transfer>& transfer);
  void abandon();
  std::size_t resolving() const;
  bool host_is_full(const Waiting& next) const;
  void leave_host(const std::string& host);
  Easy take_easy();
  CURLSH* names_of(const Transfer& transfer) const;

  const GlobalInit global;
  const Clock& clock;
  const CurlClientOptions options;
  SocketBook sockets;
  TlsTurn tls_turn;
  SocketWatch watch;
  std::optional<Monotonic> timer;  // When libcurl wants to be called in any case.
  std::size_t busy = 0;
  std::array<Share, kNameCaches> names;
  const Multi multi;
  BodyBudget budget;
  std::deque<Waiting> waiting;
  std::unordered_map<std::string, long> active_by_host;  // Of the first hop.
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> active;
  std::vector<Easy> spare;  // Finished handles: cheaper to reset than to make.
  std::vector<HttpResponse> finished;
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

CURLSH* CurlClient::Impl::names_of(const Transfer& transfer) const {
  const std::uint64_t hash = hash64(transfer.hops == 0 ? transfer.host : host_of(transfer.url));
  return names[hash % kNameCaches].get();
}

bool CurlClient::Impl::host_is_full(const Waiting& next) const {
  const auto found = active_by_host.find(next.host);
  return found != active_by_host.end() &&
         found->second >= std::max(options.max_host_connections, next.request.host_limit);
}

/// Moves waiting requests to work as far as the bounds allow, in order but for hosts that are full.
/// libcurl would queue those too, but with their timeouts running and a look-up slot in hand.
void CurlClient::Impl::admit() {
  std::size_t looking_up = waiting.empty() ? 0 : resolving();
  for (auto next = waiting.begin(); next != waiting.end();) {
    if (active.size() >= options.max_active || looking_up >= options.max_resolving) return;
    if (host_is_full(*next)) {
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
  transfer->sockets = &sockets;
  transfer->tls_turn = &tls_turn;
  transfer->busy = &busy;
  transfer->options = &options;
  transfer->budget = &budget;
  transfer->easy = take_easy();
  const std::string host_of_first = transfer->host;
  if (ask(transfer)) ++active_by_host[host_of_first];
}

/// Sends the transfer, or its next hop, on its way. False: it has ended before.
bool CurlClient::Impl::ask(std::unique_ptr<Transfer>& transfer) {
  CURL* easy = transfer->easy.get();
  const auto left = transfer->request.timeout -
                    std::chrono::duration_cast<milliseconds>(clock.monotonic() - transfer->started);
  if (easy == nullptr) {
    finished.push_back(failed_start(transfer->request, clock));
  } else if (!set_up(*transfer, options, left)) {
    finished.push_back(response_of(*transfer, CURLE_OK, clock));
  } else if (curl_easy_setopt(easy, CURLOPT_SHARE, names_of(*transfer)) != CURLE_OK ||
             curl_multi_add_handle(multi.get(), easy) != CURLM_OK) {
    finished.push_back(failed_start(transfer->request, clock));
  } else {
    ++busy;
    active.emplace(easy, std::move(transfer));
    return true;
  }
  return false;
}

void CurlClient::Impl::leave_host(const std::string& host) {
  const auto found = active_by_host.find(host);
  if (found != active_by_host.end() && --found->second == 0) active_by_host.erase(found);
}

int CurlClient::Impl::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  const bool in = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
  const bool out = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
  static_cast<Impl*>(self)->watch.want(socket, in, out);
  return 0;
}

int CurlClient::Impl::on_timer(CURLM*, long ms, void* self) {
  std::optional<Monotonic>& timer = static_cast<Impl*>(self)->timer;
  timer.reset();
  if (ms >= 0) timer = std::chrono::steady_clock::now() + milliseconds(ms);
  return 0;
}

/// Waits until `until` at most, and lets libcurl do what can be done. Not curl_multi_perform():
/// that goes through all transfers, with a system call for each, whichever of them has news.
void CurlClient::Impl::drive(Monotonic until) {
  const Monotonic wake_up = timer ? std::min(until, *timer) : until;
  const auto left = std::chrono::ceil<milliseconds>(wake_up - std::chrono::steady_clock::now());
  int running = 0;
  for (const SocketWatch::Ready& ready : watch.wait(std::max(left, milliseconds(0)))) {
    const int what = (ready.in ? CURL_CSELECT_IN : 0) | (ready.out ? CURL_CSELECT_OUT : 0);
    tls_turn.bytes = 0;
    curl_multi_socket_action(multi.get(), ready.socket, what, &running);
  }
  if (timer && *timer <= std::chrono::steady_clock::now()) {
    timer.reset();
    curl_multi_socket_action(multi.get(), CURL_SOCKET_TIMEOUT, 0, &running);
  }
  collect();
}

void CurlClient::Impl::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    end(message->easy_handle, message->data.result);
  }
}

void CurlClient::Impl::end(CURL* easy, CURLcode code) {
  auto node = active.extract(easy);
  if (node.empty()) return;
  std::unique_ptr<Transfer> transfer = std::move(node.mapped());
  --busy;
  const std::string host_of_first = transfer->host;
  cut_off(*transfer);
  // However the body of a redirect ends: some servers promise one and close.
  if (retreat(*transfer) || (code != CURLE_OPERATION_TIMEDOUT && redirect(*transfer))) {
    curl_multi_remove_handle(multi.get(), easy);
    curl_easy_reset(easy);
    if (!ask(transfer)) leave_host(host_of_first);
    return;
  }
  leave_host(host_of_first);
  budget.leave(easy, transfer->body.size());
  finished.push_back(response_of(*transfer, code, clock));
  curl_multi_remove_handle(multi.get(), easy);
  spare.push_back(std::move(transfer->easy));
}

/// Lets paused transfers go on as far as there is room. What libcurl kept back of a body comes to
/// on_body within curl_easy_pause(), which can pause it again.
void CurlClient::Impl::resume() {
  while (CURL* easy = budget.resume()) {
    const CURLcode code = curl_easy_pause(easy, CURLPAUSE_CONT);
    // libcurl forgets that on_body refused a piece, and would go on behind it.
    if (code != CURLE_OK) end(easy, code);
  }
}

void CurlClient::Impl::abandon() {
  for (auto& [easy, transfer] : active) {
    budget.leave(easy, transfer->body.size());
    curl_multi_remove_handle(multi.get(), easy);
  }
  active.clear();
  busy = 0;
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
  do {
    impl.admit();
    impl.resume();
    impl.drive(impl.finished.empty() && !impl.woken ? deadline : Monotonic{});
  } while (impl.finished.empty() && !impl.woken.exchange(false) &&
           std::chrono::steady_clock::now() < deadline);
  return std::exchange(impl.finished, {});
}

std::size_t CurlClient::in_flight() const {
  return impl_->waiting.size() + impl_->active.size() + impl_->finished.size();
}

void CurlClient::abandon() { impl_->abandon(); }

void CurlClient::wake() {
  if (!impl_->woken.exchange(true)) impl_->watch.ring();
}

std::size_t CurlClient::sockets_opened() const { return impl_->sockets.ever_opened(); }

std::size_t CurlClient::buffered() const { return impl_->budget.bytes(); }

std::size_t CurlClient::paused() const { return impl_->budget.paused(); }

}  // namespace nutgraf
