# What `cmake --install` puts where, and the Debian package that `cpack` makes of the component `program`.
include(CMakePackageConfigHelpers)

# The program prints its own manual page and completions, so that they are never out of step.
set(printed ${PROJECT_BINARY_DIR}/printed)
file(MAKE_DIRECTORY ${printed})
add_custom_command(OUTPUT ${printed}/qantar.1.gz ${printed}/qantar ${printed}/_qantar
                   COMMAND sh -c "\"$<TARGET_FILE:qantar>\" man | gzip -9n > qantar.1.gz"
                   COMMAND sh -c "\"$<TARGET_FILE:qantar>\" completions bash > qantar"
                   COMMAND sh -c "\"$<TARGET_FILE:qantar>\" completions zsh > _qantar"
                   DEPENDS qantar WORKING_DIRECTORY ${printed} VERBATIM)
add_custom_target(qantar_printed ALL DEPENDS ${printed}/qantar.1.gz)

install(TARGETS qantar COMPONENT program)
install(FILES ${printed}/qantar.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${printed}/qantar DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT program)
install(FILES ${printed}/_qantar DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions COMPONENT program)
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/qantar COMPONENT program)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT program)
install(FILES README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
if(TARGET qantar-mpi)
  install(TARGETS qantar-mpi COMPONENT mpi)
endif()

# The engine and the analysis, for models of other people: find_package(qantar), targets qantar::sim and qantar::analysis.
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/qantar)
install(TARGETS qantar_sim qantar_analysis EXPORT qantarTargets COMPONENT development)
install(CODE "set(source ${PROJECT_SOURCE_DIR})
set(rewritten ${PROJECT_BINARY_DIR}/headers)
set(destination \${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_INCLUDEDIR})
include(${PROJECT_SOURCE_DIR}/cli/install_headers.cmake)" COMPONENT development)
install(EXPORT qantarTargets NAMESPACE qantar:: DESTINATION ${package_folder} COMPONENT development)
configure_package_config_file(cli/qantarConfig.cmake.in ${PROJECT_BINARY_DIR}/qantarConfig.cmake
                              INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/qantarConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/qantarConfig.cmake ${PROJECT_BINARY_DIR}/qantarConfigVersion.cmake
        DESTINATION ${package_folder} COMPONENT development)

# With SOURCE_DATE_EPOCH in the environment, the same build gives the same package to the byte.
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_PACKAGE_CONTACT "The Qantar developers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME qantar)
set(CPACK_DEBIAN_PROGRAM_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAM_DESCRIPTION "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "netcdf-bin, hdf5-tools, python3-xarray, r-cran-ncdf4")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
include(CPack)
