# Flags for what this project compiles itself. Nothing here reaches a user's targets.
include(CheckCXXCompilerFlag)

if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()
# The masker and the hash lanes lose 18 % at -O2 (docs/performance.md); RelWithDebInfo keeps -O2 for debugging.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

add_library(pii_compile INTERFACE)
target_compile_features(pii_compile INTERFACE cxx_std_20)
target_compile_options(pii_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wcast-align -Wundef -Wimplicit-fallthrough
  -fstack-protector-strong -fno-strict-overflow -fstack-clash-protection -fcf-protection
  "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=." "-ffile-prefix-map=${PROJECT_BINARY_DIR}=./build")
if(PII_WARNINGS_AS_ERRORS)
  target_compile_options(pii_compile INTERFACE -Werror)
endif()
target_link_options(pii_compile INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

if(PII_SANITIZE)
  string(REPLACE ";" "," pii_sanitize "${PII_SANITIZE}")
  set(pii_sanitize_flags -fsanitize=${pii_sanitize} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(pii_compile INTERFACE ${pii_sanitize_flags} -U_FORTIFY_SOURCE)
  target_link_options(pii_compile INTERFACE ${pii_sanitize_flags})
  target_compile_definitions(pii_compile INTERFACE PII_SANITIZED=1)
else()
  # _FORTIFY_SOURCE needs an optimizing build.
  target_compile_options(pii_compile INTERFACE
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE> $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
endif()
if(PII_BUILD_FUZZERS)
  target_compile_options(pii_compile INTERFACE -fsanitize=fuzzer-no-link)
endif()

# pii_library(<target> <alias>): the settings every library of ours has.
function(pii_library target alias)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:pii_compile>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON CXX_EXTENSIONS OFF DEFINE_SYMBOL ""
    EXPORT_NAME ${alias} OUTPUT_NAME pii_${alias}
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
  add_library(pii::${alias} ALIAS ${target})
endfunction()
