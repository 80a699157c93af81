// One World at a time on a host, where MPI mixes up what several of them make at once.
#pragma once

#include <exception>
#include <string_view>

#include "tutti/comm/channel.hpp"
#include "tutti/files/file.hpp"

namespace tutti::comm {

/// Open MPI 4 makes a window through a file of each host, which it removes when all ranks there have opened
/// it. The file's name has the host, the job, and a number that communicators without a rank in common may
/// share: two of them that make windows at once share the memory, or one fails (open-mpi/ompi issue 7393).
///
/// While one of these lives, no other World that has ranks on a host of this one's has its turn (if they
/// share the host's network, as a name of a socket stands for the turn). Of each host's ranks the first takes
/// it, one host after another, in an order that is the same for all Worlds: so none waits for one that waits.
class HostTurn {
 public:
  /// Collective. Nothing where all processes of the job take part; else a communicator of each host, 8 B
  /// gathered from each rank, a message from host to host, and an allreduce of 8 B.
  /// @param host  the name of this rank's
  HostTurn(Channel& channel, std::string_view host, Waiting how);

  /// The same on all ranks, but on one that was refused.
  /// @throws SystemError there.
  bool taken() const;

 private:
  files::Descriptor holder_;
  std::exception_ptr failure_;
  bool taken_ = true;
};

}  // namespace tutti::comm
