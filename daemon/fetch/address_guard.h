#pragma once

#include <string_view>

struct sockaddr;

namespace nutgraf {

/// True if the address is one that the public Internet routes to: neither loopback, private,
/// link-local, shared, multicast, documentation nor reserved [IANA special-purpose registries]; of
/// IPv6 only 2000::/3 is, whatever may be assigned elsewhere. Those that carry an IPv4 address
/// (v4-mapped, 64:ff9b::/96, 6to4) are judged by that one. Anything but AF_INET and AF_INET6 is not
/// public.
///
/// Asked about the very address that is about to be connected to, on every redirect hop: a check of
/// the name or of an earlier look-up can be evaded by DNS rebinding.
///
/// REQUIRES: `address` is a whole sockaddr_in or sockaddr_in6, as its family says.
bool is_public_address(const sockaddr& address);

/// The same for a literal as getnameinfo() prints it ("192.0.2.1", "fe80::1%eth0"); false if it is
/// none.
bool is_public_address(std::string_view literal);

}  // namespace nutgraf
