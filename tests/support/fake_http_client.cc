#include "tests/support/fake_http_client.h"

#include <utility>

namespace nutgraf {

void FakeHttpClient::script(const std::string& url, HttpResponse response) {
  const std::lock_guard lock(mutex_);
  scripts_[url].push_back(std::move(response));
}

void FakeHttpClient::serve(const std::string& url, std::string body, std::string content_type,
                           std::string etag) {
  HttpResponse response;
  response.status = 200;
  response.body = std::move(body);
  response.content_type = std::move(content_type);
  response.etag = std::move(etag);
  script(url, std::move(response));
}

void FakeHttpClient::hold(bool held) {
  const std::lock_guard lock(mutex_);
  held_ = held;
}

std::vector<HttpRequest> FakeHttpClient::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void FakeHttpClient::forget() {
  const std::lock_guard lock(mutex_);
  requests_.clear();
}

int FakeHttpClient::wakes() const {
  const std::lock_guard lock(mutex_);
  return wakes_;
}

void FakeHttpClient::start(HttpRequest request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  in_flight_.push_back(std::move(request));
}

std::vector<HttpResponse> FakeHttpClient::wait(std::chrono::milliseconds) {
  const std::lock_guard lock(mutex_);
  std::vector<HttpResponse> responses;
  if (held_) return responses;
  for (const HttpRequest& request : in_flight_) responses.push_back(answer(request));
  in_flight_.clear();
  return responses;
}

HttpResponse FakeHttpClient::answer(const HttpRequest& request) {
  HttpResponse response;
  response.status = 404;
  if (const auto found = scripts_.find(request.url); found != scripts_.end()) {
    std::deque<HttpResponse>& script = found->second;
    response = script.front();
    if (script.size() > 1) script.pop_front();
  }
  response.id = request.id;
  if (response.url.empty()) response.url = request.url;
  if (response.permanent_url.empty()) response.permanent_url = request.url;
  return response;
}

std::size_t FakeHttpClient::in_flight() const {
  const std::lock_guard lock(mutex_);
  return in_flight_.size();
}

void FakeHttpClient::abandon() {
  const std::lock_guard lock(mutex_);
  in_flight_.clear();
}

void FakeHttpClient::wake() {
  const std::lock_guard lock(mutex_);
  ++wakes_;
}

}  // namespace nutgraf
