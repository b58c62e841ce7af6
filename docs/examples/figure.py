#!/usr/bin/python3
"""When does the administration of Almaty fall? The trials of each account beside the documented hours.

    figure.py RESULT.h5 FIGURE.pdf

Needs xarray, pandas and matplotlib. figure.R draws the same in R and prints the same numbers; so does
`qantar compare RESULT.h5 --json`, row E030.
"""

import math
import sys

import matplotlib
import pandas
import xarray

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

SITE = "almaty_akimat"
# Hours since 1 January: 5 January, 14:30 to 16:15, give or take 1.5 h (E030 in evidence.toml).
FROM, TO = 109.0, 113.75


def wilson(hits, trials, z=1.959963984540054):
    """A share with its 95 % interval."""
    share, scale = hits / trials, 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return share, centre - half, centre + half


result, figure = sys.argv[1:]
# Hours as they are; without decode_times=False xarray makes dates of them, in UTC.
runs = xarray.open_dataset(result, decode_times=False)
names = dict(zip(runs.hypothesis.flag_values, runs.hypothesis.flag_meanings.split()))
trials = pandas.DataFrame({"account": runs.hypothesis.to_series().map(names),
                                "fell": runs.site_fell.sel(site=SITE).to_series()})[runs.status.values == 0]

axes = pyplot.figure(figsize=(8, 4), layout="constrained").subplots()
axes.axvspan(FROM, TO, color="tab:orange", alpha=0.4, label="documented")
print("account trials hit low high q05 q25 q50 q75 q95")
for place, (account, fell) in enumerate(trials.groupby("account").fell):
    share, low, high = wilson(fell.between(FROM, TO).sum(), len(fell))
    q05, q25, q50, q75, q95 = fell.quantile([0.05, 0.25, 0.5, 0.75, 0.95])  # of the trials in which it falls
    print(account, len(fell), *(f"{x:.3f}" for x in (share, low, high, q05, q25, q50, q75, q95)))
    axes.plot([q05, q95], [place, place], color="tab:blue")
    axes.plot([q25, q75], [place, place], color="tab:blue", linewidth=5)
    axes.plot(q50, place, "o", color="white", markeredgecolor="tab:blue")
    axes.annotate(f" {share:.2f} [{low:.2f}, {high:.2f}]", (1, place), xycoords=("axes fraction", "data"), va="center")
axes.set_yticks(range(trials.account.nunique()), sorted(trials.account.unique()))
axes.invert_yaxis()
axes.set_xlabel(runs.site_fell.units)
axes.set_title("Hour at which Almaty's administration falls: median, 50 and 90 %;\n"
               "right: share of trials within the documented hours", fontsize="medium")
axes.legend(fontsize="small")
pyplot.savefig(figure)
