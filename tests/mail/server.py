"""A mail server of a few lines, which keeps what it is given, or refuses it."""

from __future__ import annotations

import base64
import email
import socketserver
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from email.message import EmailMessage
from threading import Thread


class MailServer(socketserver.ThreadingTCPServer):
    """RFC 5321, as far as a client goes that has one mail to deliver."""

    host = "127.0.0.1"
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__((self.host, 0), Conversation)
        self.tls = tls
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.said: list[str] = []
        self.logged_in: tuple[str, str] | None = None
        self.refuse_with: str | None = None
        self.offers = ["AUTH PLAIN", "STARTTLS"]

    def get_request(self):
        connection, address = super().get_request()
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""

    @property
    def address(self) -> str:
        return f"{self.host}:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            self.server.said.append(line.split()[0].upper())
            verb = line.split()[0].lower()
            getattr(self, f"on_{verb}", self.on_other)(line)
            if verb == "quit":
                return

    def on_ehlo(self, _line: str) -> None:
        *most, last = ["localhost", *self.server.offers]
        for offer in most:
            self.say(f"250-{offer}")
        self.say(f"250 {last}")

    def on_auth(self, line: str) -> None:
        _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
        self.server.logged_in = (user, password)
        self.say("235 welcome")

    def on_rcpt(self, line: str) -> None:
        if self.server.refuse_with:
            self.say(self.server.refuse_with)
            return
        self.server.recipients.append(line.partition(":")[2].strip("<> "))
        self.say("250 fine")

    def on_data(self, _line: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return  # hung up in the middle of a letter
            lines.append(line.removeprefix(b"."))
        letter = email.message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.letters.append(letter)
        self.say("250 kept")

    def on_starttls(self, _line: str) -> None:
        self.say("220 go ahead, but this is no TLS")

    def on_quit(self, _line: str) -> None:
        self.say("221 bye")

    def on_other(self, _line: str) -> None:
        self.say("250 fine")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def running(server: MailServer) -> Iterator[MailServer]:
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
