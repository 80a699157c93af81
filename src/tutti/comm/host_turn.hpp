// One World at a time on a host, where MPI mixes up what several of them make at once.
#pragma once

#include "tutti/comm/channel.hpp"
#include "tutti/files/file.hpp"

namespace tutti::comm {

/// Open MPI 4 makes a window through a file of each host, which it removes when all ranks there have opened
/// it. The file's name has the host, the job, and a number that communicators without a rank in common may
/// share: two of them that make windows at once share the memory, or one fails (open-mpi/ompi issue 7393).
///
/// While one of these lives, no other World that has ranks on a host of this one's has its turn. Of each
/// host's ranks the first takes it, as a name of the system (unix(7), abstract) that goes with its process;
/// one host after another, in an order that is the same for all Worlds: so none waits for one that waits.
class HostTurn {
 public:
  /// Collective; returns when this rank's part is done. Nothing where all processes of the job take part.
  /// @throws SystemError if the system refuses the name.
  HostTurn(Channel& channel, Waiting how);

 private:
  files::Descriptor name_;
};

}  // namespace tutti::comm
