"""Whatever a server does wrong is an error that says what, where and what to do; and only that."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources
from psfpolicy.engine.limits import Limits
from psfpolicy.engine.opa import OpaEngine
from psfpolicy.engine.serving import Serving
from psfpolicy.errors import AnswerError, EngineError, EvaluationError, LimitError, ServerError, UsageError
from tests.servers import PROVENANCE, REPORT, Authority, Fake, Handler, faked, policy_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "s3cret-token-of-a-test"  # noqa: S105  # of no server but a test's
VARIABLE = "OPA_TOKEN"
QUESTION: dict[str, Any] = {"descriptor": {"spec": {}}}


@pytest.fixture
def fake() -> Iterator[Fake]:
    with faked() as found:
        yield found


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def engine(*urls: str, limits: Limits | None = None, pauses: tuple[float, ...] = (), **more: Any) -> OpaEngine:
    return OpaEngine(Serving(urls=urls, **more), limits=limits, pauses_seconds=pauses)


def raised(fake: Fake, rule: str, behave: Callable[[Handler], None], **more: Any) -> EngineError:
    """Give what an engine raises when a rule is asked, or already when it connects."""
    fake.on(rule, behave)
    asking = engine(fake.url, **more)

    def ask() -> None:
        asking.connect()
        asking.evaluate(QUESTION)

    with pytest.raises(EngineError) as stop:
        ask()
    return stop.value


def saying(body: Any, status: int = 200, **headers: str) -> Callable[[Handler], None]:
    return lambda handler: handler.say(body, status, **headers)


def test_a_server_of_the_policy_in_force_is_asked(fake: Fake) -> None:
    asking = engine(fake.url)

    assert asking.connect() == ((PROVENANCE["version"],), ())
    assert (asking.name, asking.version) == ("opa", resources.manifest().opa)
    assert asking.evaluate(QUESTION) == REPORT
    assert asking.decisions() == ()
    assert [path for path, _ in fake.seen] == ["/v1/data/psfpolicy/bundle", "/health", "/v1/data/psfpolicy/report"]
    asking.close()


def test_the_rules_are_asked_below_the_package_of_the_settings(fake: Fake) -> None:
    fake.behaviours["/v1/data/acme/psf/bundle"] = saying({"result": policy_row(), "provenance": PROVENANCE})
    asking = engine(fake.url, package="acme.psf")

    asking.connect()
    asking.evaluate(QUESTION, "sizing")

    assert fake.seen[-1][0] == "/v1/data/acme/psf/sizing"


def test_ids_of_decisions_are_given_once_and_to_the_thread_that_asked(fake: Fake) -> None:
    fake.on("report", saying({"result": REPORT, "provenance": PROVENANCE, "decision_id": "d-1"}))
    asking = engine(fake.url)
    asking.connect()
    asking.evaluate(QUESTION)
    asking.evaluate(QUESTION)

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asking.decisions).result() == ()
    assert asking.decisions() == ("d-1", "d-1")
    assert asking.decisions() == ()


REFUSALS: dict[str, tuple[Callable[[Handler], None], type[EngineError], str, str]] = {
    "401": (saying({"code": "unauthorized"}, 401), ServerError, "does not know who asks (HTTP 401: unauth", "tokenEnv"),
    "403": (saying({"message": "denied by authz"}, 403), ServerError, "HTTP 403: denied by authz", "authorization"),
    "404": (saying(b"404 page not found", 404), ServerError, "has no such path (HTTP 404)", "OPA bundle"),
    "405": (saying(b"[]", 405), ServerError, "refuses the question (HTTP 405)", "OPA bundle"),
    "500": (
        saying(
            {
                "code": "internal_error",
                "message": "error(s) occurred while evaluating query",
                "errors": [
                    {
                        "code": "eval_conflict_error",
                        "message": "complete rules must not produce multiple outputs",
                        "location": {"file": "report.rego", "row": 7, "col": 1},
                    },
                    {"message": "and more"},
                    "no object",
                ],
            },
            500,
        ),
        EvaluationError,
        "occurred while evaluating query; report.rego:7: complete rules must not produce multiple outputs; and more)",
        "log",
    ),
    "502 page": (saying(b"<html><title>Bad Gateway</title>", 502), ServerError, "does not reach it (HTTP 502)", "run"),
    "403 page": (saying(b"<html><title>Sign in</title>", 403), ServerError, "an HTML page, `Sign in`)", "authoriz"),
    "429": (saying({}, 429, Retry_After="0"), ServerError, "has too much to do, or is not ready (HTTP 429", "--jobs"),
    "503": (saying({}, 503, Retry_After="soon"), ServerError, "is not ready (HTTP 503", "--jobs"),
    "page": (
        saying(b"<!doctype html><title>Corporate\n proxy</title>"),
        AnswerError,
        "an HTML page answers in the place of",
        "proxy",
    ),
    "no json": (saying(b"{truncated"), AnswerError, "is no JSON: it begins `{truncated`", "/v1/data"),
    "deep": (saying(b"[" * 200_000), AnswerError, "is no JSON: it begins `[[[", "/v1/data"),
    "list": (saying([]), AnswerError, "is no object", "bundle"),
    "undefined": (saying({"provenance": PROVENANCE}), AnswerError, "`data.psfpolicy.report` is undefined", "bundle"),
    "no object": (saying({"result": [], "provenance": PROVENANCE}), AnswerError, "is not one report", "bundle"),
    "strange id": (
        saying({"result": {}, "provenance": PROVENANCE, "decision_id": "\x1b[2J"}),
        AnswerError,
        "an id that is no text",
        "bundle",
    ),
    "broken gzip": (saying(b"no gzip", Content_Encoding="gzip"), AnswerError, "cannot be unpacked", "/v1/data"),
    "broken off": (saying(b"{", Content_Length="99"), ServerError, "broke off after 1 bytes", "running"),
    "closed": (lambda handler: handler.wfile.close(), ServerError, "broke off", "running"),
    "redirect": (
        saying(b"", 307, Location="https://elsewhere.example/v1"),
        ServerError,
        "sends on to `elsewhere.example`, and redirects are not followed",
        "last address",
    ),
    "redirect to nowhere": (saying({}, 302), ServerError, "refuses the question (HTTP 302)", "bundle"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_each_failure_has_its_own_message_and_says_what_to_do(case: str, fake: Fake) -> None:
    behave, kind, says, hint = REFUSALS[case]

    error = raised(fake, "report", behave)

    assert isinstance(error, kind)
    assert error.exit_code == 4
    assert says in error.message
    assert hint in (error.hint or "")


@pytest.mark.parametrize("case", ["401", "403", "500", "page", "no json"])
def test_no_token_is_in_an_error_even_where_the_server_repeats_it(
    case: str, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_TOKEN", TOKEN)
    status = int(case) if case.isdigit() else 200
    body = {
        "page": f"<title>{TOKEN}</title>".encode(),
        "no json": TOKEN.encode(),
    }.get(case, {"message": f"bad token {TOKEN}"})
    serving = Serving(urls=(fake.url,), token_env=VARIABLE)
    fake.on("report", saying(body, status))
    asking = OpaEngine(serving, pauses_seconds=())
    asking.connect()
    with pytest.raises(EngineError) as stop:
        asking.evaluate(QUESTION)

    assert fake.seen[0][1]["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in f"{stop.value!r} {stop.value} {stop.value.message} {stop.value.hint} {serving!r}"
    assert stop.value.__cause__ is None


@pytest.mark.parametrize("row", [{"digest": TOKEN}, {"controls": [*policy_row()["controls"], TOKEN]}])
def test_no_token_is_in_what_is_said_of_another_policy(
    row: dict[str, Any], fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)
    error = raised(fake, "bundle", other_policy(**row), token_env=VARIABLE)
    assert "…" in error.message
    assert TOKEN not in error.message


def test_what_one_server_was_found_to_be_says_nothing_of_another(fake: Fake) -> None:
    with faked() as other:
        asking = engine(fake.url, other.url)
        behave = other_policy(digest="0" * 64)
        other.on("bundle", lambda handler: handler.say({}, 502))  # not there at the start
        asking.connect()
        other.on("bundle", behave)

        def ask_both() -> None:
            asking.evaluate(QUESTION)
            asking.evaluate(QUESTION)

        with pytest.raises(ServerError, match="serves another policy"):
            ask_both()


def test_a_redirect_takes_no_token_anywhere(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA_TOKEN", TOKEN)
    with faked() as other:
        raised(fake, "report", saying(b"", 307, Location=other.url), token_env=VARIABLE)
        assert other.seen == []


@pytest.mark.parametrize("value", ["", "  ", "two words", "caf\u00e9", "a\nX-Evil: 1"])
def test_a_token_that_is_missing_or_none_is_wrong_usage_and_not_shown(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA_TOKEN", value)
    with pytest.raises(UsageError, match="`OPA_TOKEN`") as stop:
        engine("http://localhost:1", token_env=VARIABLE).connect()
    assert not value.strip() or value not in f"{stop.value.message}{stop.value.hint}"


def test_neither_netrc_nor_a_proxy_of_the_environment_comes_between(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("OPA_TOKEN", TOKEN)
    engine(fake.url, token_env=VARIABLE).connect()

    assert {headers["Authorization"] for _, headers in fake.seen} == {f"Bearer {TOKEN}"}


def test_an_answer_is_bounded_packed_or_not(fake: Fake) -> None:
    bomb = gzip.compress(b" " * 3_000_000)
    for behave in (saying(bomb, Content_Encoding="gzip"), saying(b" " * 3_000_000)):
        error = raised(fake, "report", behave, limits=Limits(output_bytes=1_000_000))
        assert isinstance(error, LimitError)
        assert "is larger than 0.953674 MiB" in error.message


def _drip(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        threading.Event().wait(0.05)


def _headers(handler: Handler) -> None:
    for _ in range(100):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        threading.Event().wait(0.05)


def _silent(_: Handler) -> None:
    threading.Event().wait(3)


@pytest.mark.parametrize("behave", [_drip, _headers, _silent])
def test_all_of_a_question_has_one_deadline(behave: Callable[[Handler], None], fake: Fake) -> None:
    error = raised(fake, "report", behave, timeout_seconds=0.4)

    assert isinstance(error, LimitError)
    assert "did not answer within 0.4 s" in error.message
    assert "timeoutSeconds" in (error.hint or "")


def test_a_server_that_answers_nothing_any_more_is_lost(fake: Fake) -> None:
    asking = engine(fake.url, timeout_seconds=0.3)
    asking.connect()
    fake.on("report", _silent)
    fake.on("bundle", _silent)
    with pytest.raises(ServerError, match="did not answer within"):
        asking.evaluate(QUESTION)


def test_nothing_that_listens_is_said_to_refuse() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServerError, match=r"nothing answers at the OPA server .* connection refused") as stop:
        engine(f"http://127.0.0.1:{port}").connect()
    assert "is it running" in (stop.value.hint or "")


def test_a_host_that_is_not_known_is_said() -> None:
    with pytest.raises(ServerError, match=r"the host of the OPA server `https://no-such-host.invalid` is not known"):
        engine("https://no-such-host.invalid").connect()


def test_a_socket_that_is_gone_is_said(tmp_path: Any) -> None:
    with pytest.raises(ServerError, match="the private OPA server is not there any more"):
        OpaEngine(Serving(socket=str(tmp_path / "none.sock")), pauses_seconds=()).connect()


TLS = {
    "of another authority": ("IP:127.0.0.1", {}, False, "goes back to an authority that is not known here", "ca"),
    "signed by itself": ("IP:127.0.0.1", {"alone": True}, True, "is signed by itself", "ca"),
    "of another host": ("DNS:opa.example.org", {}, True, "is for another host", "name"),
    "expired": ("IP:127.0.0.1", {"expired": True}, True, "has expired", "renew"),
}


@pytest.mark.parametrize("case", TLS)
def test_a_certificate_that_does_not_hold_is_refused(case: str, authority: Authority) -> None:
    alternative, how, known, says, hint = TLS[case]
    certificate = authority.certificate(case.replace(" ", "-"), alternative, **how)
    with faked(certificate) as server:
        asking = engine(server.url, ca=authority.ca.read_text() if known else None)
        with pytest.raises(ServerError) as stop:
            asking.connect()
        assert f"the certificate of the OPA server `{server.url}` {says}" == stop.value.message
        assert hint in (stop.value.hint or "")


def test_a_certificate_of_the_authority_in_the_settings_holds(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    with faked(authority.certificate("good", "IP:127.0.0.1")) as server:
        asking = engine(server.url, ca=authority.ca.read_text(), client_cert=str(authority.certificate("me", "DNS:me")))
        asking.connect()
        assert asking.evaluate(QUESTION) == REPORT
        (trusted,) = asking._servers()[0]._line._socket.context.get_ca_certs()  # type: ignore[union-attr]  # it is of TLS
        assert trusted["subject"] == (((("commonName", "test authority")),),)
        asking.close()


@pytest.mark.parametrize(
    ("named", "how", "says", "hint"),
    [
        (None, {}, "wants a certificate of this client", "clientCert: FILE"),
        ("other", {}, "does not know the authority that signed this client's certificate", "`clientCert` must be of"),
        ("old", {"expired": True}, "does not take this client's certificate, which has expired", "renew"),
        ("alone", {"alone": True}, "does not", "`clientCert`"),
    ],
)
def test_a_certificate_of_the_client_that_the_server_does_not_take_is_said(
    named: str | None,
    how: dict[str, bool],
    says: str,
    hint: str,
    authority: Authority,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    signing = Authority(tmp_path_factory.mktemp("other")) if named == "other" else authority
    mine = named and str(signing.certificate(f"client-{named}", "DNS:me", **how))
    with faked(authority.certificate("wanting", "IP:127.0.0.1"), clients=authority.ca) as server:
        asking = engine(server.url, ca=authority.ca.read_text(), client_cert=mine)
        with pytest.raises(ServerError) as stop:
            asking.connect()
        assert stop.value.message.startswith(f"the OPA server `{server.url}` {says}")
        assert hint in (stop.value.hint or "")


def test_plain_http_on_the_other_side_is_no_tls(fake: Fake) -> None:
    with pytest.raises(ServerError, match="no TLS with the OPA server"):
        engine(fake.url.replace("http:", "https:")).connect()


def test_a_file_of_a_client_that_is_not_there_is_said(authority: Authority) -> None:
    with (
        faked(authority.certificate("other", "IP:127.0.0.1")) as server,
        pytest.raises(ServerError, match=r"cannot be asked: .*none\.pem") as stop,
    ):
        engine(server.url, ca=authority.ca.read_text(), client_cert="none.pem").connect()
    assert "clientCert" in (stop.value.hint or "")


def other_policy(**row: Any) -> Callable[[Handler], None]:
    return saying({"result": {**policy_row(), **row}, "provenance": PROVENANCE})


@pytest.mark.parametrize(
    ("behave", "says"),
    [
        (saying({"provenance": PROVENANCE}), "holds no policy of psfpolicy: `data.psfpolicy.bundle` is undefined"),
        (
            other_policy(digest="0" * 64),
            f"serves another policy: sha256:{'0' * 64}; this run is to be decided by sha256:",
        ),
        (other_policy(digest=None), "serves another policy: sha256:None"),
        (other_policy(controls=["x"]), "has other controls or another contract: `data-encryption`"),
        (other_policy(controls="all"), "has other controls or another contract"),
        (other_policy(contract=99), "has other controls or another contract"),
        (saying({"result": policy_row()}), "in no bundle with a revision"),
        (saying({"result": policy_row(), "provenance": {"version": "1.22.0"}}), "in no bundle with a revision"),
        (saying({"result": policy_row(), "provenance": {**PROVENANCE, "version": "1.2.0"}}), "is OPA 1.2.0; wanted"),
        (saying({"result": policy_row(), "provenance": {**PROVENANCE, "version": "2.0.0"}}), "is OPA 2.0.0; wanted"),
        (saying({"result": policy_row(), "provenance": {**PROVENANCE, "version": "edge"}}), "is OPA edge; wanted"),
        (saying({"result": policy_row(), "provenance": {**PROVENANCE, "version": None}}), "is OPA None; wanted"),
    ],
)
def test_a_server_of_another_policy_is_asked_nothing(behave: Callable[[Handler], None], says: str, fake: Fake) -> None:
    error = raised(fake, "bundle", behave)

    assert isinstance(error, ServerError)
    assert says in error.message
    assert error.hint
    assert not any(path.endswith("/report") for path, _ in fake.seen)


def test_a_server_that_is_not_well_is_asked_nothing(fake: Fake) -> None:
    fake.behaviours["/health"] = saying({}, 500)
    with pytest.raises(ServerError, match="is not well"):
        engine(fake.url).connect()


def test_a_server_that_is_lost_while_it_is_looked_at_is_stood_in_for(fake: Fake) -> None:
    def gone(handler: Handler) -> None:
        handler.connection.shutdown(socket.SHUT_RDWR)

    with faked() as other:
        other.behaviours["/health"] = gone
        asking = engine(other.url, fake.url)
        for _ in range(4):
            assert asking.evaluate(QUESTION) == REPORT
        assert {path for path, _ in other.seen} == {"/v1/data/psfpolicy/bundle", "/v1/data/psfpolicy/report", "/health"}
        with pytest.raises(ServerError, match=r"the connection to the OPA server `.*` broke off"):
            engine(other.url).connect()


def test_a_policy_that_changes_in_mid_run_is_noticed(fake: Fake) -> None:
    asking = engine(fake.url)
    asking.connect()
    fake.provenance = {**PROVENANCE, "bundles": {"psfpolicy": {"revision": "r2"}}}
    fake.on("bundle", other_policy(digest="0" * 64))

    with pytest.raises(ServerError, match="serves another policy"):
        asking.evaluate(QUESTION)


def test_another_revision_of_the_same_policy_is_looked_at_and_asked(fake: Fake) -> None:
    asking = engine(fake.url)
    asking.connect()
    fake.provenance = {**PROVENANCE, "bundles": {"psfpolicy": {"revision": "r2"}}}

    assert asking.evaluate(QUESTION) == REPORT


def test_a_server_that_is_another_each_time_is_refused(fake: Fake) -> None:
    asking = engine(fake.url)
    asking.connect()
    fake.on("report", saying({"result": REPORT, "provenance": {"version": "other"}}))

    with pytest.raises(ServerError, match="changes its policy from one question to the next"):
        asking.evaluate(QUESTION)


def test_a_server_with_too_much_to_do_is_asked_again(fake: Fake) -> None:
    asking = engine(fake.url, pauses=(0.01, 0.01))
    asking.connect()
    busy = [True, True]

    def behave(handler: Handler) -> None:
        if busy:
            busy.pop()
            handler.say({}, 429)
        else:
            handler.say({"result": REPORT, "provenance": PROVENANCE})

    fake.on("report", behave)
    assert asking.evaluate(QUESTION) == REPORT


def test_a_server_that_is_lost_is_stood_in_for(fake: Fake) -> None:
    with faked() as other:
        asking = engine(fake.url, other.url, pauses=(0.01,))
        asking.connect()
        fake.stop()
        assert [asking.evaluate(QUESTION) for _ in range(4)] == [REPORT] * 4
        fake.stop = lambda: None  # type: ignore[method-assign]  # it is stopped
    with pytest.raises(ServerError, match="refused"):
        asking.evaluate(QUESTION)
    with pytest.raises(ServerError, match="refused"):  # at once: they are left alone
        asking.evaluate(QUESTION)


def test_one_server_that_is_not_there_at_the_start_is_told(fake: Fake) -> None:
    asking = engine("http://127.0.0.1:1", fake.url)
    _, (lost,) = asking.connect()

    assert "nothing answers at the OPA server `http://127.0.0.1:1`" in lost
    assert asking.evaluate(QUESTION) == REPORT


def test_one_server_of_another_policy_ends_the_run_at_the_start(fake: Fake) -> None:
    with faked() as other:
        other.on("bundle", other_policy(digest="0" * 64))
        with pytest.raises(ServerError, match="serves another policy"):
            engine(fake.url, other.url).connect()


def test_what_json_cannot_say_is_asked_of_no_server(fake: Fake) -> None:
    with pytest.raises(EngineError, match="surrogate"):
        engine(fake.url).evaluate({"descriptor": "\ud800"})
    assert fake.seen == []


def test_threads_have_connections_of_their_own(fake: Fake) -> None:
    asking = engine(fake.url)
    asking.connect()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: asking.evaluate(QUESTION), range(12))) == [REPORT] * 12


def test_a_trace_is_given_in_lines_and_bounded(fake: Fake) -> None:
    lines = ["query:1 Enter"] + ["x" * 1000] * 2500
    fake.behaviours["/v1/data/psfpolicy/controls/input/rate_limit/findings"] = saying({"explanation": lines})
    trace = engine(fake.url).trace(QUESTION, "data.psfpolicy.controls.input.rate_limit")

    assert (trace[0], len(trace), len(trace[1]), trace[-1]) == ("query:1 Enter", 2001, 400, "… and 501 more lines")


def test_a_trace_that_is_none_is_an_error(fake: Fake) -> None:
    fake.behaviours["/v1/data/psfpolicy/controls/input/rate_limit/findings"] = saying({"explanation": [1]})
    with pytest.raises(AnswerError, match="gives no trace"):
        engine(fake.url).trace(QUESTION, "data.psfpolicy.controls.input.rate_limit")


def test_a_question_is_sent_as_every_engine_gets_it(fake: Fake) -> None:
    seen: list[str] = []

    def behave(handler: Handler) -> None:
        seen.append(json.dumps(handler.question))
        handler.say({"result": REPORT, "provenance": PROVENANCE})

    fake.on("report", behave)
    asking = engine(fake.url)
    asking.connect()
    asking.evaluate({"a": 1.0, "b": None, "c": [None, {"d": None}]})
    assert seen == ['{"input": {"a": 1, "c": [null, {}]}}']
