# SPDX-License-Identifier: Apache-2.0
# Writes a C file that holds another file, byte for byte.
# usage: cmake -D FROM=report.css -D TO=report_css.c -D NAME=web_report_css -P embed.cmake
file(READ "${FROM}" hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "((0x..,){16})" "\\1\n" bytes "${bytes}")
file(WRITE "${TO}" "#include \"web/web.h\"\n
static const unsigned char bytes[] = {\n${bytes}0x00};
const struct web_file ${NAME} = {(const char *)bytes, sizeof(bytes) - 1};\n")
