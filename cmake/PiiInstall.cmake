# find_package(pii), pkg-config pii, and the headers. add_subdirectory needs none of this.
include(CMakePackageConfigHelpers)
set(pii_cmake_dir "${CMAKE_INSTALL_LIBDIR}/cmake/pii")

install(TARGETS pii_core EXPORT pii_core_targets)
install(TARGETS pii_providers EXPORT pii_providers_targets)
install(TARGETS pii_logging EXPORT pii_logging_targets)
install(TARGETS pii_umbrella EXPORT pii_pii_targets)
set(pii_components core providers logging pii)
set(pii_headers libpii/include/pii providers/include/pii logging/include/pii)
if(PII_BUILD_POLICY)
  install(TARGETS pii_policy EXPORT pii_policy_targets)
  list(APPEND pii_components policy)
  list(APPEND pii_headers libpii/policy/include/pii)
  install(FILES cmake/PiiPolicyDependencies.cmake DESTINATION "${pii_cmake_dir}")
endif()
foreach(component IN LISTS pii_components)
  install(EXPORT pii_${component}_targets NAMESPACE pii:: DESTINATION "${pii_cmake_dir}")
endforeach()
install(DIRECTORY ${pii_headers} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp" PATTERN "*.h")

configure_package_config_file(cmake/piiConfig.cmake.in "${PROJECT_BINARY_DIR}/piiConfig.cmake"
  INSTALL_DESTINATION "${pii_cmake_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/piiConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/piiConfig.cmake" "${PROJECT_BINARY_DIR}/piiConfigVersion.cmake"
  cmake/PiiSodium.cmake cmake/PiiPhoneNumber.cmake DESTINATION "${pii_cmake_dir}")

# Who links static libraries needs what they stand on.
set(PII_PC_REQUIRES "Requires")
if(BUILD_SHARED_LIBS)
  set(PII_PC_REQUIRES "Requires.private")
endif()
# Relative to the file, so that `cmake --install --prefix` and a moved tree work.
file(RELATIVE_PATH PII_PC_UP "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" "${CMAKE_INSTALL_PREFIX}")
configure_file(cmake/pii.pc.in "${PROJECT_BINARY_DIR}/pii.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/pii.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
install(FILES LICENSE README.md SECURITY.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
