#include "tutti/capi/handles.hpp"

namespace tutti::capi {

Worlds& worlds() {
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): see handles.hpp
  static Worlds& table = *new Worlds("world", "tutti_world_from", 1);
  return table;
}

NodeArrays& node_arrays() {
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): see handles.hpp
  static NodeArrays& table = *new NodeArrays("node-shared array", "tutti_node_array_create", 2);
  return table;
}

}  // namespace tutti::capi
