// Each is a list of messages along a binomial tree, sent and received one after another whenever the rank
// that waits for it tests any request: log2(P) messages a rank.
#include "smpi_nonblocking.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <list>
#include <map>
#include <vector>

namespace {

constexpr int tag_up = 30001, tag_down = 30002;

/// A message of this rank's part in a collective.
struct Step {
  enum class Kind { send, receive, merge } kind;
  int peer;
  int tag;
};

/// One collective that has begun; its address is the MPI_Request that the caller has.
struct Tree {
  void* data;
  int count;
  MPI_Datatype type;
  MPI_Op operation;
  MPI_Comm comm;
  std::vector<Step> steps;
  std::vector<char> received;  // what is to be merged into data
  std::size_t at = 0;
  MPI_Request message = MPI_REQUEST_NULL;

  bool done() const { return at == steps.size(); }

  void start() {
    const Step& step = steps[at];
    if (step.kind == Step::Kind::send)
      PMPI_Isend(data, count, type, step.peer, step.tag, comm, &message);
    else
      PMPI_Irecv(step.kind == Step::Kind::merge ? received.data() : data, count, type, step.peer, step.tag,
                 comm, &message);
  }

  void progress() {
    for (; !done(); ++at) {
      if (message == MPI_REQUEST_NULL) start();
      int arrived = 0;
      PMPI_Test(&message, &arrived, MPI_STATUS_IGNORE);
      if (arrived == 0) return;
      message = MPI_REQUEST_NULL;
      if (steps[at].kind == Step::Kind::merge)
        PMPI_Reduce_local(received.data(), data, count, type, operation);
    }
  }
};

// What each rank has begun, in that order: all ranks are in this one process, and run one at a time.
std::map<int, std::list<Tree>> begun;

std::list<Tree>& mine() {
  int rank = 0;
  PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return begun[rank];
}

std::list<Tree>::iterator find(std::list<Tree>& trees, MPI_Request request) {
  return std::find_if(trees.begin(), trees.end(),
                      [&](Tree& tree) { return reinterpret_cast<MPI_Request>(&tree) == request; });
}

// The tree's edges at this rank: to its parent (-1 at the root), and to its children.
struct Edges {
  int parent = -1;
  std::vector<int> children;
};

Edges edges_of(MPI_Comm comm, int root) {
  int rank = 0, size = 1;
  PMPI_Comm_rank(comm, &rank);
  PMPI_Comm_size(comm, &size);
  const int place = (rank - root + size) % size;
  Edges edges;
  for (int bit = 1; bit < size; bit *= 2) {
    if ((place & bit) != 0) {
      edges.parent = (place - bit + root) % size;
      break;
    }
    if (place + bit < size) edges.children.push_back((place + bit + root) % size);
  }
  return edges;
}

MPI_Request begin(Tree tree) {
  std::list<Tree>& trees = mine();
  trees.push_back(std::move(tree));
  trees.back().progress();
  return reinterpret_cast<MPI_Request>(&trees.back());
}

}  // namespace

int smpi_tree_iallreduce(const void* send, void* receive, int count, MPI_Datatype type, MPI_Op operation,
                         MPI_Comm comm, MPI_Request* request) {
  int bytes = 0;
  PMPI_Type_size(type, &bytes);
  const std::size_t all = static_cast<std::size_t>(bytes) * static_cast<std::size_t>(count);
  if (send != MPI_IN_PLACE) std::memcpy(receive, send, all);
  const Edges edges = edges_of(comm, 0);
  Tree tree{receive, count, type, operation, comm, {}, std::vector<char>(all)};
  for (const int child : edges.children) tree.steps.push_back({Step::Kind::merge, child, tag_up});
  if (edges.parent >= 0) {
    tree.steps.push_back({Step::Kind::send, edges.parent, tag_up});
    tree.steps.push_back({Step::Kind::receive, edges.parent, tag_down});
  }
  for (auto child = edges.children.rbegin(); child != edges.children.rend(); ++child)
    tree.steps.push_back({Step::Kind::send, *child, tag_down});
  *request = begin(std::move(tree));
  return MPI_SUCCESS;
}

int smpi_tree_ibcast(void* data, int count, MPI_Datatype type, int root, MPI_Comm comm,
                     MPI_Request* request) {
  const Edges edges = edges_of(comm, root);
  Tree tree{data, count, type, MPI_OP_NULL, comm, {}, {}};
  const int tag = tag_down + 1 + root;
  if (edges.parent >= 0) tree.steps.push_back({Step::Kind::receive, edges.parent, tag});
  for (auto child = edges.children.rbegin(); child != edges.children.rend(); ++child)
    tree.steps.push_back({Step::Kind::send, *child, tag});
  *request = begin(std::move(tree));
  return MPI_SUCCESS;
}

// Each rank's part in its place among zeros: what all of them have together.
int smpi_tree_iallgather(const void* send, int send_count, MPI_Datatype send_type, void* receive,
                         int /*receive_count*/, MPI_Datatype /*receive_type*/, MPI_Comm comm,
                         MPI_Request* request) {
  int bytes = 0, rank = 0, size = 1;
  PMPI_Type_size(send_type, &bytes);
  PMPI_Comm_rank(comm, &rank);
  PMPI_Comm_size(comm, &size);
  bytes *= send_count;
  std::memset(receive, 0, static_cast<std::size_t>(bytes) * static_cast<std::size_t>(size));
  std::memcpy(static_cast<char*>(receive) + static_cast<std::ptrdiff_t>(bytes) * rank, send,
              static_cast<std::size_t>(bytes));
  return smpi_tree_iallreduce(MPI_IN_PLACE, receive, bytes * size, MPI_BYTE, MPI_BOR, comm, request);
}

int smpi_tree_test(MPI_Request* request, int* done, MPI_Status* /*status*/) {
  return smpi_tree_testall(1, request, done, MPI_STATUSES_IGNORE);
}

// Messages are tested one by one, where the caller keeps them: SMPI's own test of all frees those that have
// arrived also where others have not.
int smpi_tree_testall(int count, MPI_Request* requests, int* done, MPI_Status* /*statuses*/) {
  std::list<Tree>& trees = mine();
  for (Tree& tree : trees) tree.progress();
  *done = 1;
  for (int i = 0; i < count; ++i) {
    const auto tree = find(trees, requests[i]);
    int arrived = 1;
    if (tree != trees.end()) {
      arrived = tree->done() ? 1 : 0;
    } else if (requests[i] != MPI_REQUEST_NULL) {
      const int code = PMPI_Test(&requests[i], &arrived, MPI_STATUS_IGNORE);
      if (code != MPI_SUCCESS) return code;
      if (arrived != 0) requests[i] = MPI_REQUEST_NULL;
    }
    if (arrived == 0) *done = 0;
  }
  if (*done == 0) return MPI_SUCCESS;
  for (int i = 0; i < count; ++i) {
    const auto tree = find(trees, requests[i]);
    if (tree != trees.end()) trees.erase(tree);
    requests[i] = MPI_REQUEST_NULL;
  }
  return MPI_SUCCESS;
}

int smpi_tree_waitall(int count, MPI_Request* requests, MPI_Status* statuses) {
  int code = MPI_SUCCESS;
  for (int done = 0; done == 0 && code == MPI_SUCCESS;)
    code = smpi_tree_testall(count, requests, &done, statuses);
  return code;
}
