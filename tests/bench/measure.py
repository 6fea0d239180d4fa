"""What the benchmarks share: a command's time and memory, medians, a table's lines."""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("wall s", "CPU s", "MiB", "KiB")


def measure(command, **options):
    """Wall seconds, CPU seconds, peak MiB and standard output of a command."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{command[0]} failed with {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def sized(measured, files):
    """What `measure` told, with the size of these files in KiB in the place of the output."""
    wall, cpu, memory, _ = measured
    return wall, cpu, memory, sum(file.stat().st_size for file in files) / 1024


def install(module):
    """A package of the benchmarks into the Python that runs this, unless it is there."""
    try:
        __import__(module)
    except ImportError:
        requirements = Path(__file__).with_name("requirements.txt")
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", requirements], check=True)


def install_node(module):
    """The `node_modules` with a package of the benchmarks, installed unless it is there."""
    folder = ROOT / "target/bench/node"
    wanted = Path(__file__).with_name("package.json").read_text("utf-8")
    installed = folder / "installed.json"
    if not installed.exists() or installed.read_text("utf-8") != wanted:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text(wanted, "utf-8")
        tools = Path(sys.executable).parent
        npm = [tools / "node", tools / "npm-cli.js", "install", "--prefix", folder]
        subprocess.run([*npm, "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"], check=True)
        installed.write_text(wanted, "utf-8")
    modules = folder / "node_modules"
    if not (modules / module).is_dir():
        sys.exit(f"{module} is not among the packages of the benchmarks")
    return modules


def parser(description):
    """A parser of what all benchmarks are told: how many papers, how often, which program."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("papers", nargs="*", type=int, default=[10, 1_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--offprint", type=Path, default=ROOT / "target/release/offprint")
    return parser


def reading_list(papers):
    """The folder of a reading list of so many papers."""
    folder = ROOT / "target/bench" / f"list-{papers}"
    write = "cargo run -q -p offprint-tests --example list --".split()
    subprocess.run([*write, str(papers), folder], check=True, cwd=ROOT)
    return folder


def years(issues, papers):
    """The folder of a series of so many issues of so many papers, built nowhere yet."""
    folder = ROOT / "target/bench" / f"years-{issues}-{papers}"
    shutil.rmtree(folder, ignore_errors=True)
    write = "cargo run -q -p offprint-tests --example years --".split()
    subprocess.run([*write, str(issues), str(papers), folder], check=True, cwd=ROOT)
    return folder


def medians(runs):
    return [statistics.median(values) for values in zip(*runs)]


def rounds_of(programs, rounds, papers):
    """Lets all programs run in turn, prints the medians of what `sized` told, and returns them."""
    runs = {name: [] for name in programs}
    for _ in range(rounds):
        for name, run in programs.items():
            runs[name].append(run())
    results = {name: medians(values) for name, values in runs.items()}
    print(f"\n{papers} papers, medians of {rounds}")
    print(heading())
    for name, values in results.items():
        print(line(name, values), flush=True)
    return results


def heading():
    return " " * 24 + "".join(f"{field:>12}" for field in FIELDS)


def line(name, values):
    return f"{name:>24}" + "".join(f"{value:>12.3f}" for value in values)


def judge(promises):
    """Prints what is promised, as names, values and bounds, and whether it is kept."""
    print()
    for name, value, most in promises:
        verdict = "kept" if value <= most else "BROKEN"
        print(f"{name:<54}{value:>10.3f}  at most {most:>8.3f}  {verdict}")
