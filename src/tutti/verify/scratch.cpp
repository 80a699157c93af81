#include "tutti/verify/scratch.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "tutti/core/environment.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::verify {

Scratch::Scratch() {
  std::string path = environment_text("TMPDIR").value_or("/tmp") + "/tutti-verify-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    const int error = errno;
    throw OutputError(text(printable(path), ": ", errno_text(error), "; name a folder for outputs by TMPDIR"),
                      {path, {error, 0}});
  }
  folder_ = path;
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Scratch::remove(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

void Scratch::take(const std::string& from, const std::string& name) const {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::rename(from, path(name), error);
  if (!error) return;
  error.clear();
  fs::copy_file(from, path(name), fs::copy_options::overwrite_existing, error);
  if (!error) fs::remove(from, error);
  if (error)
    throw IoError(text(printable(from), ": cannot be moved to ", path(name), ": ", error.message()),
                  {from, {error.value(), 0}});
}

}  // namespace tutti::verify
