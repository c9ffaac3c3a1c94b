# libphonenumber ships neither a CMake package nor a pkg-config file. Also installed, for users who link the static libraries.
if(NOT TARGET pii::phonenumber)
  find_path(PII_PHONENUMBER_INCLUDE_DIR phonenumbers/phonenumberutil.h)
  find_library(PII_PHONENUMBER_LIBRARY phonenumber)
  mark_as_advanced(PII_PHONENUMBER_INCLUDE_DIR PII_PHONENUMBER_LIBRARY)
  if(NOT PII_PHONENUMBER_INCLUDE_DIR OR NOT PII_PHONENUMBER_LIBRARY)
    message(FATAL_ERROR "libphonenumber was not found (Debian: apt-get install libphonenumber-dev)")
  endif()
  add_library(pii::phonenumber UNKNOWN IMPORTED)
  set_target_properties(pii::phonenumber PROPERTIES IMPORTED_LOCATION "${PII_PHONENUMBER_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${PII_PHONENUMBER_INCLUDE_DIR}")
endif()
