"""A small HTTP/2 client for what needs no load: the first answers after a start, and a run without peers."""
import socket
import struct
import time

import exchange

LARGEST_WINDOW = 2**31 - 1


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.next_stream = 1
        window = struct.pack(">I", LARGEST_WINDOW - 65535)
        self.socket.sendall(exchange.PREFACE + exchange.frame(exchange.SETTINGS, 0, 0) + exchange.frame(exchange.WINDOW_UPDATE, 0, 0, window))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def open(self, make=exchange.whole, count=1):
        """Begins calls; returns their stream numbers."""
        streams = range(self.next_stream, self.next_stream + 2 * count, 2)
        self.next_stream += 2 * count
        self.socket.sendall(b"".join(make(stream) for stream in streams))
        return streams

    def frames(self):
        """What has come; waits for something."""
        self.received += self.socket.recv(1 << 16) or self.fail("the server closed the connection")
        while len(self.received) >= 9 and len(self.received) >= 9 + (length := int.from_bytes(self.received[:3], "big")):
            kind, flags, stream = self.received[3], self.received[4], int.from_bytes(self.received[5:9], "big")
            payload, self.received = self.received[9:9 + length], self.received[9 + length:]
            if kind in (exchange.SETTINGS, exchange.PING) and not flags & exchange.ACK:
                self.socket.sendall(exchange.frame(kind, exchange.ACK, 0, payload if kind == exchange.PING else b""))
            if kind in (exchange.RST_STREAM, exchange.GOAWAY):
                self.fail(f"the server refused stream {stream}")
            yield kind, flags, stream

    def run(self, total, at_once):
        """Whole calls, so many at once; returns how long each took, in seconds."""
        begun, took = {}, []
        while len(took) < total:
            room = min(at_once - len(begun), total - len(took) - len(begun))
            if room > 0:
                now = time.monotonic()
                begun.update(dict.fromkeys(self.open(count=room), now))
            for kind, flags, stream in self.frames():
                if kind == exchange.HEADERS and flags & exchange.END_STREAM:
                    took.append(time.monotonic() - begun.pop(stream))
        return took

    def hold(self, count):
        """Calls that are answered once and then stay."""
        self.open(exchange.opened, count)
        answered = 0
        while answered < count:
            answered += sum(1 for kind, _, _ in self.frames() if kind == exchange.DATA)

    def fail(self, what):
        raise SystemExit(f"the bench's own client: {what}")
