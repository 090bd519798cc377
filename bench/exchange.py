"""The messages of the smallest exchange, and the HTTP/2 frames that carry them, encoded once."""
import struct

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def field(number, content):
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(value):
    return bytes([value]) if value < 0x80 else bytes([value & 0x7f | 0x80]) + varint(value >> 7)


def header_line(name, value):
    return field(1, field(1, name) + field(3, value))


def message(member, lines):
    """A ProcessingRequest with the headers of a message that has no body."""
    headers = field(1, b"".join(header_line(name, value) for name, value in lines)) + bytes([3 << 3, 1])
    return framed(field(member, headers))


def framed(request):
    return b"\0" + struct.pack(">I", len(request)) + request


REQUEST = message(2, [(b":method", b"GET"), (b":path", b"/"), (b":authority", b"bench"), (b":scheme", b"http")])
RESPONSE = message(3, [(b":status", b"200"), (b"content-type", b"text/plain")])

# HPACK: literals, nothing indexed.
CALL = b"".join(
    bytes([0, len(name)]) + name + bytes([len(value)]) + value
    for name, value in [
        (b":method", b"POST"), (b":scheme", b"http"), (b":path", b"/envoy.service.ext_proc.v3.ExternalProcessor/Process"),
        (b":authority", b"bench"), (b"te", b"trailers"), (b"content-type", b"application/grpc"),
    ])


def opened(stream):
    """A call whose request headers have come, and nothing else yet."""
    return frame(HEADERS, END_HEADERS, stream, CALL) + frame(DATA, 0, stream, REQUEST)


def whole(stream):
    """A call from its beginning to the half-close."""
    return frame(HEADERS, END_HEADERS, stream, CALL) + frame(DATA, END_STREAM, stream, REQUEST + RESPONSE)


# As Envoy says it: both bodies FULL_DUPLEX_STREAMED (4), in ProcessingRequest.protocol_config (11).
FULL_DUPLEX_HEADERS = framed(field(2, field(1, header_line(b":method", b"POST"))) + field(11, bytes([1 << 3, 4, 2 << 3, 4])))
BODY_CHUNK = framed(field(4, field(1, bytes(8 << 10))))
CHUNKS_BEFORE_THE_WINDOW_CLOSES = 7     # 64 KiB less 1, HTTP/2's first connection and stream windows


def duplex(stream):
    """A call in full duplex with as much of a body as a peer's first window takes."""
    body = frame(DATA, 0, stream, BODY_CHUNK) * CHUNKS_BEFORE_THE_WINDOW_CLOSES
    return frame(HEADERS, END_HEADERS, stream, CALL) + frame(DATA, 0, stream, FULL_DUPLEX_HEADERS) + body
