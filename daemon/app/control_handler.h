#pragma once

#include <memory>
#include <string>

#include "daemon/app/app.h"
#include "daemon/store/log_reader.h"

namespace nutgraf {

/// Answers the control socket's requests [service/control.h] from the app. On the control server's
/// thread only.
class ControlHandler {
 public:
  static Result<std::unique_ptr<ControlHandler>> create(App& app);

  std::string answer(const std::string& request);

 private:
  ControlHandler(App& app, std::unique_ptr<LogReader> reader);

  App& app_;
  std::unique_ptr<LogReader> reader_;
};

/// Whether the daemon does its work, for /healthz and the watchdog's STATUS line.
struct Health {
  bool ok = true;
  std::string text;
};
Health health_of(const App& app);

/// What of it the figures tell: a store that refuses, feeds that cannot be read, no poll that
/// succeeds, feeds that wait for their turn. Pure.
Health health_of(const Metrics& metrics, Time started, Time now);

}  // namespace nutgraf
