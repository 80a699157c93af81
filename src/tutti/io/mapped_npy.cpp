#include "tutti/io/mapped_npy.hpp"

#include <optional>

#include "tutti/comm/agree.hpp"
#include "tutti/comm/node_memory.hpp"
#include "tutti/core/error.hpp"
#include "tutti/core/hash.hpp"
#include "tutti/io/npy_file.hpp"

namespace tutti::io {

namespace {

constexpr comm::Operation open_operation{"map .npy"};
constexpr comm::Operation map_operation{"mapped .npy"};

// Whether the bytes of the file can be used as they are.
void require_as_in_memory(const ArrayFile& file, ElementType type, std::size_t alignment) {
  const DataType wanted = native_type(type);
  const char* const remedy = "; read it with read_npy(), or into a NodeShared";
  if (file.type() != wanted)
    throw FormatError(text(file.path(), ": holds ", file.type().text(), " (", element_name(file.type().type),
                           "), and only ", wanted.text(), " can be mapped as ", element_name(type), remedy),
                      {file.path(), {}});
  if (file.fortran_order())
    throw FormatError(text(file.path(), ": is in Fortran order, and only C order can be mapped", remedy),
                      {file.path(), {}});
  if (file.data_offset() % static_cast<Index>(alignment) != 0)
    throw FormatError(text(file.path(), ": its numbers begin at byte ", file.data_offset(),
                           ", which is no multiple of ", alignment, remedy),
                      {file.path(), {file.data_offset(), 0}});
}

}  // namespace

MappedNumbers map_npy(const World& world, const std::string& path, ElementType type, std::size_t alignment,
                      Site site) {
  MappedNumbers numbers;
  std::optional<ArrayFile> file;
  const comm::ElementName element{element_name(type), core::hash(element_name(type)), element_size(type)};
  comm::Call open{open_operation, site, element};
  open.note = path;
  memory::Holding holding;
  comm::agree(world, open, [&] {
    file.emplace(open_npy(path));
    require_as_in_memory(*file, type, alignment);
    numbers.size = file->size();
    numbers.shape = file->shape();
    numbers.data_offset = file->data_offset();
    const auto bytes = static_cast<std::uint64_t>(numbers.size) * element.bytes;
    holding = {
        path + " (page cache)", memory::Category::node_shared, 0, bytes, numbers.size, element.bytes, {}};
  });
  // The system takes the page cache back where memory is short: so it is seen in the books, and refused by no
  // budget.
  numbers.booking = world.ledger().enter(std::move(holding));
  // The ranks of other nodes may see another file under this path.
  const std::string seen = text(path, " ", shape_text(numbers.shape));
  comm::Call map{map_operation, site, element, numbers.size};
  map.note = seen;
  map.detail = core::hash(shape_text(numbers.shape));
  comm::agree(world, map, [&] {
    const Index end = numbers.data_offset + numbers.size * static_cast<Index>(element.bytes);
    numbers.mapping = files::Mapping(file->input(), static_cast<std::size_t>(end));
    file->require_unchanged();
  });
  return numbers;
}

}  // namespace tutti::io
