"""The registry's API against a local server."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from test_io_documents import read
from test_io_registry import study

from critextract.errors import LimitError, NetworkError
from critextract.io.network import fetch_study


class Registry(BaseHTTPRequestHandler):
    """Knows one trial; others answer with the status in their last three digits."""

    asked: list = []  # noqa: RUF012

    def do_GET(self):
        self.asked.append((self.path, self.headers["User-Agent"]))
        number = int(self.path.split("NCT")[1][:8])
        status = 200 if number == 12345678 else number % 1000
        if status == 999:
            time.sleep(1.0)
            status = 200
        if status == 503 and sum("503" in path for path, _ in self.asked) > 1:
            status = 200
        body = json.dumps(study(number, "Inclusion:\n\n* Age \\>= 18")).encode()
        if status == 998:
            status, body = 200, body[:-20]
        self.send_response(status)
        self.end_headers()
        try:
            self.wfile.write(body if status == 200 else b"no")
        except ConnectionError:
            return

    def log_message(self, *_args):
        return


@pytest.fixture
def registry():
    Registry.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


def test_trial_number_asks_the_registry(registry):
    docs, skips = read("nct12345678", base_url=registry + "/")
    assert skips == []
    assert (docs[0].id, docs[0].text) == ("NCT12345678", "Inclusion:\n\n* Age \\>= 18")
    assert docs[0].source == "NCT12345678"
    assert Registry.asked == [("/studies/NCT12345678?format=json", "critextract")]


def test_address_from_the_environment(registry, monkeypatch):
    monkeypatch.setenv("CRITEXTRACT_REGISTRY_URL", registry)
    assert [d.id for d in read("NCT12345678")[0]] == ["NCT12345678"]


def test_unknown_trial_costs_no_other(registry):
    docs, skips = read("NCT00000404", "NCT12345678", base_url=registry)
    assert [d.id for d in docs] == ["NCT12345678"]
    assert "answers 404" in skips[0].message
    assert "no such trial there?" in skips[0].message


def test_busy_registry_is_asked_again(registry):
    assert fetch_study("NCT00000503", base_url=registry, pause=0.01)
    assert len(Registry.asked) == 2
    with pytest.raises(NetworkError, match="answers 500"):
        fetch_study("NCT00000500", base_url=registry, pause=0.01)
    assert len(Registry.asked) == 5


def test_answer_cut_short_is_named(registry):
    docs, skips = read("NCT00000998", base_url=registry)
    assert docs == []
    assert "the file ends inside it" in skips[0].message


def test_answer_over_the_limit(registry):
    with pytest.raises(LimitError, match="over the limit of 10 bytes"):
        fetch_study("NCT12345678", base_url=registry, limit=10)


def test_slow_registry_times_out(registry):
    with pytest.raises(NetworkError, match=r"no answer in 0\.2 s"):
        fetch_study("NCT00000999", base_url=registry, timeout=0.2)


def test_no_network_is_one_clear_line():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        docs, skips = read("NCT12345678", base_url=url)
    assert docs == []
    assert "cannot be reached" in skips[0].message
    assert "no network" in skips[0].message


@pytest.mark.parametrize("url", ["file:///etc", "ftp://x", "localhost"])
def test_address_that_is_no_http(url):
    with pytest.raises(NetworkError, match="expected one that begins with"):
        fetch_study("NCT12345678", base_url=url)
