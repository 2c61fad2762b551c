# SPDX-License-Identifier: Apache-2.0
"""Marks: how a sender tells the wire what a packet carries.

A mark lies in the six bits of the DSCP (RFC 2474): three for the content, three for the shape.
A sender sets it before it writes content and clears it when all of that was acknowledged, so
handshakes, keep-alive messages and closes bear none.  truth.py reads the marks off the wire,
and what is shipped has them cleared again.
"""
import fcntl
import socket
import struct
import termios

CONTENT = ("", "video", "picture", "audio", "metadata", "firmware", "files", "other")
SHAPE = ("", "stream", "burst", "series", "trickle")


def tos(content, shape):
    """The TOS byte (or traffic class) of a mark; its two ECN bits stay clear."""
    return (CONTENT.index(content) | SHAPE.index(shape) << 3) << 2


def meaning(byte):
    """(content, shape) of a TOS byte, or None for an unmarked packet."""
    mark = byte >> 2
    content, shape = mark & 7, mark >> 3
    if not content or not 0 < shape < len(SHAPE):
        return None
    return CONTENT[content], SHAPE[shape]


def put(sock, content="", shape=""):
    """Marks what this socket sends from now on; nothing, without a content."""
    value = tos(content, shape) if content else 0
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, value)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, value)


def unacknowledged(sock):
    """Bytes of a TCP socket that the other side has not acknowledged yet."""
    return struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, bytes(4)))[0]
