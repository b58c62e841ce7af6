#!/usr/bin/env Rscript
# When does the administration of Almaty fall? The trials of each account beside the documented hours.
#
#     figure.R RESULT.h5 FIGURE.pdf
#
# Needs ncdf4. figure.py draws the same in Python and prints the same numbers; so does
# `qantar compare RESULT.h5 --json`, row E030.

library(ncdf4)

site <- "almaty_akimat"
# Hours since 1 January: 5 January, 14:30 to 16:15, give or take 1.5 h (E030 in evidence.toml).
documented <- c(109, 113.75)

# A share with its 95 % interval.
wilson <- function(hits, trials, z = qnorm(0.975)) {
  share <- hits / trials
  scale <- 1 + z^2 / trials
  centre <- (share + z^2 / (2 * trials)) / scale
  half <- z / scale * sqrt(share * (1 - share) / trials + z^2 / (4 * trials^2))
  c(share, centre - half, centre + half)
}

arguments <- commandArgs(trailingOnly = TRUE)
runs <- nc_open(arguments[1])
names <- strsplit(ncatt_get(runs, "hypothesis", "flag_meanings")$value, " ")[[1]]
account <- names[ncvar_get(runs, "hypothesis") + 1]
# Dimensions come in the other order than in HDF5: site, trial.
fell <- ncvar_get(runs, "site_fell")[match(site, ncvar_get(runs, "site")), ]
unit <- ncatt_get(runs, "site_fell", "units")$value
whole <- ncvar_get(runs, "status") == 0
by_account <- split(fell[whole], account[whole])

pdf(arguments[2], width = 8, height = 4)
par(mar = c(4, 13, 3, 9), las = 1)
rows <- seq_along(by_account)
plot(NULL, xlim = range(fell, documented, na.rm = TRUE), ylim = rev(range(rows) + c(-0.5, 0.5)), yaxt = "n",
     xlab = unit, ylab = "", cex.main = 0.9,
     main = paste("Hour at which Almaty's administration falls: median, 50 and 90 %;",
                  "right: share of trials within the documented hours", sep = "\n"))
rect(documented[1], 0, documented[2], length(rows) + 1, col = "#ff7f0e66", border = NA)
axis(2, rows, names(by_account))
cat("account trials hit low high q05 q25 q50 q75 q95\n")
for (row in rows) {
  hours <- by_account[[row]]
  hit <- wilson(sum(hours >= documented[1] & hours <= documented[2], na.rm = TRUE), length(hours))
  q <- quantile(hours, c(0.05, 0.25, 0.5, 0.75, 0.95), na.rm = TRUE)  # of the trials in which it falls
  cat(names(by_account)[row], length(hours), sprintf("%.3f", c(hit, q)), fill = 1000)
  segments(q[1], row, q[5], row, col = "#1f77b4")
  segments(q[2], row, q[4], row, col = "#1f77b4", lwd = 5)
  points(q[3], row, pch = 21, bg = "white", col = "#1f77b4")
  axis(4, row, sprintf("%.2f [%.2f, %.2f]", hit[1], hit[2], hit[3]), tick = FALSE)
}
invisible(dev.off())
