#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/fetch/body_budget.h"
#include "daemon/fetch/conditional_get.h"
#include "daemon/fetch/content_decoder.h"
#include "daemon/fetch/curl_client.h"
#include "daemon/fetch/http_client.h"
#include "daemon/fetch/socket_book.h"
#include "daemon/fetch/tls_context.h"

/// Internal to CurlClient: one transfer on a handle of libcurl, from the request to its last byte.

struct curl_slist;

namespace nutgraf {

struct FreeEasy {
  void operator()(void* easy) const;
};
struct FreeList {
  void operator()(curl_slist* list) const;
};
using Easy = std::unique_ptr<void, FreeEasy>;  ///< libcurl's CURL is void.
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

/// One transfer at work. Its address is given to libcurl, so it does not move.
struct Transfer {
  Transfer(HttpRequest wanted, std::string first_host)
      : request(std::move(wanted)), host(std::move(first_host)), url(request.url), head(url) {}

  // The client's.
  BodyBudget* budget = nullptr;
  SocketBook* sockets = nullptr;
  TlsTurn* tls_turn = nullptr;
  const std::size_t* busy = nullptr;  // Transfers at work; each has a socket, or is about to.
  const CurlClientOptions* options = nullptr;

  HttpRequest request;
  const std::string host;  // Of the request's URL.
  std::string url;         // Of the hop.
  int hops = 0;            // Redirects followed.
  ResponseHead head;
  std::unique_ptr<ContentDecoder> decoder;
  std::string body;
  std::size_t header_bytes = 0;
  std::size_t received = 0;    // Of the hop's body, before it is decompressed.
  std::optional<Error> error;  // Our own reason to abort.
  bool refused = false;        // An address was refused.
  bool resolving = true;
  bool asked = false;                        // This hop's request was about to go out.
  std::vector<int> opened;                   // Sockets, for this hop.
  std::uint64_t connection = 0;              // Of this hop, once it has asked: SocketBook::ends().
  unsigned turns = 0;                        // Of libcurl's work, since it has asked.
  const void* tls = nullptr;                 // Of the connection; null: plain HTTP. Only compared.
  std::optional<std::uint64_t> read_before;  // From the connection, at the first look.
  bool unasked = false;                      // The kept connection had spoken before it was asked.
  bool fresh = false;                        // No kept connection will do.
  std::array<char, 256> message{};           // CURL_ERROR_SIZE
  HeaderList headers;
  Easy easy;
  Monotonic started{};
};

/// Makes the transfer's handle, which is new or has been reset, ready to ask for transfer.url.
/// `left` is what remains of the timeout. False if the URL is not to be asked for; transfer.error
/// says why.
bool set_up(Transfer& transfer, const CurlClientOptions& options, std::chrono::milliseconds left);

/// If the transfer has ended because TLS brought too much in one turn, transfer.error says so,
/// unless it redirects.
void cut_off(Transfer& transfer);

/// If the transfer has ended because its kept connection could not be trusted, makes it ready to
/// ask on a new one. False otherwise; true once for each hop at most.
bool retreat(Transfer& transfer);

/// If the response that has ended only says where to go on, makes that transfer.url, and takes from
/// the request what is not meant for it. False: there is nowhere to go, perhaps for transfer.error.
bool redirect(Transfer& transfer);

}  // namespace nutgraf
