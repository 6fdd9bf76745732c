#pragma once

#include "daemon/base/clock.h"
#include "daemon/fetch/curl_transfer.h"
#include "daemon/fetch/http_client.h"

/// Internal to CurlClient: what a transfer that is over means to the caller.

namespace nutgraf {

/// Of a transfer that ended with `code`, a CURLcode; takes its body, which is left out if there is
/// an error.
HttpResponse response_of(Transfer& transfer, int code, const Clock& clock);

/// Of a request that libcurl would not even begin.
HttpResponse failed_start(const HttpRequest& request, const Clock& clock);

}  // namespace nutgraf
