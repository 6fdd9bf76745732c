#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nutgraf {

/// A domain name in Unicode (UTF-8) as its ASCII form: "bücher.de" → "xn--bcher-kva.de". Mapping
/// and checks as browsers do them [UTS #46, non-transitional]. nullopt if the name has no such
/// form.
std::optional<std::string> domain_to_ascii(std::string_view domain);

}  // namespace nutgraf
