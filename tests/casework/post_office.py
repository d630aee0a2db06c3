"""A mail server that keeps what it gets, on a port of its own; it can close and open again."""

import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from pathlib import Path


@dataclass
class PostOffice:
    """``closed``: it refuses every mail for now; ``seconds``: how long it takes over each.

    ``moved``: nobody has the address any more. ``away``: it hangs up on everybody; ``silent``: it
    lets everybody wait; ``drops``: it keeps a mail and hangs up before it says so. With a
    ``certificate`` it asks for encryption and a password, and takes any.
    """

    port: int = 0
    closed: bool = False
    moved: bool = False
    away: bool = False
    silent: bool = False
    drops: bool = False
    seconds: float = 0.0
    visits: int = 0
    certificate: Path | None = None
    asked: list[str] = field(default_factory=list)
    mails: list[Message] = field(default_factory=list)


class _Counter(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs that sends one mail."""

    office: PostOffice

    def handle(self) -> None:
        # Whoever sends may be killed over it, or believe nothing that is encrypted.
        with suppress(ConnectionError, ssl.SSLError):
            self.office.visits += 1
            while self.office.silent:
                time.sleep(0.02)
            if not self.office.away:
                self._talk()

    def _talk(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            self.office.asked.append(word)
            if self.office.certificate and self._guards(word, self.office.certificate):
                continue
            match word:
                case "DATA" if not self.office.closed:
                    self._say("354 go on")
                    self.office.mails.append(BytesParser().parsebytes(self._read()))
                    if self.office.drops:
                        return
                    self._say("250 taken")
                case "MAIL" if self.office.closed:
                    self._say("451 closed")
                case "RCPT" if self.office.moved:
                    self._say("550 nobody here")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 fine")

    def _guards(self, word: str, certificate: Path) -> bool:
        """Whether the word was about encryption and the password, and is answered."""
        if word == "EHLO":
            self._say("250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN")
        elif word == "STARTTLS":
            self._say("220 go on")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.rfile.close()
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
        elif word == "AUTH":
            self._say("235 come in")
        else:
            return False
        return True

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _read(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        time.sleep(self.office.seconds)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.connection.sendall(f"{text}\r\n".encode())


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    counter = type("Counter", (_Counter,), {"office": office})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), counter) as server:
        office.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield office
        finally:
            # Else the program would wait for it for ever.
            server.shutdown()
            thread.join()
