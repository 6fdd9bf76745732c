#pragma once

namespace nutgraf {

/// Visits a variant by a function for each of its alternatives: std::visit(Visitor{…}, variant).
template <typename... Functions>
struct Visitor : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Visitor(Functions...) -> Visitor<Functions...>;

}  // namespace nutgraf
