# RE2 and yaml-cpp, for pii::policy only. Also installed, for users who link the static library.
function(pii_find_policy_dependency target header library package)
  if(TARGET pii::${target})
    return()
  endif()
  string(TOUPPER "PII_${target}" prefix)
  find_path(${prefix}_INCLUDE_DIR ${header})
  find_library(${prefix}_LIBRARY ${library})
  mark_as_advanced(${prefix}_INCLUDE_DIR ${prefix}_LIBRARY)
  if(NOT ${prefix}_INCLUDE_DIR OR NOT ${prefix}_LIBRARY)
    message(FATAL_ERROR "${library} was not found (Debian: apt-get install ${package})")
  endif()
  add_library(pii::${target} UNKNOWN IMPORTED)
  set_target_properties(pii::${target} PROPERTIES IMPORTED_LOCATION "${${prefix}_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${${prefix}_INCLUDE_DIR}")
endfunction()

pii_find_policy_dependency(re2 re2/re2.h re2 libre2-dev)
pii_find_policy_dependency(yaml yaml-cpp/parser.h yaml-cpp libyaml-cpp-dev)
