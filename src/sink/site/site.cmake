# SPDX-License-Identifier: Apache-2.0
# The live page is a program of its own: nothing else loads a web server.
set(PORCHLIGHT_MICROHTTPD AUTO CACHE STRING "Serve the live page, with libmicrohttpd: AUTO, ON, OFF")
set(PORCHLIGHT_QRENCODE AUTO CACHE STRING "Show its link as a QR code, with libqrencode: AUTO, ON, OFF")
foreach(library MICROHTTPD QRENCODE)
  set(module_MICROHTTPD "libmicrohttpd>=0.9.72" gnutls)
  set(module_QRENCODE libqrencode)
  if(PORCHLIGHT_${library} STREQUAL "ON")
    pkg_check_modules(${library} REQUIRED IMPORTED_TARGET ${module_${library}})
  elseif(NOT PORCHLIGHT_${library} STREQUAL "OFF")
    pkg_check_modules(${library} QUIET IMPORTED_TARGET ${module_${library}})
  else()
    unset(${library}_FOUND CACHE) # of an earlier configuration of this folder
    unset(__pkg_config_checked_${library} CACHE)
  endif()
endforeach()
file(GLOB site_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/sink/site/*.c)
list(FILTER site_sources EXCLUDE REGEX "/(server|answer|reply|stream|qr|qr_none)\\.c$")
set(site_served "")
if(MICROHTTPD_FOUND)
  list(APPEND site_served answer.c reply.c server.c stream.c)
endif()
if(QRENCODE_FOUND)
  list(APPEND site_served qr.c)
else()
  list(APPEND site_served qr_none.c)
endif()
list(TRANSFORM site_served PREPEND ${PROJECT_SOURCE_DIR}/src/sink/site/)
foreach(file live.css live.js favicon.svg)
  string(REPLACE "." "_" name ${file})
  add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/web/${name}.c
    COMMAND ${CMAKE_COMMAND} -D FROM=${PROJECT_SOURCE_DIR}/src/web/${file}
            -D TO=${PROJECT_BINARY_DIR}/web/${name}.c -D NAME=web_${name}
            -P ${PROJECT_SOURCE_DIR}/src/web/embed.cmake
    DEPENDS ${PROJECT_SOURCE_DIR}/src/web/${file} ${PROJECT_SOURCE_DIR}/src/web/embed.cmake VERBATIM)
  list(APPEND site_sources ${PROJECT_BINARY_DIR}/web/${name}.c)
endforeach()

# An archive, for the program and for tests of its parts.
add_library(porchlight_site STATIC ${site_sources} ${site_served})
target_link_libraries(porchlight_site PRIVATE porchlight_flags PUBLIC PkgConfig::JANSSON
  $<$<BOOL:${MICROHTTPD_FOUND}>:PkgConfig::MICROHTTPD>
  $<$<BOOL:${QRENCODE_FOUND}>:PkgConfig::QRENCODE>)
target_include_directories(porchlight_site PRIVATE include)
