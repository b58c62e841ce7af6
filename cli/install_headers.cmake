# Installs the headers of `source` under `destination`/qantar. Inside this tree they include each other by their floor,
# "sim/..."; installed they do so by "qantar/sim/...", so that a user's include path needs `destination` alone.
file(REMOVE_RECURSE ${rewritten})
file(GLOB_RECURSE headers RELATIVE ${source} ${source}/sim/*.hpp ${source}/analysis/*.hpp)
foreach(header ${headers})
  file(READ ${source}/${header} text)
  string(REGEX REPLACE "#include \"(sim|analysis)/" "#include \"qantar/\\1/" text "${text}")
  file(WRITE ${rewritten}/${header} "${text}")
endforeach()
file(INSTALL DESTINATION ${destination}/qantar TYPE DIRECTORY FILES ${rewritten}/sim ${rewritten}/analysis)
