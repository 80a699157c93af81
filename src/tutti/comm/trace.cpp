#include "tutti/comm/trace.hpp"

#include <cerrno>

#include "tutti/comm/context.hpp"
#include "tutti/core/error.hpp"

namespace tutti::comm {

Trace::Trace(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "ae")) {
  if (!file_)
    throw OutputError(text("cannot write the trace ", path, ": ", errno_text(errno),
                           "; give TUTTI_TRACE a file that can be created"),
                      {path, {errno, 0}});
  std::setvbuf(file_.get(), nullptr, _IOLBF, 0);  // a rank that dies leaves what it has done
  std::fputs("# tutti trace 1\n", file_.get());
}

void Trace::add(const Call& call, std::string_view values) {
  const std::string site = call.site.file != nullptr ? call.site.text() : "-";
  const std::string note = call.note.empty() ? "" : text(" \"", printable(call.note), "\"");
  const std::string line = text(call.operation.name, note, '\t', ++number_, '\t', site, '\t', values, '\n');
  if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size() && failure_ == 0) failure_ = errno;
}

void Trace::finish() {
  if (std::fflush(file_.get()) != 0 && failure_ == 0) failure_ = errno;
  if (failure_ != 0)
    throw IoError(text("trace ", path_, ": ", errno_text(failure_), "; it is not complete"),
                  {path_, {failure_, 0}});
}

Trace* trace_of(const World& world) {
  const Context& context = world.context();
  return context.process().outermost == &context ? context.process().trace.get() : nullptr;
}

}  // namespace tutti::comm
