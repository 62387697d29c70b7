"""Who gets in, and what is behind each door that stays shut."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from tests.e2e.conftest import Served
from toolkit.server.handlers import PROTOCOL
from toolkit.services import passwords, people, stored
from toolkit.services.stored import opened

pytestmark = pytest.mark.slow
SHUT = (
    "/password", "/", "/overview", "/semester", "/people", "/journal",
    "/voila/render/overview.ipynb", "/voila/tree", "/voila/files/overview.ipynb",
    "/voila/static/voila.js", "/voila/labextensions/anywidget/package.json",
    "/voila/templates/lab/static/index.css",
    "/voila/api/contents", "/api", "/api/contents", "/api/contents/overview.ipynb", "/api/kernels",
    "/api/kernelspecs", "/api/sessions", "/api/terminals", "/tree", "/lab", "/static/favicon.ico",
    "/files/overview.ipynb", "/nbconvert/html/overview.ipynb", "/metrics", "/voila/api/themes/x",
    "/voila/query/8c5b6c5e-9a1e-4a52-b5ac-3a0c1c8d2f11", "/overview.ipynb",
    "/api/kernels/8c5b6c5e-9a1e-4a52-b5ac-3a0c1c8d2f11", f"/download/{'0' * 64}",
)  # fmt: skip
"""Every address somebody might try without having signed in."""
TRAVERSALS = (
    "/look/../index.html.j2", "/look/..%2f..%2f..%2fetc/passwd", "/look/%2e%2e/login.html",
    "/look//etc/passwd", "/voila/static/../../../../../etc/passwd",
    "/voila/static/..%2f..%2f..%2f..%2fetc/passwd", "/voila/static/%2e%2e/%2e%2e/etc/passwd",
    "/voila/labextensions/..%2f..%2f..%2f..%2fetc/passwd", "/download/../grants.db",
    "/download/..%2f..%2fgrants.db", "/voila/files/%2e%2e/grants.db", "/overview/../../grants.db",
)  # fmt: skip


class Client:
    """Requests as a program sends them: nothing is followed, nothing made valid."""

    def __init__(self, url: str) -> None:
        self.host = url.removeprefix("http://")
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []

    def ask(
        self, path: str, method: str = "GET", form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        body = urllib.parse.urlencode(form) if form is not None else None
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection(self.host, timeout=60)) as connection:
            connection.request(method, path, body, sent)
            with connection.getresponse() as answer:
                text = answer.read().decode("utf-8", "replace")
        self.set_cookies = answer.headers.get_all("Set-Cookie") or []
        for line in self.set_cookies:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer.status, dict(answer.headers), text

    def sign_in(self, person: str, password: str = "", after: str = "") -> tuple[int, str, str]:
        _, _, page = self.ask("/login")
        mark = re.search(r'name="_xsrf" value="([^"]+)"', page)
        assert mark
        form = {"_xsrf": mark[1], "person": person, "next": after,
                "password": password or f"{person}-demo-parole"}  # fmt: skip
        status, headers, text = self.ask("/login", "POST", form)
        return status, headers.get("Location", ""), text


@pytest.fixture
def client(served: Served) -> Iterator[Client]:
    return Client(served.url)


def signed_in(served: Served, person: str) -> Client:
    client = Client(served.url)
    assert client.sign_in(person)[0] == 302
    return client


def kernel_of(page: str) -> str:
    """The kernel that a page was given."""
    told: dict[str, Any] = json.loads(
        re.search(r'id="jupyter-config-data" type="application/json">\s*(.+?)\s*</script>',
                  page, re.DOTALL)[1]
    )  # fmt: skip
    return str(told["kernelId"])


@pytest.mark.parametrize("path", SHUT)
def test_without_a_login_there_is_nothing_but_the_login_page(client: Client, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        status, headers, text = client.ask(path, method)
        leads_to_login = status == 302 and re.match(r"/(login|overview)", headers["Location"])
        assert leads_to_login or status in (403, 404, 405), (method, status)
        assert "ipynb" not in text
        assert "kernel" not in text


def test_the_login_page_wears_our_look_without_a_login(client: Client) -> None:
    assert client.ask("/look/look.css")[0] == 200
    status, _, text = client.ask("/login")
    assert status == 200
    assert "<h1>Pieteikšanās</h1>" in text
    assert "cdn" not in text


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out_of_a_folder(served: Served, path: str) -> None:
    for client in (Client(served.url), signed_in(served, "anna")):
        status, _, text = client.ask(path)
        assert status in (302, 400, 403, 404)
        assert "root:" not in text
        assert "SQLite" not in text


def test_every_answer_has_strict_headers(served: Served) -> None:
    client = signed_in(served, "anna")
    for path in ("/login", "/overview", "/look/look.css", "/voila/static/voila.js", "/nothing"):
        headers = client.ask(path)[1]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Server" not in headers


def test_a_session_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(
    client: Client,
) -> None:
    client.sign_in("anna")
    session = next(line for line in client.set_cookies if line.startswith("grants-session"))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session


@pytest.mark.parametrize(
    ("after", "leads_to"),
    [
        ("/semester", "/semester"),
        ("/semester?semester=2022%2F2023-1", "/semester?semester=2022%2F2023-1"),
        ("https://evil.example/", "/overview"),
        ("//evil.example/", "/overview"),
        ("/\\evil.example", "/overview"),
        ("javascript:alert(1)", "/overview"),
        ("", "/overview"),
    ],
)
def test_after_the_login_a_person_stays_with_us(served: Served, after: str, leads_to: str) -> None:
    assert Client(served.url).sign_in("juris", after=after)[:2] == (302, leads_to)


def test_behind_a_proxy_with_tls_the_session_cookie_is_for_tls_alone(client: Client) -> None:
    for told, secure in (({}, False), ({"X-Forwarded-Proto": "https"}, True)):
        client.cookies.clear()
        _, _, page = client.ask("/login")
        mark = re.search(r'name="_xsrf" value="([^"]+)"', page)
        assert mark
        form = {"_xsrf": mark[1], "person": "anna", "password": "anna-demo-parole"}
        assert client.ask("/login", "POST", form, **told)[0] == 302
        session = next(line for line in client.set_cookies if line.startswith("grants-session"))
        assert ("Secure" in session) is secure


def test_a_huge_form_is_refused_before_it_is_read(served: Served) -> None:
    client = Client(served.url)
    try:
        status = client.ask("/login", "POST", {"person": "x" * 2_000_000})[0]
    except (ConnectionError, http.client.HTTPException):
        status = 413
    assert status in (400, 413)
    assert client.ask("/login")[0] == 200


def test_a_form_of_another_site_signs_nobody_in(client: Client) -> None:
    form = {"person": "anna", "password": "anna-demo-parole"}
    assert client.ask("/login", "POST", form)[0] == 403
    client.ask("/login")
    assert client.ask("/login", "POST", {**form, "_xsrf": "2|aaaa|bbbb|1"})[0] == 403


def test_a_request_under_a_foreign_name_is_refused(served: Served) -> None:
    client = signed_in(served, "anna")
    assert client.ask("/overview", Host="evil.example")[0] == 403


def test_after_the_log_out_the_old_cookie_opens_nothing(served: Served) -> None:
    client = signed_in(served, "anna")
    old = dict(client.cookies)
    _, _, page = client.ask("/journal")
    mark = re.search(r'name="_xsrf" value="([^"]+)"', page)
    assert mark
    assert client.ask("/logout", "POST", {})[0] == 403
    assert client.ask("/logout", "POST", {"_xsrf": mark[1]})[0] == 302
    client.cookies = old
    status, headers, _ = client.ask("/overview")
    assert (status, headers["Location"][:6]) == (302, "/login")


def test_a_page_is_open_to_its_roles_alone(served: Served) -> None:
    roles = {
        "anna": {"overview", "semester", "agreements", "registers", "journal", "people"},
        "juris": {"overview", "semester", "agreements", "registers", "journal"},
        "ludza": {"overview", "semester", "agreements"},
    }
    for person, may in roles.items():
        client = signed_in(served, person)
        for page in roles["anna"]:
            status, _, text = client.ask(f"/{page}")
            assert status == (200 if page in may else 403), (person, page)
            offered = set(re.findall(r'<a href="/([a-z]+)"', text.split("<nav", 1)[-1]))
            if status == 200:
                assert offered & set(roles["anna"]) == may


def test_a_kernel_answers_to_its_owner_alone(served: Served) -> None:
    anna, juris = signed_in(served, "anna"), signed_in(served, "juris")
    _, _, page = anna.ask("/overview")
    kernel = kernel_of(page)
    assert anna.ask(f"/api/kernels/{kernel}")[0] == 200
    socket = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
              "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}  # fmt: skip
    for stranger in (juris, signed_in(served, "anna"), Client(served.url)):
        for path in (f"/api/kernels/{kernel}", f"/voila/query/{kernel}"):
            assert stranger.ask(path)[0] in (302, 403, 404)
        assert stranger.ask(f"/api/kernels/{kernel}/channels", **socket)[0] in (403, 404)
        assert stranger.ask(f"/voila/api/shutdown/{kernel}", "POST", {})[0] in (403, 404)
        assert stranger.ask(f"/api/kernels/{kernel}", "DELETE")[0] in (403, 404)
    assert anna.ask(f"/api/kernels/{kernel}")[0] == 200
    assert anna.ask(f"/voila/api/shutdown/{kernel}", "POST", {})[0] == 204
    assert anna.ask(f"/api/kernels/{kernel}")[0] == 404


def test_a_browser_that_leaves_while_its_channel_opens_is_no_fault(served: Served) -> None:
    client = signed_in(served, "anna")
    kernel = kernel_of(client.ask("/overview")[2])
    host, port = client.host.split(":")
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    asked = (
        f"GET /api/kernels/{kernel}/channels?session_id=s HTTP/1.1\r\nHost: {client.host}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {PROTOCOL}\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: {served.url}\r\n"
        f"Cookie: {cookies}\r\n\r\n"
    )
    for _ in range(20):
        with socket.create_connection((host, int(port))) as browser:
            browser.sendall(asked.encode())
    assert client.ask(f"/voila/api/shutdown/{kernel}", "POST", {})[0] == 204
    log = served.home / "errors.log"
    assert not log.exists() or "channels" not in log.read_text()


def test_a_header_that_names_somebody_else_is_ignored(served: Served) -> None:
    client = signed_in(served, "ludza")
    forged = dict.fromkeys(("X-Grants-User", "X-Remote-User", "Remote-User"), "anna")
    assert client.ask("/people", **forged)[0] == 403
    _, _, page = client.ask("/overview", **forged)
    assert "Anna" not in page
    assert re.search(r'<a class="name"[^>]*>Laima Koordinatore', page)


def test_a_person_changes_their_own_password_and_is_signed_out_elsewhere(served: Served) -> None:
    here, elsewhere, anna = (signed_in(served, who) for who in ("juris", "juris", "anna"))
    old, new = "juris-demo-parole", "zaļš ābols kokā"
    kernel = kernel_of(elsewhere.ask("/overview")[2])
    cases = (
        ("wrong", new, new, 422, "Pašreizējā parole nav pareiza", ["old"]),
        (old, new, new[:-1], 422, "paroles atšķiras", ["again"]),
        (old, "īsa", "īsa", 422, "par īsu", ["new"]),
        (old, new, new, 200, "Parole ir nomainīta", []),
    )
    for before, typed, again, status, sentence, marked in cases:
        answer, _, page = _change(here, before, typed, again)
        assert (answer, sentence in page) == (status, True), page
        assert re.findall(r'name="(\w+)"[^>]* autofocus aria-invalid="true"', page) == marked
        assert before not in page
    assert here.ask("/overview")[0] == 200
    assert elsewhere.ask("/overview")[0] == 302
    assert elsewhere.ask(f"/api/kernels/{kernel}")[0] in (302, 403)
    assert anna.ask("/overview")[0] == 200
    assert Client(served.url).sign_in("juris", old)[0] == 401
    assert Client(served.url).sign_in("juris", new)[0] == 302
    assert _change(here, new, old, old)[0] == 200


def _change(client: Client, old: str, new: str, again: str) -> tuple[int, dict[str, str], str]:
    mark = re.search(r'name="_xsrf" value="([^"]+)"', client.ask("/password")[2])
    assert mark
    form = {"_xsrf": mark[1], "old": old, "new": new, "again": again}
    return client.ask("/password", "POST", form)


def test_who_loses_every_role_is_signed_out_soon(served: Served) -> None:
    served.grants("people", "set", "ilze", "--name", "Ilze", "--roles", "auditor",
                  "--person", "anna")  # fmt: skip
    database = opened(f"sqlite:///{served.home / 'grants.db'}")
    people_ = people.people(database)
    passwords.set_password(database, people_["anna"], "ilze", "zaļš ābols kokā", stored.now())
    client = Client(served.url)
    assert client.sign_in("ilze", "zaļš ābols kokā")[0] == 302
    assert client.ask("/overview")[0] == 200
    gone = replace(people_["ilze"], roles=frozenset())
    people.add_person(database, people_["anna"], gone, stored.now())
    end = time.monotonic() + 30
    assert client.ask("/overview")[0] == 403
    while client.ask("/password")[0] == 200 and time.monotonic() < end:
        time.sleep(1)
    assert client.ask("/password")[0] == 302


def test_a_refused_page_says_one_reason(served: Served) -> None:
    client = signed_in(served, "ludza")
    _, _, rights = client.ask("/people")
    assert "nav tiesību" in rights
    _, _, forged = client.ask("/password", "POST", {"old": "x"})
    assert "nav tiesību" not in forged
    assert "nav nosūtīts no šīs vietnes" in forged


def test_after_five_wrong_passwords_even_the_right_one_must_wait(served: Served) -> None:
    client = Client(served.url)
    answers = [client.sign_in("ludza", "wrong password")[0] for _ in range(5)]
    assert answers == [401] * 5
    status, _, text = client.sign_in("ludza")
    assert status == 429
    assert "Mēģiniet vēlreiz pēc" in text
