"""A faithful local E-utilities for tests: `with serve() as server: server.url`."""

from tests.standin.faults import FAULTS
from tests.standin.invented import invented_xml
from tests.standin.server import Request, Server, serve
from tests.standin.synthetic import synthetic_xml

__all__ = ["FAULTS", "Request", "Server", "invented_xml", "serve", "synthetic_xml"]
