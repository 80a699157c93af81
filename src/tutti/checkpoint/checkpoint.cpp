#include "tutti/checkpoint/checkpoint.hpp"

#include <algorithm>

#include "tutti/checkpoint/chunk_sums.hpp"
#include "tutti/checkpoint/damage.hpp"
#include "tutti/checkpoint/manifest.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/files/file.hpp"
#include "tutti/io/shared_text.hpp"
#include "tutti/io/two_phase.hpp"

namespace tutti {

namespace {

using checkpoint::ArrayAccess;
using checkpoint::ArrayForm;
using checkpoint::Manifest;

constexpr Index longest_manifest = Index{1} << 28U;  // of 100 TB

std::string contents_of(const files::InputFile& file) {
  if (file.size() > longest_manifest)
    throw FormatError(
        text(file.path(), ": is damaged: ", file.size(), " bytes are more than any manifest has"),
        {file.path(), {0, 0}});
  std::string contents(static_cast<std::size_t>(file.size()), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(contents)));
  return contents;
}

// The file of an array, which is as long as the manifest says and begins as it should.
files::InputFile open_array(const std::string& folder, const ArrayForm& form) {
  const std::string path = text(folder, '/', form.file());
  files::InputFile file(path);
  const std::string expected = form.header();
  const Index size = static_cast<Index>(expected.size()) + form.bytes();
  if (file.size() != size)
    throw FormatError(
        text(path, ": is damaged: ", form.dtype, ' ', shape_text(form.shape), ", as the manifest says, are ",
             size, " bytes with the header, the file has ", file.size()),
        {path, {size, file.size()}});
  std::string header(expected.size(), '\0');
  file.read_at(0, std::as_writable_bytes(std::span(header)));
  if (header != expected) {
    const std::size_t at = std::min<std::size_t>(10, header.size());
    throw FormatError(
        text(path, ": is damaged: its header is not that of ", form.dtype, ' ', shape_text(form.shape),
             ", as the manifest says, but begins with '", printable(header.substr(at, 80)), "'"),
        {path, {0, 0}});
  }
  return file;
}

Index product(const std::vector<Distribution>& owners) {
  Index elements = 1;
  for (const Distribution& axis : owners) elements *= axis.size();
  return elements;
}

// On rank 0: the parts of all ranks against the manifest.
void compare(const std::string& folder, const ArrayForm& form, const std::vector<std::uint32_t>& expected,
             Index chunk, std::vector<checkpoint::ChunkPart> parts) {
  const auto found = checkpoint::joined(std::move(parts), form.bytes(), chunk, form.name);
  const auto bad = std::mismatch(found.begin(), found.end(), expected.begin());
  if (bad.first == found.end()) return;
  Index others = 0;
  for (std::size_t k = 0; k < found.size(); ++k) others += found[k] != expected[k] ? 1 : 0;
  const auto k = static_cast<Index>(bad.first - found.begin());
  const auto header = static_cast<Index>(form.header().size());
  const Index begin = header + k * chunk, end = std::min(begin + chunk, header + form.bytes());
  const std::string path = text(folder, '/', form.file());
  throw FormatError(
      text(path, ": is damaged: the bytes ", begin, " to ", end - 1, " (chunk ", k, " of ", found.size(),
           ") have the CRC-32 ", *bad.first, ", the manifest says ", *bad.second,
           others > 1 ? text(", and so for ", counted(others - 1, "other chunk")) : std::string()),
      {path, {begin, end}});
}

}  // namespace

struct Checkpoint::Contents {
  std::string path;
  Manifest manifest;  // with the checksums on rank 0 only
  std::vector<ArrayInfo> arrays;
  bool damaged = false;
};

Checkpoint::Checkpoint(const World& world, const std::string& path, Site site)
    : world_(world), contents_(std::make_shared<Contents>()) {
  Manifest whole;
  std::string shared;
  world.together(
      "read the manifest of " + path,
      [&] {
        if (world.rank() != 0) return;
        const files::InputFile file(text(path, '/', checkpoint::manifest_name));
        whole = checkpoint::parse_manifest(contents_of(file), file.path());
        shared = text(path, '\n', checkpoint::format_manifest(whole, checkpoint::Sums::left_out));
      },
      site);
  shared = io::shared_text(world, std::move(shared), site);
  world.together(
      "open " + path,
      [&] {
        Contents& contents = *contents_;
        const std::size_t end = shared.find('\n');
        contents.path = shared.substr(0, end);
        const std::string manifest = text(contents.path, '/', checkpoint::manifest_name);
        contents.manifest = world.rank() == 0
                                ? std::move(whole)
                                : checkpoint::parse_manifest(std::string_view(shared).substr(end + 1),
                                                             manifest, checkpoint::Sums::left_out);
        for (const ArrayForm& form : contents.manifest.arrays) {
          contents.arrays.push_back({form.name, form.dtype, form.shape, form.bytes()});
          if (world.rank() == 0) open_array(contents.path, form);
        }
      },
      site);
}

Index Checkpoint::step() const { return contents_->manifest.step; }
const Notes& Checkpoint::notes() const { return contents_->manifest.notes; }
const std::vector<ArrayInfo>& Checkpoint::arrays() const { return contents_->arrays; }
const std::string& Checkpoint::path() const { return contents_->path; }
bool Checkpoint::is_damaged() const { return contents_->damaged; }

std::size_t Checkpoint::find(const std::string& name) const {
  std::string names;
  for (std::size_t i = 0; i < arrays().size(); ++i) {
    if (arrays()[i].name == name) return i;
    names += text(names.empty() ? "" : ", ", arrays()[i].name);
  }
  throw FormatError(
      text(path(), ": there is no array '", printable(name), "'; there is ", names.empty() ? "none" : names),
      {path(), {0, 0}});
}

Index Checkpoint::elements(const std::string& name, const checkpoint::ElementForm& element) const {
  const ArrayForm& form = contents_->manifest.arrays[find(name)];
  const auto inner = static_cast<std::ptrdiff_t>(element.shape.size());
  const bool fits = form.dtype == element.dtype && inner <= static_cast<std::ptrdiff_t>(form.shape.size()) &&
                    std::equal(element.shape.begin(), element.shape.end(), form.shape.end() - inner);
  if (!fits)
    throw FormatError(
        text(path(), ": ", name, " is ", form.dtype, ' ', shape_text(form.shape), ", not made of ",
             element.dtype, inner > 0 ? text(' ', shape_text(element.shape)) : std::string(),
             "; read it as what it is"),
        {path(), {0, 0}});
  return form.bytes() / static_cast<Index>(element.bytes);
}

Index Checkpoint::agreed_elements(const std::string& name, const checkpoint::ElementForm& element,
                                  Site site) const {
  return world_.together(
      "look for " + name, [&] { return elements(name, element); }, site);
}

void Checkpoint::read_into(const std::string& name, const ArrayAccess& x, Site site) const {
  const std::size_t index = world_.together(
      "look for " + name,
      [&] {
        const std::vector<Index> shape = x.shape(), &theirs = arrays()[find(name)].shape;
        const Index found = elements(name, x.element), wanted = product(x.owners);
        if (x.owners.size() == 1 ? wanted != found : shape != theirs)
          throw ShapeError(
              text(path(), ": ", name, " has the shape ", shape_text(theirs),
                   ", what it is to be read into has ", shape_text(shape), "; make that as large"),
              {path(), {found, wanted}});
        checkpoint::require_same(world_, x.world, name);
        return find(name);
      },
      site);
  read_checked(
      index,
      [&](const io::GiveBytes& give) {
        io::read_elements(world_, io::Placement(x.owners, x.element.bytes), x.part, name, give, site);
      },
      site);
}

void Checkpoint::verify(Site site) const {
  for (std::size_t index = 0; index < arrays().size(); ++index)
    read_checked(
        index,
        [&](const io::GiveBytes& give) {
          const std::string name = "pieces of " + arrays()[index].name;
          memory::Buffer<std::byte> buffer(io::piece_bytes, name, world_.ledger());
          const Range mine = Distribution(block, arrays()[index].bytes, world_.size()).range(world_.rank());
          for (std::size_t done = 0; done < mine.count;) {
            const std::size_t now = std::min(io::piece_bytes, mine.count - done);
            give(mine.first + static_cast<Index>(done), buffer.span().first(now));
            done += now;
          }
        },
        site);
}

// All of an array, of which read(give) takes this rank's bytes, and then its checksums.
void Checkpoint::read_checked(std::size_t index, const std::function<void(const io::GiveBytes&)>& read,
                              Site site) const {
  const Manifest& manifest = contents_->manifest;
  const ArrayForm& form = manifest.arrays[index];
  checkpoint::ChunkSums sums(manifest.chunk);
  try {
    world_.together(
        text("read ", path(), '/', form.file()),
        [&] {
          const files::InputFile file = open_array(path(), form);
          const Index header = file.size() - form.bytes();
          read([&](Index offset, std::span<std::byte> bytes) {
            file.read_at(header + offset, bytes);
            sums.add(offset, bytes);
          });
        },
        site);
    auto parts = gather(world_, sums.parts(), 0, site);
    world_.together(
        "compare the checksums of " + form.name,
        [&] {
          if (world_.rank() == 0)
            compare(path(), form, manifest.sums[index], manifest.chunk, std::move(parts));
        },
        site);
  } catch (const Error& error) {
    contents_->damaged = contents_->damaged || checkpoint::is_damage(error);
    throw;
  }
}

}  // namespace tutti
