#include "tutti/checkpoint/folder.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "tutti/core/error.hpp"
#include "tutti/core/text.hpp"

namespace tutti::checkpoint {

namespace {

constexpr std::string_view infix = "-step-", latest = "latest", ending = ".tmp";
constexpr std::size_t digits = 5;  // of the number at least, so that names sort
constexpr std::size_t tag_length = 16, random_length = 16;

std::optional<Index> number_in(std::string_view text) {
  Index value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = !text.empty() && read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return whole && text.front() != '-' ? std::optional(value) : std::nullopt;
}

std::string name_of(Index number, Index step) {
  std::string first = text(number);
  first.insert(0, digits - std::min(digits, first.size()), '0');
  return text(first, infix, step);
}

// What a name says; only what name_of() makes is one.
std::optional<Stored> stored_as(const std::string& name) {
  const std::size_t at = name.find(infix);
  if (at == std::string::npos) return std::nullopt;
  const auto number = number_in(std::string_view(name).substr(0, at));
  const auto step = number_in(std::string_view(name).substr(at + infix.size()));
  constexpr Index most = Index{1} << 60U;  // there is always a next one
  if (!number || !step || *number > most || name_of(*number, *step) != name) return std::nullopt;
  return Stored{*number, *step, name};
}

std::string temporary_name(std::string_view name) {
  return text('.', name, '.', files::machine_tag(), '.', files::random_name(), ending);
}

// ".NAME.TAG.RANDOM.tmp"
struct Temporary {
  std::string name;
  std::string tag;
};
std::optional<Temporary> temporary_as(std::string_view name) {
  constexpr std::size_t behind = 1 + tag_length + 1 + random_length + ending.size();
  if (name.size() <= 1 + behind || name.front() != '.' || !name.ends_with(ending)) return std::nullopt;
  const std::string inner(name.substr(1, name.size() - 1 - behind));
  const std::string_view rest = name.substr(1 + inner.size());
  if (rest[0] != '.' || rest[1 + tag_length] != '.') return std::nullopt;
  if (inner != latest && !stored_as(inner)) return std::nullopt;
  return Temporary{inner, std::string(rest.substr(1, tag_length))};
}

void write_file(const std::string& path, const std::string& name, std::string_view contents,
                bool synchronized) {
  const files::Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file.is_open()) files::fail_to_create(name, errno);
  files::write_fully(file, name, 0, std::as_bytes(std::span(contents)));
  if (synchronized) files::synchronize(file, name);
}

// Some file systems have no symbolic links. Nobody needs this one to read checkpoints.
void move_latest(const std::string& folder, const std::string& to) {
  const std::string link = text(folder, '/', latest), temporary = text(folder, '/', temporary_name(latest));
  if (::symlink(to.c_str(), temporary.c_str()) != 0) {
    if (errno == ENOSPC || errno == EDQUOT || errno == EIO) files::fail_to_create(link, errno);
    return;
  }
  if (::rename(temporary.c_str(), link.c_str()) == 0) return;
  const int error_number = errno;
  ::unlink(temporary.c_str());
  files::fail_to_create(link, error_number, text("; it should lead to ", to));
}

}  // namespace

Draft::Draft(const std::string& folder, Index number, Index step)
    : folder_(folder), name_(name_of(number, step)) {
  do {
    temporary_ = text(folder_, '/', temporary_name(name_));
    if (::mkdir(temporary_.c_str(), 0777) == 0) return;
  } while (errno == EEXIST);
  files::fail_to_create(place(), errno);
}

Draft::~Draft() {
  std::error_code ignored;
  if (!completed_) std::filesystem::remove_all(temporary_, ignored);
}

void Draft::make_file(const std::string& name, std::string_view contents, To to) const {
  write_file(text(temporary_, '/', name), text(place(), '/', name), contents, to == To::medium);
}

void Draft::complete() {
  files::synchronize_folder(temporary_, place());
  if (::rename(temporary_.c_str(), place().c_str()) != 0) files::fail_to_create(place(), errno);
  completed_ = true;
  files::synchronize_folder(folder_, place());
}

Folder::Folder(std::string path) : path_(std::move(path)) {
  while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
  if (path_.empty()) throw UsageError("checkpoints: the name of their folder is empty; give one");
}

std::vector<std::string> Folder::names() const {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path_.c_str()), &::closedir);
  if (!folder) {
    if (errno == ENOENT) return {};
    throw FileError(text(path_, ": ", errno_text(errno)), {path_, {errno, 0}});
  }
  std::vector<std::string> found;
  for (errno = 0; const dirent* entry = ::readdir(folder.get()); errno = 0) found.emplace_back(entry->d_name);
  if (errno != 0) throw FileError(text(path_, ": ", errno_text(errno)), {path_, {errno, 0}});
  return found;
}

std::vector<Stored> Folder::stored() const {
  std::vector<Stored> found;
  for (const std::string& name : names())
    if (auto one = stored_as(name)) found.push_back(std::move(*one));
  std::sort(found.begin(), found.end(), [](const Stored& a, const Stored& b) { return a.number > b.number; });
  return found;
}

std::vector<std::string> Folder::begin_writing() {
  if (!lock_) {
    if (::mkdir(path_.c_str(), 0777) == 0)
      files::synchronize_folder(files::folder_of(path_), path_);
    else if (errno != EEXIST)
      files::fail_to_create(path_, errno, errno == ENOENT ? "; make the folder that it is to be in" : "");
    lock_.emplace(path_);
  }
  std::vector<std::string> left;
  for (const std::string& name : names()) {
    const auto temporary = temporary_as(name);
    if (!temporary) continue;
    const std::string path = text(path_, '/', name);
    std::error_code failed;
    if (lock_->held() && files::excludes(temporary->tag)) {
      std::filesystem::remove_all(path, failed);
      if (failed) left.push_back(text("cannot remove ", path, ": ", failed.message()));
    } else {
      left.push_back(text(path,
                          " was left behind by a job on another machine, or is still being written; "
                          "remove it if that job has ended"));
    }
  }
  return left;
}

std::unique_ptr<Draft> Folder::draft(Index step) const {
  Index last = 0;
  for (const std::string& name : names()) {
    const auto temporary = temporary_as(name);
    const auto one = stored_as(temporary ? temporary->name : name);
    if (one) last = std::max(last, one->number);
  }
  return std::make_unique<Draft>(path_, last + 1, step);
}

std::vector<std::string> Folder::settle(const std::string& newest, int keep,
                                        const std::set<Index>& damaged) const {
  std::vector<std::string> left;
  const auto attempt = [&](const auto& work) {
    try {
      work();
    } catch (const Error& error) {
      left.push_back(error.message());
    }
  };
  attempt([&] { move_latest(path_, newest); });
  attempt([&] {
    files::synchronize_folder(path_, path_);  // before the one that `latest` led to may go
    remove_older(keep, damaged, left);
  });
  return left;
}

void Folder::remove_older(int keep, const std::set<Index>& damaged, std::vector<std::string>& left) const {
  int kept = 0;
  for (const Stored& one : stored()) {
    if (kept < keep) {
      kept += damaged.count(one.number) > 0 ? 0 : 1;
      continue;
    }
    // Under a name that is no checkpoint's: nobody shall find half of one.
    const std::string path = text(path_, '/', one.name),
                      temporary = text(path_, '/', temporary_name(one.name));
    std::error_code failed;
    std::filesystem::rename(path, temporary, failed);
    if (!failed) std::filesystem::remove_all(temporary, failed);
    if (failed) left.push_back(text("cannot remove ", path, ": ", failed.message()));
  }
}

}  // namespace tutti::checkpoint
