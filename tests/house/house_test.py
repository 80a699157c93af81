"""Each lint can fail: it finds what is wrong in a bad tree, and nothing in a good one."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import entries
import format as layout
import lints
import tidy
import tree as trees

GOOD = {
    "src/tutti/tutti.hpp": '#pragma once\n#include "tutti/core/a.hpp"\n#include "tutti/io/c.hpp"\n',
    "src/tutti/core/CMakeLists.txt": "tutti_room(core\n  HEADERS a.hpp\n  SOURCES a.cpp)\n",
    "src/tutti/core/a.hpp": "// A thing.\n#pragma once\n#include <string>\n#include <sys/types.h>\n",
    "src/tutti/core/a.cpp": '#include "tutti/core/a.hpp"\n',
    "src/tutti/comm/CMakeLists.txt": "tutti_room(comm HEADERS mpi.hpp PRIVATE_HEADERS b.hpp SOURCES b.cpp)\n",
    "src/tutti/comm/mpi.hpp": '#pragma once\n#include <mpi.h>\n#include "tutti/core/a.hpp"\n',
    "src/tutti/comm/b.hpp": "#pragma once\n#include <mpi.h>\n",
    "src/tutti/comm/b.cpp": '#include "tutti/comm/b.hpp"\n#include "tutti/core/a.hpp"\n',
    "src/tutti/io/CMakeLists.txt": "tutti_room(io HEADERS c.hpp)\n",
    "src/tutti/tutti.h": "#pragma once\n#include <stdint.h>\n#include <mpi.h>\n",
    "src/tutti/capi/CMakeLists.txt": "tutti_room(capi SOURCES d.cpp)\n",
    "src/tutti/capi/d.cpp": '#include "tutti/tutti.h"\n',
    "src/tutti/io/c.hpp": '#pragma once\n#include "tutti/core/a.hpp"\n',
    "src/tutti/molecular/CMakeLists.txt": "tutti_room(molecular LIBRARY molecular HEADERS m.hpp molecular.hpp)\n",
    "src/tutti/molecular/m.hpp": '#pragma once\n#include "tutti/core/a.hpp"\n',
    "src/tutti/molecular/molecular.hpp": '#pragma once\n#include "tutti/molecular/m.hpp"\n',
    "cli/main.cpp": "#include <CLI/CLI.hpp>\n#include <nlohmann/json.hpp>\n#include \"tutti/tutti.hpp\"\n",
    "tests/core/a_test.cpp": "TEST(A, A) {}\n",
    "tests/core/a_big_test.cpp": "TEST(A, B) {}\n",
    "tests/core/CMakeLists.txt": "tutti_test(core a_test.cpp a_big_test.cpp)\n",
    "examples/1.cpp": "// Shows.\nint main() {\n  f(1);  // one\n}\n",
    "docs/page.md": "Text.\n```cpp\n  f(1);\n```\n```\n/tmp is fine nowhere\n```\n".replace("/tmp is fine nowhere", "x"),
}

# lint, path, the bad text, what the finding must say
BAD = [
    ("includes", "src/tutti/core/a.cpp", '#include "tutti/io/c.hpp"\n', "includes go downward"),
    ("includes", "src/tutti/exact/e.cpp", '#include "tutti/memory/m.hpp"\n', "does not exist"),
    ("includes", "src/tutti/core/a.cpp", "#include <mpi.h>\n", "outside comm/"),
    ("includes", "cli/main.cpp", "# include <mpi.h>\n", "outside comm/"),
    ("includes", "src/tutti/core/a.cpp", '#include "a.hpp"\n', "give the path from src/"),
    ("includes", "src/tutti/core/a.cpp", "#include <tutti/core/a.hpp>\n", "with quotes"),
    ("includes", "src/tutti/core/a.cpp", '#include "tutti/tutti.hpp"\n', "is for programs"),
    ("includes", "src/tutti/core/a.hpp", "#pragma once\n#include <nlohmann/json.hpp>\n", "third-party"),
    ("includes", "src/tutti/comm/b.hpp", "#pragma once\n#include <fmt/core.h>\n", "third-party"),
    ("includes", "src/tutti/tutti.h", "#pragma once\n#include <vector>\n", "header of C"),
    ("includes", "src/tutti/core/other.h", "#pragma once\n#include <mpi.h>\n", "header of C"),
    ("includes", "src/tutti/io/c.hpp", '#pragma once\n#include "tutti/tutti.h"\n', "is for programs"),
    ("headers", "src/tutti/tutti.h", "#include <mpi.h>\n", "no #pragma once"),
    ("includes", "src/tutti/comm/mpi.hpp", '#pragma once\n#include "tutti/comm/b.hpp"\n', "is not installed"),
    ("headers", "src/tutti/core/a.hpp", "#include <string>\n", "no #pragma once"),
    ("headers", "src/tutti/core/new.cpp", "\n", "not listed"),
    ("headers", "src/tutti/tutti.hpp", '#pragma once\n#include "tutti/core/a.hpp"\n', "does not include src/tutti/io/c.hpp"),
    ("headers", "src/tutti/tutti.hpp",
     '#pragma once\n#include "tutti/core/a.hpp"\n#include "tutti/io/c.hpp"\n#include "tutti/comm/b.hpp"\n', "not public there"),
    ("headers", "src/tutti/molecular/molecular.hpp", "#pragma once\n", "does not include src/tutti/molecular/m.hpp"),
    ("headers", "src/tutti/tutti.hpp", '#pragma once\n#include "tutti/molecular/m.hpp"\n', "not public there"),
    ("mirrors", "tests/core/other_test.cpp", "\n", "name the test after its thing"),
    ("mirrors", "tests/core/a_new_test.cpp", "\n", "not listed"),
    ("lengths", "src/tutti/core/a.cpp", "\n" * 401, "401 lines"),
    ("paths", "src/tutti/core/a.cpp", "// see /work" "/shared\n", "no folders of a machine"),
    ("paths", "docs/page.md", "cd /tmp" "/x\n", "no folders of a machine"),
    ("paths", "README.md", "cd /root" "/x\n", "no folders of a machine"),
    ("documents", "docs/page.md", "```cpp\nf(2);\n```\n", "nobody compiles it"),
    ("documents", "docs/page.md", "```c\ng(2);\n```\n", "nobody compiles it"),
    ("documents", "docs/page.md", "```fortran\ncall g(2)\n```\n", "nobody compiles it"),
    ("documents", "README.md", "```c++\nint main() {\n  f(2);\n}\n```\n", "nobody compiles it"),
]

PROPERTIES = [{"name": "TIMEOUT", "value": 60.0}, {"name": "PROCESSORS", "value": 2}]


class Lints(unittest.TestCase):
    def test_a_good_tree_passes(self):
        for name, lint in lints.LINTS.items():
            self.assertEqual(lint(GOOD), [], name)

    def test_each_bad_tree_is_found(self):
        for name, path, text, message in BAD:
            with self.subTest(lint=name, path=path, message=message):
                findings = lints.LINTS[name]({**GOOD, path: text})
                self.assertTrue(any(message in finding for finding in findings), findings)

    def test_every_lint_has_a_bad_tree(self):
        self.assertEqual({name for name, *_ in BAD}, set(lints.LINTS))

    def test_every_pair_of_rooms(self):
        for room in trees.ROOMS:
            for other in trees.ROOMS:
                tree = {f"src/tutti/{room}/x.cpp": f'#include "tutti/{other}/y.hpp"\n',
                        f"src/tutti/{other}/y.hpp": "#pragma once\n"}
                allowed = other == room or other in trees.BELOW[room]
                self.assertEqual(lints.lint_includes(tree) == [], allowed, (room, other))

    def test_rooms_lie_on_floors(self):
        for room, below in trees.BELOW.items():
            for other in below:
                self.assertLessEqual(trees.BELOW[other], below, "what is below the below is below")
                self.assertNotIn(room, trees.BELOW[other])

    def test_long_files_are_remarked_on(self):
        self.assertEqual(lints.long_files({"src/x.cpp": "\n" * 301, "src/y.cpp": "\n" * 300}), ["src/x.cpp: 301 lines"])


class Entries(unittest.TestCase):
    def findings(self, properties, command=("mpiexec", "-n", "3", "x")):
        return entries.findings_in({"tests": [{"name": "t", "command": list(command), "properties": properties}]})

    def test_entries(self):
        self.assertEqual(self.findings(PROPERTIES), [])
        self.assertIn("no TIMEOUT", self.findings(PROPERTIES[1:])[0])
        self.assertIn("PROCESSORS", self.findings(PROPERTIES[:1])[0])
        self.assertEqual(self.findings(PROPERTIES[:1], ("program",)), [])
        self.assertIn("no entries", entries.findings_in({"tests": []})[0])


class Layout(unittest.TestCase):
    def test_bad_layout_is_found(self):
        program = layout.clang_format()
        if program is None:
            self.skipTest("clang-format 14 is not installed")
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, ".clang-format").write_text("BasedOnStyle: Google\n")
            pathlib.Path(folder, "good.cpp").write_text("int f();\n")
            pathlib.Path(folder, "bad.cpp").write_text("int    f( ) ;\n")
            self.assertEqual(layout.badly_formatted(program, folder, ["good.cpp", "bad.cpp"]), ["bad.cpp"])


class Tidy(unittest.TestCase):
    def test_bad_code_is_found(self):
        program = tidy.clang_tidy()
        if program is None:
            self.skipTest("clang-tidy 14 is not installed")
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(__file__).resolve().parents[2]
            pathlib.Path(folder, ".clang-tidy").write_text((root / ".clang-tidy").read_text())
            files = {"good.cpp": "int f() { return 1; }\n", "bad.cpp": "int counter = 0;\n"}
            for name, text in files.items():
                pathlib.Path(folder, name).write_text(text)
            commands = [{"directory": folder, "file": f"{folder}/{name}", "command": f"clang++ -std=c++20 -c {name}"}
                        for name in files]
            pathlib.Path(folder, "compile_commands.json").write_text(json.dumps(commands))
            self.assertEqual(tidy.findings_in(program, folder, f"{folder}/good.cpp"), "")
            self.assertIn("non-const-global", tidy.findings_in(program, folder, f"{folder}/bad.cpp"))


class Checkout(unittest.TestCase):
    def test_house_reports_by_its_exit_status(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(60):
                path = pathlib.Path(folder, "src", "tutti", "core", f"x{number}.cpp")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("#include <mpi.h>\n" if number == 7 else "\n")
            house = pathlib.Path(__file__).with_name("house.py")
            done = subprocess.run([sys.executable, house, folder, "includes"], capture_output=True, text=True)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("src/tutti/core/x7.cpp:1: <mpi.h> outside comm/", done.stdout)


if __name__ == "__main__":
    unittest.main()
