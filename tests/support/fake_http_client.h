#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/fetch/http_client.h"

namespace nutgraf {

/// A network that answers from a script. wait() returns at once with everything that was started;
/// a URL without a script answers 404. Thread-safe, so that a test may look on.
class FakeHttpClient final : public HttpClient {
 public:
  /// Responses for `url`, in order; the last one stays. `url` and `permanent_url` of the response
  /// are the request's if they are empty.
  void script(const std::string& url, HttpResponse response);

  /// A plain 200.
  void serve(const std::string& url, std::string body, std::string content_type,
             std::string etag = "");

  /// While held, requests stay in flight and wait() returns nothing.
  void hold(bool held);

  /// Everything that was asked, in order.
  std::vector<HttpRequest> requests() const;
  void forget();  ///< What was asked so far.
  int wakes() const;

  void start(HttpRequest request) override;
  std::vector<HttpResponse> wait(std::chrono::milliseconds timeout) override;
  std::size_t in_flight() const override;
  void abandon() override;
  void wake() override;

 private:
  HttpResponse answer(const HttpRequest& request);

  mutable std::mutex mutex_;
  std::map<std::string, std::deque<HttpResponse>> scripts_;
  std::vector<HttpRequest> requests_;
  std::vector<HttpRequest> in_flight_;
  bool held_ = false;
  int wakes_ = 0;
};

}  // namespace nutgraf
