#include "tutti/comm/world.hpp"

#include <cerrno>
#include <cstdio>

#include "tutti/comm/context.hpp"

namespace tutti {

namespace {
constexpr comm::Operation together_operation{"together"};
constexpr comm::Operation split_operation{"split"};
}  // namespace

int World::rank() const { return context_->rank(); }
int World::size() const { return context_->size(); }
int World::node() const { return context_->nodes().node; }
int World::nodes() const { return context_->nodes().nodes; }
int World::node_rank() const { return context_->nodes().node_rank; }
int World::node_size() const { return context_->nodes().node_size; }
int World::node_of(int rank) const { return context_->nodes().node_of.at(static_cast<std::size_t>(rank)); }
const std::string& World::node_name() const { return context_->nodes().host; }

memory::Ledger& World::ledger() const { return *context_->process().ledger; }

void World::print(std::string_view text) const {
  if (rank() != 0) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw IoError(tutti::text("stdout: ", errno_text(errno), "; the result is lost"), {"stdout", {errno, 0}});
}

void World::begin_together() const { context_->begin_together(); }

void World::end_together(std::string_view what, const std::exception_ptr& failure, Site site) const {
  comm::Call call{together_operation, site};
  call.note = what;
  context_->end_together(call, failure);
}

World World::begin_split(int colour, Site site) const {
  return World(context_->begin_split({split_operation, site}, colour));
}

void World::end_split(const World& sub, const std::exception_ptr& failure, Site site) const {
  context_->end_split({split_operation, site}, sub.context(), failure);
}

}  // namespace tutti
