"""Opens a result file with the readers that people use and compares what they see.

    readers.py FILE

HDF5 that is not quite netCDF-4 fails in silence: a variable is absent, a dimension is called phony_dim_0. So the set of
variables of every group is compared between h5py, netCDF4, xarray (both engines) and ncdump. Exits with 1 and a message on
a difference, with 77 when a reader is not installed.
"""

import re
import shutil
import subprocess
import sys
import warnings

try:
    import h5netcdf
    import h5py
    import netCDF4
    import xarray
except ImportError as missing:
    print(f"readers.py: skipped: {missing}", file=sys.stderr)
    sys.exit(77)

# xarray converts times that never happened with a numpy warning.
warnings.filterwarnings("ignore", category=RuntimeWarning)
problems = []


def complain(text):
    problems.append(text)


def compare(reader, group, seen, expected):
    for name in sorted(expected - seen):
        complain(f"{reader} does not see {group}/{name}")
    for name in sorted(seen - expected):
        complain(f"{reader} sees {group}/{name}, which h5py does not")


def with_h5py(path):
    """Variables by group, and what the file must say about itself."""
    variables = {}

    def visit(group, name):
        variables[name] = set()
        for key, item in group.items():
            if isinstance(item, h5py.Group):
                visit(item, f"{name.rstrip('/')}/{key}")
                continue
            variables[name].add(key)
            item[()]  # every number can be read
            for attribute in ("units", "long_name"):
                if attribute not in item.attrs:
                    complain(f"{name}/{key} has no {attribute}")
            if item.attrs.get("CLASS") == b"DIMENSION_SCALE":
                continue
            for axis, dimension in enumerate(item.dims):
                if len(dimension) != 1:
                    complain(f"axis {axis} of {name}/{key} has {len(dimension)} names")

    with h5py.File(path, "r") as file:
        visit(file, "/")
        for attribute in ("schema_version", "title", "content_digest", "source", "Conventions", "complete"):
            if attribute not in file.attrs:
                complain(f"the root has no attribute {attribute}")
        if file["trial"].shape[0] and "status" not in file:
            complain("the root has no variable status")
    return variables


def check_names(reader, group, dimensions):
    for name in dimensions:
        if str(name).startswith("phony_dim"):
            complain(f"{reader} finds an axis without a name in {group}")


def with_netcdf4(path, variables):
    with netCDF4.Dataset(path) as file:
        for group, expected in variables.items():
            node = file if group == "/" else file[group]
            compare("netCDF4", group, set(node.variables), expected)
            check_names("netCDF4", group, node.dimensions)
            for variable in node.variables.values():
                check_names("netCDF4", group, variable.dimensions)
                variable[...]


def with_h5netcdf(path, variables):
    with h5netcdf.File(path, "r") as file:
        for group, expected in variables.items():
            node = file if group == "/" else file[group]
            compare("h5netcdf", group, set(node.variables), expected)
            check_names("h5netcdf", group, node.dimensions)


def with_xarray(path, variables, engine):
    times = {group: set() for group in variables}
    with h5py.File(path, "r") as file:
        for group, names in variables.items():
            times[group] = {name for name in names if " since " in file[group][name].attrs["units"]}
    for group, expected in variables.items():
        with xarray.open_dataset(path, group=group, engine=engine) as data:
            data.load()
            reader = f"xarray ({engine})"
            compare(reader, group, set(map(str, data.variables)), expected)
            check_names(reader, group, data.dims)
            for name, variable in data.variables.items():
                if variable.dtype.kind == "m":
                    complain(f"{reader} makes a time span of {group}/{name}")
                if variable.dtype.kind == "M" and "calendar" not in variable.encoding:
                    complain(f"{reader} finds no calendar at {group}/{name}")
                if (variable.dtype.kind == "M") != (name in times[group]):
                    complain(f"{reader} takes {group}/{name} for {variable.dtype}")


def with_ncdump(path, variables):
    if not shutil.which("ncdump"):
        print("readers.py: ncdump is not installed", file=sys.stderr)
        sys.exit(77)
    header = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True, timeout=300, check=False)
    if header.returncode != 0:
        complain(f"ncdump fails: {header.stderr.strip()}")
        return
    if subprocess.run(["ncdump", path], stdout=subprocess.DEVNULL, timeout=600, check=False).returncode != 0:
        complain("ncdump fails on the data")
    seen, here, declaring = {"/": set()}, "/", False
    for line in header.stdout.splitlines():
        line = line.strip()
        if entered := re.match(r"group: (\S+) \{", line):
            here, declaring = f"{here.rstrip('/')}/{entered[1]}", False
            seen[here] = set()
        elif re.match(r"\} // group ", line):
            here = here.rsplit("/", 1)[0] or "/"
        elif line in ("dimensions:", "variables:"):
            declaring = line == "variables:"
        elif declaring and (declared := re.match(r"\w+ (\w+)(\(.*\))? ;$", line)):
            seen[here].add(declared[1])
    if "phony_dim" in header.stdout:
        complain("ncdump finds an axis without a name")
    for group, expected in variables.items():
        compare("ncdump", group, seen.get(group, set()), expected)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    path = sys.argv[1]
    variables = with_h5py(path)
    for reader, arguments in (
        (with_netcdf4, ()),
        (with_h5netcdf, ()),
        (with_ncdump, ()),
        (with_xarray, ("netcdf4",)),
        (with_xarray, ("h5netcdf",)),
    ):
        try:
            reader(path, variables, *arguments)
        except Exception as error:  # whatever a reader throws at a user
            complain(f"{reader.__name__}{arguments} fails: {error}")
    for problem in problems:
        print(f"readers.py: {path}: {problem}", file=sys.stderr)
    if not problems:
        print(f"{sum(map(len, variables.values()))} variables in {len(variables)} groups, the same in every reader")
    sys.exit(1 if problems else 0)


main()
