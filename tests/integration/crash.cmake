# kill -9 and failing system calls at every point where a keyset file is written.
if(TARGET piictl)
  find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
  foreach(command rotate stage destroy reseal create init)
    add_test(NAME integration.crash.${command} COMMAND ${CMAKE_COMMAND} -E env PYTHONDONTWRITEBYTECODE=1
      ${Python3_EXECUTABLE} "${CMAKE_CURRENT_SOURCE_DIR}/crash/crash_test.py" "$<TARGET_FILE:piictl>" ${command})
    set_tests_properties(integration.crash.${command} PROPERTIES LABELS integration SKIP_RETURN_CODE 77 TIMEOUT 900)
  endforeach()
endif()
