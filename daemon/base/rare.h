#pragma once

#include <memory>
#include <utility>

namespace nutgraf {

/// A T that most of its owners leave at its default: one pointer, null as long as nobody edits it.
/// A value like T itself: copies are deep, and two are equal if what they stand for is.
template <typename T>
class Rare {
 public:
  Rare() = default;
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    Rare copy(other);
    std::swap(value_, copy.value_);
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  /// Null: the default.
  const T* get() const { return value_.get(); }
  T value() const { return value_ ? *value_ : T{}; }
  T& edit() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  /// Gives the memory back if nothing differs from the default any more.
  void settle() {
    if (value_ && *value_ == T{}) value_.reset();
  }

  friend bool operator==(const Rare& a, const Rare& b) {
    if (!a.value_ && !b.value_) return true;
    return a.value() == b.value();
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace nutgraf
