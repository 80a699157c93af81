#include "tutti/comm/call.hpp"

namespace tutti::comm {

std::uint64_t Call::hash(bool with_site) const {
  std::uint64_t state = operation.hash ^ element.hash ^ detail;
  state = core::mix(state, static_cast<std::uint64_t>(count) ^ (static_cast<std::uint64_t>(root + 1) << 48U));
  if (with_site && site.file != nullptr) state = core::mix(core::hash(site.name(), state), site.line);
  return state != 0 ? state : 1;  // 0 stands for "any call"
}

std::string Call::text() const {
  std::string out = operation.name;
  if (!note.empty()) (out += " \"").append(note).append("\"");
  if (element.name != nullptr) out += tutti::text(' ', element.name);
  if (element.name != nullptr && element.hash != core::hash(element.name))
    out += tutti::text(" of ", element.bytes, " bytes");
  if (count >= 0) out += tutti::text(" n=", count);
  if (root >= 0) out += tutti::text(" root=", root);
  if (site.file != nullptr) out += " at " + site.text();
  return out;
}

}  // namespace tutti::comm
