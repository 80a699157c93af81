#include "tutti/capi/handles.hpp"

namespace tutti::capi {

Worlds& worlds() {
  static Worlds& table = *new Worlds("world", "tutti_world_from", 1);
  return table;
}

NodeArrays& node_arrays() {
  static NodeArrays& table = *new NodeArrays("node-shared array", "tutti_node_array_create", 2);
  return table;
}

}  // namespace tutti::capi
