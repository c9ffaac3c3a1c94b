# rewrap and retokenize, killed and gone on with: no row lost, none twice, counts exact.
if(TARGET piictl)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
  set(rewrap_parts resume crash)
  if(NOT PII_SANITIZE)  # whose shadow memory grows with what was freed
    list(APPEND rewrap_parts memory)
  endif()
  foreach(part IN LISTS rewrap_parts)
    add_test(NAME integration.rewrap.${part} COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
      ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/rewrap/rewrap_test.py" "$<TARGET_FILE:piictl>"
      "${PROJECT_SOURCE_DIR}/tests/cli/keysets" ${part})
    set_tests_properties(integration.rewrap.${part} PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 900)
  endforeach()
endif()
