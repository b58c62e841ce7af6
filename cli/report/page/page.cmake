# Puts the page of `qantar report` together: fetches the packages of package-lock.json into the build folder, and inlines
# them. Where they cannot be fetched the page stays empty, and the program says so when it is asked for a report.
# Called with SOURCE (this folder), FOLDER (in the build), NPM and NODE.
file(MAKE_DIRECTORY ${FOLDER})
set(failed 0)
if(${SOURCE}/package-lock.json IS_NEWER_THAN ${FOLDER}/node_modules/.package-lock.json)
  file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json DESTINATION ${FOLDER})
  execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error WORKING_DIRECTORY ${FOLDER}
                  RESULT_VARIABLE failed OUTPUT_QUIET)
endif()
if(failed)
  message(WARNING "npm could not fetch the packages of the page (its message is above), so `qantar report` will not work "
                  "in this build. With a network, configure and build again.")
  file(WRITE ${FOLDER}/page.html "")
  return()
endif()
execute_process(COMMAND ${NODE} ${SOURCE}/assemble.mjs ${FOLDER}/node_modules ${FOLDER}/page.html RESULT_VARIABLE broken)
if(broken)
  message(FATAL_ERROR "the page of qantar report cannot be put together; the reason is above")
endif()
