#include "daemon/fetch/address_guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

namespace nutgraf {
namespace {

struct Case {
  const char* address;
  bool is_public;
};

constexpr Case kCases[] = {
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.1", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.254.0.0", false},
    {"169.254.255.255", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.0.0.8", false},
    {"192.0.1.0", true},
    {"192.0.2.0", false},
    {"192.0.2.255", false},
    {"192.0.3.0", true},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.100.7", false},
    {"203.0.113.7", false},
    {"223.255.255.255", true},
    {"224.0.0.1", false},
    {"240.0.0.1", false},
    {"255.255.255.255", false},
    {"::", false},
    {"::1", false},
    {"::10.0.0.1", false},
    {"::8.8.8.8", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:10.1.2.3", false},
    {"::ffff:8.8.8.8", true},
    {"::ffff:192.0.2.1", false},
    {"::ffff:192.0.1.2", true},
    {"2002:c000:201::", false},
    {"2002:c000:102::", true},
    {"64:ff9b::7f00:1", false},
    {"64:ff9b::8.8.8.8", true},
    {"64:ff9b:1::1", false},
    {"100::1", false},
    {"2001::1", false},
    {"2001:db8::1", false},
    {"2001:4860:4860::8888", true},
    {"2002:7f00:1::", false},
    {"2002:808:808::", true},
    {"2600::", true},
    {"3ffe::1", true},
    {"3fff::1", false},
    {"3fff:fff::1", false},
    {"3fff:1000::1", true},
    {"4000::1", false},
    {"5f00::1", false},
    {"1fff::1", false},
    {"fbff::1", false},
    {"::ffff:0:127.0.0.1", false},
    {"::ffff:0:8.8.8.8", false},
    {"fc00::1", false},
    {"fdff::1", false},
    {"fe80::1", false},
    {"fe80::1%lo", false},
    {"febf::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
};

bool judged_as_sockaddr(const std::string& literal) {
  sockaddr_storage storage{};
  auto* four = reinterpret_cast<sockaddr_in*>(&storage);
  auto* six = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, literal.c_str(), &four->sin_addr) == 1) {
    storage.ss_family = AF_INET;
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, literal.c_str(), &six->sin6_addr), 1) << literal;
    storage.ss_family = AF_INET6;
  }
  return is_public_address(reinterpret_cast<const sockaddr&>(storage));
}

TEST(AddressGuard, JudgesLiteralsAndSocketAddressesAlike) {
  for (const Case& c : kCases) {
    EXPECT_EQ(is_public_address(std::string_view(c.address)), c.is_public) << c.address;
    const std::string plain = std::string(c.address).substr(0, std::string(c.address).find('%'));
    EXPECT_EQ(judged_as_sockaddr(plain), c.is_public) << c.address;
  }
}

TEST(AddressGuard, WhatIsNoInternetAddressIsNotPublic) {
  sockaddr_storage local{};
  local.ss_family = AF_UNIX;
  EXPECT_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(local)));
  EXPECT_FALSE(is_public_address(std::string_view("example.org")));
  EXPECT_FALSE(is_public_address(std::string_view("")));
}

}  // namespace
}  // namespace nutgraf
