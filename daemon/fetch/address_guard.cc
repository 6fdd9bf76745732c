#include "daemon/fetch/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

namespace nutgraf {

namespace {

using Bytes16 = std::array<std::uint8_t, 16>;

struct Block4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t ip4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Block4 kDenied4[] = {
    {ip4(0, 0, 0, 0), 8},        // "This network"; 0.0.0.0 reaches the own machine.
    {ip4(10, 0, 0, 0), 8},       // Private.
    {ip4(100, 64, 0, 0), 10},    // Carrier-grade NAT.
    {ip4(127, 0, 0, 0), 8},      // Loopback.
    {ip4(169, 254, 0, 0), 16},   // Link-local; cloud metadata.
    {ip4(172, 16, 0, 0), 12},    // Private.
    {ip4(192, 0, 0, 0), 24},     // Protocol assignments.
    {ip4(192, 0, 2, 0), 24},     // Documentation.
    {ip4(192, 168, 0, 0), 16},   // Private.
    {ip4(198, 18, 0, 0), 15},    // Benchmarks.
    {ip4(198, 51, 100, 0), 24},  // Documentation.
    {ip4(203, 0, 113, 0), 24},   // Documentation.
    {ip4(224, 0, 0, 0), 3},      // Multicast, reserved, broadcast.
};

struct Block6 {
  Bytes16 network;
  int bits;
};

/// All that is routed yet; the rest, from loopback to multicast, is none of the Internet's.
/// [RFC 4291, section 2.4; RFC 3587]
constexpr Block6 kGlobal6{{0x20}, 3};
constexpr Block6 kDenied6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},  // Protocol assignments, Teredo among them.
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // Documentation.
    {{0x3f, 0xff, 0x00}, 20},        // Documentation, too [RFC 9637].
};

bool matches(const Bytes16& address, const Block6& block) {
  const auto whole = static_cast<std::size_t>(block.bits / 8);
  if (!std::equal(address.begin(), address.begin() + whole, block.network.begin())) return false;
  const int rest = block.bits % 8;
  return rest == 0 || (address[whole] ^ block.network[whole]) >> (8 - rest) == 0;
}

bool is_public4(std::uint32_t address) {
  return std::none_of(std::begin(kDenied4), std::end(kDenied4), [&](const Block4& block) {
    return (address ^ block.network) >> (32 - block.bits) == 0;
  });
}

std::uint32_t ip4_at(const Bytes16& address, std::size_t at) {
  return ip4(address[at], address[at + 1], address[at + 2], address[at + 3]);
}

bool is_public6(const Bytes16& address) {
  constexpr Block6 kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
  constexpr Block6 kNat64{{0x00, 0x64, 0xff, 0x9b}, 96};
  constexpr Block6 k6To4{{0x20, 0x02}, 16};
  if (matches(address, kMapped) || matches(address, kNat64)) return is_public4(ip4_at(address, 12));
  if (matches(address, k6To4)) return is_public4(ip4_at(address, 2));
  return matches(address, kGlobal6) &&
         std::none_of(std::begin(kDenied6), std::end(kDenied6),
                      [&](const Block6& block) { return matches(address, block); });
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    return is_public4(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    return is_public6(std::to_array(in.sin6_addr.s6_addr));
  }
  return false;
}

bool is_public_address(std::string_view literal) {
  const std::string text(literal.substr(0, literal.find('%')));
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return is_public4(ntohl(four.s_addr));
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) == 1) return is_public6(std::to_array(six.s6_addr));
  return false;
}

}  // namespace nutgraf
