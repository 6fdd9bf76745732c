#pragma once

#include "daemon/base/result.h"
#include "daemon/config/config.h"
#include "daemon/wire/clients.h"

namespace nutgraf {

/// The server's key and its clients, from the files that [wire] names; nothing if it names none.
/// `curve_key` is a path, or a name in $CREDENTIALS_DIRECTORY. `clients` is a folder of NAME.toml:
///
///   key = "<public key, 40 characters>"
///   topics = ["story.en.", "feed."]      # prefixes; [""]: everything
///
/// kBadConfig lists all that is wrong, one line each with its file: a key that is none or that two
/// clients have, an unknown member, a secret that other users can read.
Result<WireSecurity> wire_security(const Config& config);

}  // namespace nutgraf
