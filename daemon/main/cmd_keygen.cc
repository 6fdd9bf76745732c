// nutgraf keygen: the keys of an encrypted wire.
#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <string>
#include <system_error>

#include "daemon/main/command.h"
#include "daemon/main/key_file.h"
#include "daemon/wire/curve.h"

namespace nutgraf::tool {
namespace {

int complain(const std::string& message, int code = kSomeFailed) {
  std::fprintf(stderr, "nutgraf keygen: %s\n", message.c_str());
  return code;
}

/// To the disk, for its owner alone; never over a file that is there. 0, or what errno said.
int write_secret(const std::string& path, const std::string& secret) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return errno;
  const std::string line = secret + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
                       ::fsync(fd) == 0;
  const int error = written ? 0 : errno;
  ::close(fd);
  if (!written) ::unlink(path.c_str());
  return error;
}

int show(const std::string& path) {
  const Result<std::string> secret = read_key(path, KeyKind::kSecret);
  if (!secret) return complain(secret.error().message, kNoInput);
  const Result<std::string> key = public_key_of(*secret);
  if (!key) return complain(key.error().message);
  std::cout << *key << '\n';
  return kOk;
}

int generate(const std::string& path) {
  const Result<CurveKeys> keys = new_curve_keys();
  if (!keys) return complain(keys.error().message);
  if (const int error = write_secret(path, keys->secret_key); error != 0) {
    return complain(
        path + ": " + std::generic_category().message(error) +
        (error == EEXIST ? "; a key is never overwritten (--public shows its public key)" : ""));
  }
  std::cout << keys->public_key << '\n';
  return kOk;
}

}  // namespace

void add_keygen(CLI::App& app, Run& run) {
  CLI::App* const command =
      app.add_subcommand("keygen", "Make a pair of keys for an encrypted wire");
  command->footer(
      "Writes the secret key to FILE, for its owner alone, and prints the public key. A file that "
      "is\n"
      "there is never overwritten.\n\n"
      "Examples:\n"
      "  nutgraf keygen /etc/nutgraf/curve.key     # the server's: wire.curve_key; print it to "
      "clients\n"
      "  nutgraf keygen ~/.config/nutgraf.key      # a client's: what is printed goes into the "
      "server's\n"
      "                                            # clients/NAME.toml as key = \"…\"\n"
      "  nutgraf keygen --public curve.key         # the public key of a secret one that is there");
  auto& path = run.keep<std::string>();
  bool& only_public = run.keep<bool>();
  command->add_option("FILE", path, "Where the secret key is kept")->required();
  command->add_flag("--public", only_public, "Print the public key of the secret one in FILE");
  command->callback(
      [&path, &only_public, &run] { run.exit_code = only_public ? show(path) : generate(path); });
}

}  // namespace nutgraf::tool
