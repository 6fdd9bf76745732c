#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace nutgraf {

/// A folder of configuration files that goes with the test.
class ConfigFiles : public ::testing::Test {
 protected:
  ConfigFiles() {
    std::string name = (std::filesystem::temp_directory_path() / "nutgraf-config-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ConfigFiles() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return path.string();
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace nutgraf
