#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nutgraf {

/// Whether two URLs have one origin (scheme, host, port) in libcurl's own reading of them: what is
/// asked before a secret goes along must not differ from where the request then goes. False if it
/// cannot read one of them. Any thread.
bool same_origin(const std::string& a, const std::string& b);

/// Where a Location header of `base` leads, as libcurl would follow it; nullopt if it leads
/// nowhere.
std::optional<std::string> redirect_target(const std::string& base, const std::string& location);

/// Whether a URL may be asked for through a proxy, which looks names up itself, so that no address
/// is seen here: the best that can be told from the host as it is written. False for literals that
/// are not public in any notation libcurl or a proxy may know (127.0.0.1, 2130706433, 0x7f.1,
/// [::ffff:10.0.0.1]), for names of the local network (localhost, .local, .internal, .home.arpa,
/// names without a dot), for hosts that are not ASCII, and for what is no URL. A public name that
/// resolves to a private address at the proxy passes: only the proxy can refuse it. Any thread.
bool is_public_destination(const std::string& url);

}  // namespace nutgraf
