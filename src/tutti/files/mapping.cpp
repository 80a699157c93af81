#include "tutti/files/mapping.hpp"

#include <cerrno>
#include <sys/mman.h>
#include <utility>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::files {

Mapping::Mapping(const InputFile& file, std::size_t bytes) : bytes_(bytes) {
  if (bytes > static_cast<std::size_t>(file.size()))
    throw InternalError(text(file.path(), ": ", bytes, " bytes were to be mapped, it has ", file.size()));
  if (bytes == 0) return;
  void* memory = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, file.descriptor().number(), 0);
  if (memory == MAP_FAILED)
    throw IoError(text(file.path(), ": it cannot be mapped: ", errno_text(errno), "; read it instead"),
                  {file.path(), {errno, 0}});
  data_ = static_cast<const std::byte*>(memory);
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

Mapping::~Mapping() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), bytes_);
}

}  // namespace tutti::files
