// What is in a folder of checkpoints, and whether it is whole.
#include <cerrno>
#include <filesystem>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

#include "tutti/checkpoint/checkpoint.hpp"
#include "tutti/checkpoint/damage.hpp"
#include "tutti/checkpoint/folder.hpp"
#include "tutti/comm/collectives.hpp"
#include "tutti/comm/reductions.hpp"
#include "tutti/comm/tell.hpp"

#include "cli/commands.hpp"
#include "cli/output.hpp"

namespace tutti::cli {

namespace {

using Json = nlohmann::ordered_json;

struct Found {
  std::string name;
  Index step = 0;
  bool gone = false;                   // its writer has removed it meanwhile
  std::optional<Checkpoint> contents;  // nothing if the manifest is damaged
  std::string damage;                  // empty: whole
};

// Collective. Reads all of it. What is wrong with it is no error of this program's.
Found examine(const World& world, const checkpoint::Folder& folder, const checkpoint::Stored& stored) {
  Found found{stored.name, stored.step, false, {}, {}};
  const std::string path = text(folder.path(), '/', stored.name);
  try {
    found.contents.emplace(world, path, Site{});
    found.contents->verify();
  } catch (const Error& error) {
    if (!checkpoint::is_damage(error)) throw;
    found.damage = error.message();
    found.gone = any(world, world.rank() == 0 && !std::filesystem::exists(path));
  }
  return found;
}

Index bytes_of(const Found& found) {
  Index bytes = 0;
  if (found.contents)
    for (const ArrayInfo& array : found.contents->arrays()) bytes += array.bytes;
  return bytes;
}

std::string line_of(const Found& found) {
  if (!found.damage.empty()) return text(found.name, "  damaged  ", found.damage, '\n');
  std::string arrays;
  for (const ArrayInfo& array : found.contents->arrays())
    arrays += text(arrays.empty() ? "  " : ", ", array.name, ' ', array.dtype, ' ', shape_text(array.shape));
  return text(found.name, "  whole  ", bytes_text(static_cast<std::uint64_t>(bytes_of(found))), arrays, '\n');
}

Json json_of(const Found& found) {
  Json json{{"name", found.name},      {"step", found.step},      {"bytes", bytes_of(found)},
            {"arrays", Json::array()}, {"notes", Json::object()}, {"damage", nullptr}};
  if (!found.damage.empty()) json["damage"] = printable(found.damage);
  if (!found.contents) return json;
  for (const ArrayInfo& array : found.contents->arrays())
    json["arrays"].push_back({{"name", array.name}, {"dtype", array.dtype}, {"shape", array.shape}});
  for (const auto& [name, note] : found.contents->notes())
    json["notes"][name] = Json::parse(checkpoint::json_of(note));
  return json;
}

}  // namespace

int checkpoints(const World& world, const CheckpointsCommand& command) {
  const checkpoint::Folder folder(command.folder);
  std::vector<checkpoint::Stored> stored;  // on rank 0
  world.together("look for checkpoints", [&] {
    if (world.rank() != 0) return;
    stored = folder.stored();
    if (stored.empty() && !std::filesystem::exists(folder.path()))
      throw FileError(text(printable(folder.path()), ": ", errno_text(ENOENT)), {folder.path(), {ENOENT, 0}});
  });
  const auto count = broadcast(world, static_cast<Index>(stored.size()), 0);
  stored.resize(static_cast<std::size_t>(count));  // on the others: without names, which only rank 0 needs
  Json all{{"schema", "tutti-checkpoints/1"}, {"checkpoints", Json::array()}};
  Index damaged = 0;
  for (auto one = stored.rbegin(); one != stored.rend(); ++one) {
    const Found found = examine(world, folder, *one);
    if (found.gone) continue;
    damaged += found.damage.empty() ? 0 : 1;
    if (command.common.json)
      all["checkpoints"].push_back(json_of(found));
    else
      world.print(line_of(found));
  }
  if (command.common.json) world.print(all.dump() + "\n");
  if (damaged == 0) return 0;
  if (world.rank() == 0) tell_code(1);  // the table has said all that there is to say
  return 1;
}

}  // namespace tutti::cli
