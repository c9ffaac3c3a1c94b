# libsodium ships a pkg-config file but no CMake package. Also installed, for users who link the static libraries.
if(NOT TARGET pii::sodium)
  find_path(PII_SODIUM_INCLUDE_DIR sodium.h)
  find_library(PII_SODIUM_LIBRARY sodium)
  mark_as_advanced(PII_SODIUM_INCLUDE_DIR PII_SODIUM_LIBRARY)
  if(NOT PII_SODIUM_INCLUDE_DIR OR NOT PII_SODIUM_LIBRARY)
    message(FATAL_ERROR "libsodium was not found (Debian: apt-get install libsodium-dev)")
  endif()
  add_library(pii::sodium UNKNOWN IMPORTED)
  set_target_properties(pii::sodium PROPERTIES IMPORTED_LOCATION "${PII_SODIUM_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PII_SODIUM_INCLUDE_DIR}")
endif()
