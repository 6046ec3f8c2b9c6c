"""People who sign in at an issuer: the whole way, and everything on it that is not as it should."""

from __future__ import annotations

import base64
import hmac
import html
import json
import logging
import re
import time
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from orchestrator.api import login_attempts
from orchestrator.api.app import create_app
from orchestrator.api.callers import IssuedTokens
from orchestrator.api.start import open_service
from orchestrator.api.web.sessions import ATTEMPT, COOKIE
from orchestrator.cli import execute
from orchestrator.errors import ConfigurationError
from orchestrator.logs import configure_logs
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.serve import ServeSettings
from orchestrator.settings.values import Settings, load_settings
from orchestrator.steps import StepClock
from tests.fake_issuer import ANN_AT_CORP, CLIENT_ID, CLIENT_SECRET, FakeIssuer
from tests.serving_sample import ANN, PublishedSample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection

PUBLIC: Final = "https://concord.example"
AUDIENCE: Final = "https://api.concord.example"
STEWARDS: Final = {"steward": ("ann@CORP.example",)}
IAP: Final = "https://cloud.google.com/iap"
IAP_KEYS: Final = "https://www.gstatic.com/iap/verify/public_key-jwk"
IAP_HEADER: Final = "x-goog-iap-jwt-assertion"
IAP_AUDIENCE: Final = "/projects/1/locations/europe-west1/services/concord"


class EndsTls:
    """A proxy in front, which browsers reach by https and the service by http."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        changed = {"scheme": "http"} if scope["type"] == "http" else {}
        await self._app({**scope, **changed}, receive, send)


@pytest.fixture
def issuer() -> Iterator[FakeIssuer]:
    """Run an issuer that knows the pages."""
    with FakeIssuer(f"{PUBLIC}/login/callback") as running:
        yield running


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write one snapshot for all, and return its place."""
    place = str(tmp_path_factory.mktemp("snapshots"))
    settings = Settings(serve=ServeSettings(snapshots=place))
    build_snapshot(cast("Connection", PublishedSample(settings)), "r1", StepClock())
    return place


@pytest.fixture
def opened(
    issuer: FakeIssuer, snapshots: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Service]:
    """Return what opens a service whose people sign in there."""
    monkeypatch.setattr("orchestrator.api.outbox.append", lambda connection, decisions: None)
    monkeypatch.setattr("orchestrator.api.outbox.ensure_own_tables", lambda connection: None)

    def open_it(**changes: Any) -> Service:  # noqa: ANN401
        values = {
            "snapshots": snapshots,
            "issuer": issuer.url,
            "audience": AUDIENCE,
            "public_url": PUBLIC,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "role_members": STEWARDS,
            **changes,
        }
        settings = Settings(state_folder=tmp_path / "state", serve=ServeSettings(**values))
        made = open_service(settings)
        made.outbox._connect = lambda: cast("Connection", None)
        return made

    return open_it


def browser_of(service: Service, address: str = PUBLIC) -> TestClient:
    """Return a browser in front of the proxy; it follows nothing by itself."""
    app = EndsTls(create_app(service)) if address.startswith("https") else create_app(service)
    return TestClient(app, address, follow_redirects=False)


@pytest.fixture
def browser(opened: Callable[..., Service]) -> Iterator[TestClient]:
    """Open the pages of a service with a secret client and one steward."""
    with browser_of(opened()) as client:
        yield client


def sent_back(client: TestClient, start: str = "/login/start") -> str:
    """Go to the issuer by the link, and return where it sends the browser back to."""
    left = client.get(start)
    assert left.status_code == 303, left.text
    back = requests.get(left.headers["location"], allow_redirects=False, timeout=60)
    assert back.status_code == 302, back.text
    return str(back.headers["location"])


def cookie(answer: Any, name: str) -> str:  # noqa: ANN401 - of httpx
    """Return how an answer sets a cookie; empty where it does not."""
    found = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}=")]
    return str(found[-1]) if found else ""


def refused(client: TestClient, status: int, *words: str) -> str:
    """Check that a way back ends with a page that says what to do, and with nobody signed in."""
    return refused_at(client, sent_back(client), status, *words)


def refused_at(client: TestClient, address: str, status: int, *words: str) -> str:
    """Check the same of an address."""
    answer = client.get(address)
    text = str(html.unescape(answer.text))
    assert answer.status_code == status, text
    assert answer.headers["content-type"].startswith("text/html")
    for word in words:
        assert word in text
    assert "Traceback" not in text
    assert COOKIE not in str(answer.headers.get_list("set-cookie"))
    assert client.get("/").status_code == 303
    return text


# --- The way -------------------------------------------------------------------------------------


def test_the_whole_way_from_the_front_door(browser: TestClient, issuer: FakeIssuer) -> None:
    asked = browser.get("/review?entity=person")
    assert asked.headers["location"] == "/login?back=%2Freview%3Fentity%3Dperson"
    login = browser.get(asked.headers["location"])
    assert f"Sign in with {urlsplit(issuer.url).hostname}" in login.text
    assert "<form" not in login.text
    assert "<input" not in login.text
    (start,) = re.findall(r'href="(/login/start[^"]*)"', login.text)
    assert 'hx-boost="false"' in login.text

    left = browser.get(html.unescape(start))
    held = cookie(left, f"__Host-{ATTEMPT}")
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"):
        assert word in held
    assert "Domain" not in held
    query = parse_qs(urlsplit(left.headers["location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"{PUBLIC}/login/callback"]

    back = requests.get(left.headers["location"], allow_redirects=False, timeout=60)
    came = browser.get(back.headers["location"])
    # No redirect: the browser would leave the Strict cookie out of it.
    assert came.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/review?entity=person">' in came.text
    held = cookie(came, f"__Host-{COOKIE}")
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/", "Max-Age=43200"):
        assert word in held
    assert "Domain" not in held
    assert "Max-Age=0" in cookie(came, f"__Host-{ATTEMPT}")
    assert came.headers["cache-control"] == "no-store"
    assert "form-action 'self'" in came.headers["content-security-policy"]

    page = browser.get("/review?entity=person")
    assert page.status_code == 200
    assert "ann@corp.example, steward" in page.text
    # Signed in is signed in, also for a link from elsewhere, which came without the cookie.
    again = browser.get("/login/start?back=/runs")
    assert (again.status_code, again.headers["location"]) == (303, "/runs")


def test_a_decision_behind_the_proxy(browser: TestClient) -> None:
    browser.get(sent_back(browser))
    (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', browser.get("/").text))
    form = {"text": "lee", "form_token": token}
    ours = {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"}
    assert "Ann Lee" in browser.post("/", data=form, headers=ours).text
    foreign = ("http://concord.example", "https://concord.example:8443", "https://evil.example")
    for origin in (*foreign, "https://concord.example.evil.example", "null"):
        assert browser.post("/", data=form, headers={"Origin": origin}).status_code == 403


def test_the_address_for_openrefine_is_the_public_one(browser: TestClient) -> None:
    """It has a key in it: no browser may send it by http first."""
    browser.get(sent_back(browser))
    (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', browser.get("/").text))
    inside = {"Host": "concord.internal:8080"}
    made = browser.post("/reconcile-key", data={"form_token": token}, headers=inside)
    (address,) = re.findall(r"<code>(\S+/reconcile/[\w-]{43})</code>", made.text)
    assert address.startswith(f"{PUBLIC}/reconcile/")
    document = browser.get(address, headers=inside).text
    assert f'"{address}/preview/{{{{id}}}}"' in document
    assert set(re.findall(r"https?://[^/\"]+", document)) == {PUBLIC}
    for path in (f"{address}/", "/runs/", "/v1/runs/"):
        slipped = browser.get(path)
        assert (slipped.status_code, slipped.headers.get("location")) == (404, None)


def test_signing_out_leads_to_the_issuers_own_page(browser: TestClient, issuer: FakeIssuer) -> None:
    browser.get(sent_back(browser))
    (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', browser.get("/").text))
    out = browser.post("/logout", data={"form_token": token})
    assert out.status_code == 200
    assert "Max-Age=0" in cookie(out, f"__Host-{COOKIE}")
    assert "Secure" in cookie(out, f"__Host-{COOKIE}")
    (link,) = re.findall(r'href="(http[^"]+)"', out.text)
    parts = urlsplit(html.unescape(link))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{issuer.url}/leave"
    assert parse_qs(parts.query) == {
        "client_id": [CLIENT_ID],
        "post_logout_redirect_uri": [f"{PUBLIC}/login"],
    }
    assert browser.get("/").status_code == 303


def test_an_issuer_without_a_page_for_signing_out(browser: TestClient, issuer: FakeIssuer) -> None:
    issuer.described = {"end_session_endpoint": None}
    browser.get(sent_back(browser))
    (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', browser.get("/").text))
    out = browser.post("/logout", data={"form_token": token})
    assert (out.status_code, out.headers["location"]) == (303, "/login")


def test_on_this_machine_cookies_need_no_https(
    opened: Callable[..., Service], issuer: FakeIssuer
) -> None:
    here = "http://127.0.0.1:8080"
    issuer.redirect_uri = f"{here}/login/callback"
    with browser_of(opened(public_url=f"{here}/"), here) as client:
        left = client.get("/login/start")
        assert "Secure" not in cookie(left, ATTEMPT)
        assert "SameSite=lax" in cookie(left, ATTEMPT)
        came = client.get(sent_back(client))
        assert "Secure" not in cookie(came, COOKIE)
        assert "SameSite=strict" in cookie(came, COOKIE)
        assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("secret", "methods"),
    [
        (None, ("none",)),
        (CLIENT_SECRET, ("client_secret_post",)),
        (CLIENT_SECRET, ("client_secret_basic",)),
        (CLIENT_SECRET, ()),
    ],
)
def test_clients_say_who_they_are_as_the_issuer_wants_it(
    opened: Callable[..., Service], issuer: FakeIssuer, secret: str | None, methods: tuple[str, ...]
) -> None:
    issuer.secret = secret
    issuer.methods = methods or ("client_secret_basic",)
    # By default it is the header (OpenID Connect Discovery).
    issuer.described = {} if methods else {"token_endpoint_auth_methods_supported": None}
    with browser_of(opened(client_secret=secret)) as client:
        assert client.get(sent_back(client)).status_code == 200
        assert client.get("/").status_code == 200
    (sent,) = [params for path, params in issuer.asked if path == "/token"]
    assert ("client_secret" in sent) is (methods == ("client_secret_post",))


def test_no_login_leads_to_another_site(browser: TestClient) -> None:
    for back in (
        # Thousands of logins under way are kept in memory.
        f"/{'a' * 60_000}",
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
        "/a.evil.example/../..//x",
        '/x"><script>',
        "/review;url=//evil.example",
        "/review\n//evil.example",
    ):
        login = browser.get("/login", params={"back": back})
        assert 'href="/login/start?back=%2F"' in login.text
        left = browser.get("/login/start", params={"back": back})
        way = requests.get(left.headers["location"], allow_redirects=False, timeout=60)
        came = browser.get(way.headers["location"])
        assert 'content="0; url=/"' in came.text
        signed_in = browser.get("/login/start", params={"back": back})
        assert signed_in.headers["location"] == "/"
        browser.cookies.clear()


# --- Who may what --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "members", "role"),
    [
        ({"email_verified": True}, {"steward": ["ann@corp.example"]}, "steward"),
        ({"email_verified": "true"}, {"reader": ["ann@corp.example"]}, "reader"),
        ({}, {"admin": [ANN_AT_CORP["sub"]], "reader": [ANN_AT_CORP["sub"]]}, "admin"),
        ({"roles": ["reader", "else"]}, {}, "reader"),
        ({"roles": "reader admin"}, {"steward": ["ann@corp.example"]}, "admin"),
        ({"roles": ["crm-team"]}, {"steward": ["group:crm-team"]}, "steward"),
    ],
)
def test_roles_by_claim_and_by_membership(
    opened: Callable[..., Service],
    issuer: FakeIssuer,
    person: dict[str, Any],
    members: dict[str, Any],
    role: str,
) -> None:
    issuer.person.update(person)
    with browser_of(opened(role_members=members)) as client:
        client.get(sent_back(client))
        assert f"ann@corp.example, {role}" in client.get("/").text


@pytest.mark.parametrize(
    "person",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": 1},
        {"email_verified": "false"},
        {"email_verified": ["true"]},
        {"email": "bob@corp.example"},
        {"email": None},
        {"email": ["ann@corp.example"]},
        # Kelvin's sign, in small letters, is a k; the list below has one.
        {"email": "\u212ai@corp.example"},
        {"sub": "ann@corp.example", "email": None},
        {"sub": "group:crm-team", "email": None},
        {"roles": ["ann@corp.example", "owner", 7], "email": None},
        {"roles": {"steward": True}, "email": None},
        {"groups": ["crm-team"], "email": None},
    ],
)
def test_who_has_no_role_is_told_so(
    opened: Callable[..., Service], issuer: FakeIssuer, person: dict[str, Any]
) -> None:
    issuer.person.update(person)
    members = {"steward": ["ann@corp.example", "ki@corp.example", "group:crm-team"]}
    with browser_of(opened(role_members=members)) as client:
        refused(client, 403, "You have no role here", "CONCORD_SERVE_ROLE_MEMBERS")


def test_a_reader_sees_shapes_and_decides_nothing(
    opened: Callable[..., Service], issuer: FakeIssuer
) -> None:
    service = opened(role_members={"reader": ["ann@corp.example"]})
    with browser_of(service) as client:
        client.get(sent_back(client))
        page = client.get(f"/persons/{ANN}").text
        assert "a**.l**@l**.example" in page
        assert "ann.lee@lee.example" not in page
        (token,) = set(re.findall(r'name="form_token" value="([^"]+)"', client.get("/").text))
        form = {"entity": "person", "left_id": "a", "right_id": "b", "verdict": "same"}
        answer = client.post("/decide", data={**form, "key": "12345678", "form_token": token})
        assert answer.status_code == 403
    assert service.outbox.all() == []


# --- What is not as it should be -----------------------------------------------------------------


def test_a_way_back_that_nobody_went(browser: TestClient) -> None:
    words = (400, "This login is over", "Sign in again")
    refused_at(browser, "/login/callback", *words)
    refused_at(browser, "/login/callback?code=x&state=y", *words)
    refused_at(browser, "/login/callback?error=access_denied", *words)
    refused_at(browser, "/login/callback?state=%F0%28&code=%00", *words)


def test_a_wrong_state_ends_nothing_and_lets_nobody_in(
    browser: TestClient, issuer: FakeIssuer
) -> None:
    back = sent_back(browser)
    refused_at(browser, re.sub("state=[^&]+", "state=guess", back), 400, "This login is over")
    assert "/token" not in [path for path, _ in issuer.asked]
    assert browser.get(back).status_code == 200
    assert browser.get("/").status_code == 200


def test_a_way_back_is_gone_once(browser: TestClient, issuer: FakeIssuer) -> None:
    back = sent_back(browser)
    held = dict(browser.cookies)
    assert browser.get(back).status_code == 200
    browser.cookies.clear()
    # Also by whoever has all that the browser had.
    for name, value in held.items():
        browser.cookies.set(name, value, domain="concord.example")
    refused_at(browser, back, 400, "This login is over")
    assert len([path for path, _ in issuer.asked if path == "/token"]) == 1


def test_another_browsers_way_back(opened: Callable[..., Service]) -> None:
    service = opened()
    with browser_of(service) as mine:
        theirs = browser_of(service)
        back = sent_back(theirs)
        refused_at(mine, back, 400, "began in another browser")
        mine.get("/login/start")
        refused_at(mine, back, 400, "began in another browser")
        assert theirs.get(back).status_code == 200
        assert theirs.get("/").status_code == 200


def test_a_way_back_that_takes_too_long(
    opened: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_attempts, "ATTEMPT_SECONDS", 0)
    with browser_of(opened()) as client:
        refused(client, 400, "It took longer than ten minutes")


def test_many_logins_under_way_push_out_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_attempts, "MOST_ATTEMPTS", 3)
    attempts = login_attempts.LoginAttempts()
    made = [attempts.begin("/") for _ in range(5)]
    ended = [attempts.end(one.browser, one.state) for one in made]
    assert ended == [None, None, *made[2:]]
    assert len({part for one in made for part in (one.browser, one.state, one.nonce)}) == 15


def test_no_session_is_taken_from_a_browser(opened: Callable[..., Service]) -> None:
    """Whoever put a cookie into a browser before its login does not know the one after it."""
    service = opened()
    with browser_of(service) as client:
        name = f"__Host-{COOKIE}"
        client.cookies.set(name, "planted", domain="concord.example")
        came = client.get(sent_back(client))
        assert "planted" not in cookie(came, name)
        first = client.cookies[name]
        assert first != "planted"
        # A second login in the same browser ends the first.
        client.get("/logout")
        service.sessions.begin(service.sessions._sessions[first].caller, *_exchange(client))
        assert first not in service.sessions._sessions
    with browser_of(service) as other:
        other.cookies.set(f"__Host-{ATTEMPT}", "planted", domain="concord.example")
        assert "planted" not in cookie(other.get("/login/start"), f"__Host-{ATTEMPT}")


def _exchange(client: TestClient) -> tuple[Any, Any]:
    from starlette.requests import Request
    from starlette.responses import Response

    held = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    app = cast("Any", client.app)._app
    headers = [(b"cookie", held.encode()), (b"host", b"concord.example")]
    return Request({"type": "http", "app": app, "headers": headers}), Response()


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("access_denied", "'access_denied'"),
        ("login_required", "'login_required'"),
        ("<script>alert(1)</script>", "'no known error'"),
        ("Call 555-0100 to unlock", "'no known error'"),
    ],
)
def test_an_issuer_that_says_no(
    browser: TestClient, issuer: FakeIssuer, error: str, shown: str
) -> None:
    issuer.error = {"error": error, "error_description": "Call 555-0100 to unlock"}
    text = refused(browser, 403, "did not let you in", shown)
    assert "555" not in text
    assert "<script>" not in text


def unsigned(claims: dict[str, Any]) -> str:
    """Return a token that says it needs no signature."""
    return _parts({"alg": "none"}, claims) + "."


def _parts(header: dict[str, Any], claims: dict[str, Any]) -> str:
    encoded = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, claims)
    ]
    return ".".join(encoded)


STRANGER: Final = RSAKey.generate_key(2048, {"kid": "one"})
FORGED: Final[dict[str, Callable[[FakeIssuer], Callable[[dict[str, Any]], str]]]] = {
    "alg none": lambda issuer: unsigned,
    "a stranger's key": lambda issuer: (
        lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, STRANGER)
    ),
    "the public key as a secret": lambda issuer: (
        lambda claims: _with_public_key(issuer.key, claims)
    ),
    "another algorithm": lambda issuer: (
        lambda claims: jwt.encode({"alg": "RS512", "kid": "one"}, claims, issuer.key, ["RS512"])
    ),
    "a changed claim": lambda issuer: (
        lambda claims: _changed(jwt.encode({"alg": "RS256", "kid": "one"}, claims, issuer.key))
    ),
    "its own key in the header": lambda issuer: (
        lambda claims: jwt.encode(
            {"alg": "RS256", "jwk": STRANGER.as_dict(private=False)}, claims, STRANGER
        )
    ),
    "no token": lambda issuer: lambda claims: "no.token.at-all",
    "nothing": lambda issuer: lambda claims: "",
}


def _with_public_key(key: RSAKey, claims: dict[str, Any]) -> str:
    signed = _parts({"alg": "HS256", "kid": "one"}, claims)
    digest = hmac.digest(key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _changed(token: str) -> str:
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{_parts({}, {**claims, 'roles': ['admin']}).split('.')[1]}.{signature}"


@pytest.mark.parametrize("kind", FORGED)
def test_forged_tokens(browser: TestClient, issuer: FakeIssuer, kind: str) -> None:
    issuer.sign = FORGED[kind](issuer)
    refused(browser, 502, "did not work", "its token is not good")


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another login"},
        {"nonce": None},
        {"iss": "https://accounts.evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": AUDIENCE},
        {"aud": [CLIENT_ID, "another-client"]},
        {"aud": [CLIENT_ID, "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"iat": int(time.time()) - 3600},
        {"iat": int(time.time()) + 3600},
        {"iat": None},
        {"nbf": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"at_hash": "of another access token"},
    ],
)
def test_tokens_that_are_of_something_else(
    browser: TestClient, issuer: FakeIssuer, claims: dict[str, Any]
) -> None:
    issuer.claims = claims
    refused(browser, 502, "its token is not good")


def test_a_token_for_us_among_others(browser: TestClient, issuer: FakeIssuer) -> None:
    issuer.claims = {"aud": [CLIENT_ID, "another-client"], "azp": CLIENT_ID}
    assert browser.get(sent_back(browser)).status_code == 200


def test_a_token_of_an_elliptic_curve(browser: TestClient, issuer: FakeIssuer) -> None:
    key = ECKey.generate_key("P-256", {"kid": "curve"})
    issuer.key = cast("RSAKey", key)
    issuer.sign = lambda claims: jwt.encode({"alg": "ES256", "kid": "curve"}, claims, key)
    assert browser.get(sent_back(browser)).status_code == 200


def test_the_verifier_is_checked(opened: Callable[..., Service], issuer: FakeIssuer) -> None:
    """A code that was stolen is of no use: the issuer compares the verifier with its hash."""
    service = opened()
    with browser_of(service) as client:
        back = sent_back(client)
        (browser,) = service.attempts._attempts
        attempt = service.attempts._attempts[browser]
        other = login_attempts.LoginAttempt("/", browser, attempt.state, attempt.nonce)
        service.attempts._attempts[browser] = other
        refused_at(client, back, 502, "it did not confirm the login")
        (authorized,) = [params for path, params in issuer.asked if path == "/authorize"]
        (exchanged,) = [params for path, params in issuer.asked if path == "/token"]
        assert exchanged["code_verifier"] == other.verifier
        assert attempt.verifier not in str(issuer.asked)
        assert len(authorized["code_challenge"]) == 43


def test_an_answer_of_another_issuer(browser: TestClient, issuer: FakeIssuer) -> None:
    back = sent_back(browser)
    refused_at(browser, f"{back}&iss=https://accounts.evil.example", 502, "another issuer")
    assert "/token" not in [path for path, _ in issuer.asked]
    assert browser.get(f"{sent_back(browser)}&iss={issuer.url}").status_code == 200


def test_a_code_of_somebody_else(browser: TestClient) -> None:
    back = sent_back(browser)
    refused_at(browser, re.sub("code=[^&]+", "code=guess", back), 502, "did not confirm")


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "opaque", "token_type": "Bearer"},
        {"id_token": 7},
        {"id_token": None},
        {"error": {"is": "no word"}},
        {"expires_in": "soon", "id_token": "x"},
        [],
        "text",
    ],
)
def test_answers_that_make_no_sense(browser: TestClient, issuer: FakeIssuer, answer: Any) -> None:  # noqa: ANN401
    issuer.answer = answer
    refused(browser, 502, "did not work", "Sign in again")


def test_a_wrong_secret_is_named_as_such(
    opened: Callable[..., Service], issuer: FakeIssuer
) -> None:
    with browser_of(opened(client_secret="another")) as client:  # noqa: S106
        refused(client, 502, "CONCORD_SERVE_CLIENT_ID or _SECRET")


def test_an_issuer_that_is_down_at_each_step(
    opened: Callable[..., Service], issuer: FakeIssuer
) -> None:
    service = opened()
    login = cast("Any", service.login)
    with browser_of(service) as client:
        issuer.broken = {"/.well-known/openid-configuration"}
        refused_at(client, "/login/start", 502, "does not answer", "CONCORD_SERVE_ISSUER")
        # Nobody makes us ask all the time.
        refused_at(client, "/login/start", 502, "does not answer")
        assert len(issuer.asked) == 1
        login._tried_at = float("-inf")
        issuer.broken = {"/token"}
        refused(client, 502, "did not confirm the login")
        issuer.broken = {"/keys"}
        refused(client, 502, "its token is not good")
        issuer.broken = set()
        cast("Any", service.tokens)._keys._tried_at = float("-inf")
        assert client.get(sent_back(client)).status_code == 200
        client.cookies.clear()
        back = sent_back(client)
        # What is known of it is enough for as long as only its description is away.
        issuer.broken = {"/.well-known/openid-configuration"}
        login._fetched_at = login._tried_at = float("-inf")
        assert client.get(back).status_code == 200


def test_an_issuer_that_is_gone(opened: Callable[..., Service], issuer: FakeIssuer) -> None:
    with browser_of(opened()) as client:
        back = sent_back(client)
        issuer.__exit__(None, None, None)
        refused_at(client, back, 502, "did not confirm the login")
        # The others go on.
        assert client.get("/livez").status_code == 200


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://accounts.evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://issuer.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"end_session_endpoint": "http://issuer.example/leave"},
        {"token_endpoint": 7},
    ],
)
def test_descriptions_that_are_not_trusted(
    browser: TestClient, issuer: FakeIssuer, described: dict[str, Any]
) -> None:
    issuer.described = described
    refused_at(browser, "/login/start", 502, "does not answer")


def test_the_secret_follows_no_redirect(
    opened: Callable[..., Service], issuer: FakeIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with browser_of(opened()) as client:
        back = sent_back(client)
        asked = len(issuer.asked)
        monkeypatch.setattr(issuer, "_token", lambda to, params: (302, f"{issuer.url}/keys"))
        refused_at(client, back, 502, "did not work")
        assert [path for path, _ in issuer.asked[asked:]] == ["/token"]


# --- Secrets -------------------------------------------------------------------------------------


def test_nothing_secret_is_written_down(
    opened: Callable[..., Service],
    issuer: FakeIssuer,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    service = opened()
    configure_logs(service.settings, __import__("sys").stderr, is_terminal=False)
    caplog.set_level(logging.DEBUG)
    with browser_of(service) as client:
        client.get(sent_back(client))
        client.get(re.sub("state=[^&]+", "state=guess", sent_back(browser_of(service))))
        issuer.sign = unsigned
        other = browser_of(service)
        other.get(sent_back(other))
        issuer.sign, issuer.secret = None, "changed"
        other.get(sent_back(other))
    written = capsys.readouterr()
    # What the browser of this test says, also on its way to the issuer, is no word of ours.
    ours = [
        line
        for line in (caplog.text + written.out + written.err).splitlines()
        if "httpx:" not in line and "GET /authorize" not in line
    ]
    text = "\n".join(ours)
    assert "sign in" in text
    assert ANN_AT_CORP["sub"] in text
    assert "invalid_client" in text
    secret = {CLIENT_SECRET, "ann@corp.example", *issuer._codes}
    for path, params in issuer.asked:
        if path == "/token":
            secret |= {params["code"], params["code_verifier"], params.get("client_secret", "")}
        # The way to the issuer is in the browser's address, and in no line of ours.
        if path == "/authorize":
            secret |= {params["state"], params["nonce"]}
    for one in secret - {""}:
        assert one not in text


def test_the_secret_is_in_no_list_of_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], issuer: FakeIssuer
) -> None:
    for name, value in {
        "ISSUER": issuer.url,
        "AUDIENCE": AUDIENCE,
        "PUBLIC_URL": PUBLIC,
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": CLIENT_SECRET,
        "ROLE_MEMBERS": '{"admin": ["ann@corp.example"]}',
    }.items():
        monkeypatch.setenv(f"CONCORD_SERVE_{name}", value)
    for options in ([], ["--json"], ["--markdown"]):
        assert execute(["settings", *options]) == 0
        shown = capsys.readouterr()
        assert CLIENT_SECRET not in shown.out + shown.err
        if "--markdown" not in options:
            assert "********" in shown.out
    assert CLIENT_SECRET not in repr(load_settings())
    monkeypatch.setenv("CONCORD_SERVE_PUBLIC_URL", "")
    with pytest.raises(ConfigurationError) as error:
        load_settings()
    assert CLIENT_SECRET[-12:] not in f"{error.value}{error.value.__cause__}"


def test_the_secret_can_be_in_secret_manager(
    opened: Callable[..., Service], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def read(settings: Settings, value: str) -> str:
        asked.append(value)
        return CLIENT_SECRET

    monkeypatch.setattr("orchestrator.api.start.read_secret", read)
    with browser_of(opened(client_secret="secret://login")) as client:  # noqa: S106
        assert client.get(sent_back(client)).status_code == 200
    assert asked == ["secret://login"]


# --- Programs, and proxies -----------------------------------------------------------------------


def test_programs_and_people_have_audiences_of_their_own(
    opened: Callable[..., Service], issuer: FakeIssuer
) -> None:
    """A service account of Google has an address that is its own, and no claim with roles."""
    members = {"reader": ["crm@project.iam.gserviceaccount.com"], "steward": ["ann@corp.example"]}
    account = {"sub": "1", "email": "crm@project.iam.gserviceaccount.com", "nonce": None}
    with browser_of(opened(role_members=members)) as client:

        def status(**claims: Any) -> int:  # noqa: ANN401
            token = issuer.id_token(**{**account, **claims})
            answer = client.get("/v1/runs", headers={"Authorization": f"Bearer {token}"})
            return int(answer.status_code)

        assert status(aud=AUDIENCE) == 200
        assert status(aud=CLIENT_ID) == 401
        assert status(aud=AUDIENCE, email="other@project.iam.gserviceaccount.com") == 403
        assert status(aud=AUDIENCE, email_verified=False) == 403
        # A person's session opens the pages, and not the API; a token is no key for the pages.
        client.get(sent_back(client))
        assert client.get("/v1/runs").status_code == 401
        client.cookies.clear()
        pasted = client.post("/login", data={"key": issuer.id_token(aud=AUDIENCE)})
        assert (pasted.status_code, COOKIE in str(pasted.headers)) == (404, False)


def test_without_a_client_there_is_the_api_alone(opened: Callable[..., Service]) -> None:
    with browser_of(opened(client_id=None, client_secret=None)) as client:
        for path in ("/", "/login", "/login/start", "/login/callback", "/review"):
            assert client.get(path).status_code == 404
        assert client.get("/v1/runs").status_code == 401


@pytest.fixture
def iap_key(monkeypatch: pytest.MonkeyPatch) -> ECKey:
    """Return the key with which IAP signs; its public half is at the address of the setting."""
    key = ECKey.generate_key("P-256", {"kid": "iap", "alg": "ES256", "use": "sig"})

    class Keys:
        def raise_for_status(self) -> None:
            """Be well."""

        def json(self) -> Any:  # noqa: ANN401
            return KeySet([key]).as_dict(private=False)

    def get(address: str, timeout: float) -> Keys:
        # It has no description.
        assert address == IAP_KEYS
        return Keys()

    monkeypatch.setattr(requests, "get", get)
    return key


def assertion(key: ECKey, **changes: Any) -> dict[str, str]:  # noqa: ANN401
    """Return the header of IAP; it says nothing of verified addresses."""
    now = int(time.time())
    claims = {
        "iss": IAP,
        "aud": IAP_AUDIENCE,
        "sub": "accounts.google.com:1076",
        "email": "ann@corp.example",
        "iat": now,
        "exp": now + 600,
        **changes,
    }
    return {IAP_HEADER: jwt.encode({"alg": "ES256", "kid": "iap"}, claims, key)}


@pytest.fixture
def behind_iap(opened: Callable[..., Service], iap_key: ECKey) -> Service:
    """Open a service behind IAP."""
    return opened(
        issuer=IAP,
        audience=IAP_AUDIENCE,
        keys_url=IAP_KEYS,
        token_header=IAP_HEADER,
        client_id=None,
        client_secret=None,
    )


def test_callers_whom_iap_has_let_in(behind_iap: Service, iap_key: ECKey) -> None:
    good = assertion(iap_key)
    with browser_of(behind_iap) as client:
        seen = client.get("/v1/review", headers=good)
        assert seen.status_code == 200
        assert "ann.lee@lee.example" in seen.text
        other = ECKey.generate_key("P-256", {"kid": "iap"})
        for headers in (
            {},
            {"Authorization": f"Bearer {good[IAP_HEADER]}"},
            {IAP_HEADER: ""},
            assertion(other),
            assertion(iap_key, aud="/projects/1/locations/europe-west1/services/other"),
            assertion(iap_key, iss="https://accounts.google.com"),
            assertion(iap_key, exp=int(time.time()) - 120),
            {IAP_HEADER: unsigned({"iss": IAP, "aud": IAP_AUDIENCE, "sub": "x", "exp": 9e9})},
        ):
            assert client.get("/v1/runs", headers=headers).status_code == 401
            assert client.get("/reconcile/suggest/type", headers=headers).status_code == 401
        assert client.get("/reconcile/suggest/type", headers=good).status_code == 200
        assert client.get("/v1/runs", headers=assertion(iap_key, email="x@y.z")).status_code == 403
        # A tag says who has asked: here it is this header.
        tag = {"If-None-Match": seen.headers["etag"]}
        assert client.get("/v1/review", headers={**good, **tag}).status_code == 304
        again = assertion(iap_key, jti="another")
        assert client.get("/v1/review", headers={**again, **tag}).status_code == 200


def test_who_signs_in_all_the_time_pushes_nobody_out(
    behind_iap: Service, iap_key: ECKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.api.web.sessions.MOST_OF_ONE", 2)
    other = assertion(iap_key, sub="2")
    app = create_app(behind_iap)
    with TestClient(app, PUBLIC, follow_redirects=False) as client:
        client.get("/login/start", headers=other)
        browsers = []
        for _ in range(3):
            browsers.append(TestClient(app, PUBLIC, follow_redirects=False))
            browsers[-1].get("/login/start", headers=assertion(iap_key))
        answers = [one.get("/runs", headers=assertion(iap_key)).status_code for one in browsers]
        assert answers == [303, 200, 200]
        assert client.get("/runs", headers=other).status_code == 200


def test_no_other_site_acts_for_whom_iap_has_let_in(behind_iap: Service, iap_key: ECKey) -> None:
    """IAP knows browsers by a cookie, which comes along with a form of any site."""
    good = assertion(iap_key)
    with browser_of(behind_iap) as client:
        for path in ("/v1/reconcile-keys", "/reconcile"):
            for foreign in (
                {"Sec-Fetch-Site": "cross-site"},
                {"Sec-Fetch-Site": "same-site"},
                {"Origin": "https://evil.example"},
                {"Origin": "null"},
            ):
                answer = client.post(path, headers={**good, **foreign})
                assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
        assert client.post("/v1/reconcile-keys", headers=good).status_code == 201
        ours = {"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"}
        assert client.post("/v1/reconcile-keys", headers={**good, **ours}).status_code == 201
        # A link from elsewhere only reads, and another site does not see what.
        link = {"Sec-Fetch-Site": "cross-site"}
        assert client.get("/v1/runs", headers={**good, **link}).status_code == 200


def test_the_pages_behind_iap(behind_iap: Service, iap_key: ECKey) -> None:
    good = assertion(iap_key)
    with browser_of(behind_iap) as client:
        assert client.get("/", headers=good).headers["location"] == "/login"
        assert "/login/start?back=%2F" in client.get("/login", headers=good).text
        assert client.get("/login/start").status_code == 401
        stranger = assertion(iap_key, email="x@y.z")
        told = client.get("/login/start", headers=stranger)
        assert (told.status_code, "You have no role here" in told.text) == (403, True)
        let_in = client.get("/login/start?back=/runs", headers=good)
        assert (let_in.status_code, let_in.headers["location"]) == (303, "/runs")
        assert "SameSite=strict" in cookie(let_in, f"__Host-{COOKIE}")
        assert client.get("/runs", headers=good).status_code == 200
        # The session is of whoever the proxy names, in each request.
        assert client.get("/runs").status_code == 401
        assert client.get("/runs", headers=assertion(iap_key, sub="2")).status_code == 303
        assert client.get("/runs", headers=stranger).status_code == 403


# --- Settings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"public_url": None}, "needs CONCORD_SERVE_ISSUER and CONCORD_SERVE_PUBLIC_URL"),
        ({"issuer": None}, "needs CONCORD_SERVE_ISSUER and CONCORD_SERVE_PUBLIC_URL"),
        ({"public_url": "http://concord.example"}, "has to begin with https"),
        ({"public_url": "https://concord.example/pages"}, "without a path"),
        ({"public_url": "https://me:secret@concord.example"}, "without a path"),
        ({"public_url": "concord.example"}, "without a path"),
        ({"issuer": "http://issuer.example"}, "has to begin with https"),
        ({"client_id": None}, "CONCORD_SERVE_CLIENT_SECRET needs"),
        ({"token_header": IAP_HEADER}, "takes the place of"),
        ({"keys_url": "http://keys.example"}, "has to begin with https"),
        ({"scopes": "email"}, "pattern"),
        ({"role_members": "ann"}, "has to be JSON"),
        ({"role_members": '["ann"]'}, "have to be among reader, steward, admin"),
        ({"role_members": {"owner": ["ann"]}}, "have to be among reader, steward, admin"),
        ({"role_members": {"admin": "ann"}}, "a list of names"),
        ({"role_members": {"admin": [""]}}, "a list of names"),
    ],
)
def test_settings_that_make_no_login(changes: dict[str, Any], problem: str) -> None:
    good = {
        "issuer": "https://issuer.example",
        "audience": AUDIENCE,
        "public_url": PUBLIC,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }
    assert ServeSettings(**good).has_login
    with pytest.raises(ValueError, match=problem):
        ServeSettings(**{**good, **changes})


def test_addresses_are_written_as_browsers_write_origins() -> None:
    for given, written in (
        ("https://Concord.Example:443/", "https://concord.example"),
        ("https://concord.example:8443", "https://concord.example:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:80/", "http://[::1]"),
        ("", None),
    ):
        assert ServeSettings(public_url=given).public_url == written


def test_the_command_says_where_people_sign_in(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    issuer: FakeIssuer,
) -> None:
    from orchestrator.api import start

    class Server:
        def run(self) -> None:
            """End at once."""

    monkeypatch.setattr(start, "make_server", lambda service: Server())
    for name, value in {
        "STATE_FOLDER": str(tmp_path),
        "SERVE_ISSUER": issuer.url,
        "SERVE_AUDIENCE": AUDIENCE,
        "SERVE_PUBLIC_URL": PUBLIC,
        "SERVE_CLIENT_ID": CLIENT_ID,
        "SERVE_CLIENT_SECRET": CLIENT_SECRET,
        "SERVE_HOST": "0.0.0.0",  # noqa: S104 - nothing listens
    }.items():
        monkeypatch.setenv(f"CONCORD_{name}", value)
    assert execute(["serve", "--port", "0"]) == 0
    said = capsys.readouterr().out
    assert f"People sign in at {PUBLIC}/login (by 127.0.0.1)" in said
    assert CLIENT_SECRET not in said
    assert not (tmp_path / "serve.key").exists()


def test_tokens_need_no_client(issuer: FakeIssuer) -> None:
    tokens = IssuedTokens(ServeSettings(issuer=issuer.url, audience=AUDIENCE, role_members="{}"))
    found = tokens.caller(issuer.id_token(aud=AUDIENCE, roles=["admin"]))
    assert (found.subject, found.role) == (ANN_AT_CORP["sub"], "admin")
