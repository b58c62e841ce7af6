"""Reads the CSV tables of a result with pandas and compares every number with the result itself, as xarray sees it.

    tables.py RESULT.h5 OUTCOMES.csv EVENTS.csv SERIES.csv

Exits with 1 and a message at the first difference, with 77 when a reader is not installed.
"""

import itertools
import sys

try:
    import numpy
    import pandas
    import xarray
except ImportError as missing:
    print(f"tables.py: skipped: {missing}", file=sys.stderr)
    sys.exit(77)


def opened(path, group=None):
    return xarray.open_dataset(path, group=group, decode_cf=False)


def meanings(variable):
    return numpy.append(numpy.atleast_1d(variable.attrs["meanings"]).astype(object), [None])  # -1 is the last


def same(name, table, result):
    if result.dtype == object:
        equal = [a == b or (pandas.isna(a) and b is None) for a, b in zip(table, result)]
        good = len(table) == len(result) and all(equal)
    else:
        good = numpy.array_equal(table.to_numpy().astype(result.dtype), result, equal_nan=result.dtype.kind == "f")
    if not good:
        sys.exit(f"tables.py: {name} differs")


def compare_outcomes(path, table):
    with opened(path) as data:
        left = set(table.columns) - {"trial"}
        same("trial", table.trial, data.trial.values)
        for name, variable in data.data_vars.items():
            if variable.dims[:1] != ("trial",) or name.endswith("_occurred"):
                continue
            values = variable.values.reshape(len(data.trial), -1)
            if variable.attrs.get("kind") == "code":
                values = meanings(variable)[values]
            elif variable.attrs.get("kind") == "flag":
                values = numpy.where(values < 0, numpy.nan, values)
            for i, label in enumerate(itertools.product(*(data[d].values for d in variable.dims[1:]))):
                column = ":".join([name, *map(str, label)])
                same(column, table[column], values[:, i])
                left.discard(column)
        if left:
            sys.exit(f"tables.py: columns that the result does not have: {left}")


def compare_events(path, table):
    with opened(path) as root, opened(path, "events") as log:
        for name in ("trial", "time", "value"):
            same(name, table[name], log[name].values)
        same("kind", table.kind, meanings(log.kind)[log.kind.values])
        for name in numpy.atleast_1d(log.attrs["refs"]):
            same(name, table[name], numpy.append(root[name].values.astype(object), [None])[log[name].values])
        same("hypothesis", table.hypothesis, meanings(root.hypothesis)[root.hypothesis.values[log.trial.values]])
        same("number", table.number, table.groupby("trial").cumcount().to_numpy())
        causes = [" ".join(map(str, log.cause.values[start:start + count])) or None
                  for start, count in zip(log.cause_start.values, log.cause_count.values)]
        same("causes", table.causes, numpy.array(causes, dtype=object))


def compare_series(path, table):
    with opened(path) as root, opened(path, "series") as data:
        rows = 0
        for name in numpy.atleast_1d(data.attrs["variables"]):
            variable = data[name]
            part = table[table.variable == name]
            rows += len(part)
            same(name, part.value, variable.values.ravel())
            index = pandas.MultiIndex.from_product(
                [data.trial_kept.values, data.time.values, *(root[d].values for d in variable.dims[2:])])
            for level, column in enumerate(("trial", "time", *variable.dims[2:])):
                same(f"{column} of {name}", part[column], index.get_level_values(level).to_numpy())
        if rows != len(table):
            sys.exit("tables.py: series that the result does not have")


result, outcomes, events, series = sys.argv[1:]
compare_outcomes(result, pandas.read_csv(outcomes, float_precision="round_trip", low_memory=False))
compare_events(result, pandas.read_csv(events, float_precision="round_trip", dtype={"causes": str}))
compare_series(result, pandas.read_csv(series, float_precision="round_trip"))
