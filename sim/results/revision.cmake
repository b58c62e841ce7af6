# Writes the revision of the checkout into a header, and leaves it alone when nothing changed. Run at every build, because
# a commit does not make CMake configure again. Outside a checkout it is what `git archive` wrote here, or nothing.
set(archived "$Format:%h$")
set(revision "")
if(EXISTS ${SOURCE}/.git)
  execute_process(COMMAND git -c safe.directory=* -C ${SOURCE} describe --always --dirty --abbrev=12
                  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
elseif(NOT archived MATCHES "Format")
  set(revision "${archived}")
endif()
set(text "#define QANTAR_REVISION \"${revision}\"\n")
if(EXISTS ${HEADER})
  file(READ ${HEADER} before)
endif()
if(NOT "${text}" STREQUAL "${before}")
  file(WRITE ${HEADER} "${text}")
endif()
