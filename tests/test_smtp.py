"""A message to a real mail server on loopback, and to ones that misbehave."""

import ssl
from base64 import b64encode

import pytest
import trustme

from assay.edge.digest_settings import MailSettings
from assay.edge.smtp import Times, send_mail
from assay.errors import DeliveryError
from tests.mail_server import Inbox, serve_mail, serve_script

PASSWORD = "c4nary pässword"
MESSAGE = b"Message-ID: <1@example.org>\r\nSubject: s\r\n\r\n.dot\r\nline\r\n"
QUICK = Times(silence=0.3, whole=20.0)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def server_tls(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture(scope="module")
def trust(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def settings(server, **more):
    values = {
        "sender": "assay@example.org",
        "to": ("ada@example.org",),
        "host": "127.0.0.1",
        "port": server.port,
        "tls": "none",
    }
    return MailSettings(**{**values, **more})


def fails(mail, password="", **more):
    """Return the error of a message that nobody gets, in which no secret stands."""
    with pytest.raises(DeliveryError) as caught:
        send_mail(MESSAGE, mail, password, **more)
    said = str(caught.value)
    coded = b64encode(f"\0me\0{PASSWORD}".encode()).decode()
    secrets = (PASSWORD, coded, mail.sender, *mail.to)
    assert not [secret for secret in secrets if secret in said]
    assert "@" not in said
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


def test_a_message_arrives_as_it_was_written():
    inbox = Inbox()
    with serve_mail(inbox) as server:
        mail = settings(server, to=("ada@example.org", "bo@example.org"))
        sent = send_mail(MESSAGE, mail, "")
    assert (sent.taken, sent.refused, sent.why) == (2, 0, "")
    assert inbox.messages == [("assay@example.org", mail.to, MESSAGE)]


@pytest.mark.parametrize("implicit", [False, True])
def test_a_password_goes_over_tls_to_a_server_that_is_trusted(
    server_tls, trust, implicit
):
    inbox = Inbox()
    users = {"me": PASSWORD}
    with serve_mail(inbox, tls=server_tls, implicit=implicit, users=users) as server:
        mail = settings(server, tls="tls" if implicit else "starttls", user="me")
        send_mail(MESSAGE, mail, PASSWORD, context=trust)
    assert server.logins == [("PLAIN", "me", PASSWORD, True)]
    assert len(inbox.messages) == 1


def test_a_server_that_knows_only_login_is_spoken_to_as_well(server_tls, trust):
    inbox = Inbox()
    more = {"tls": server_tls, "users": {"me": "ascii"}, "mechanisms": {"LOGIN"}}
    with serve_mail(inbox, **more) as server:
        mail = settings(server, tls="starttls", user="me")
        send_mail(MESSAGE, mail, "ascii", context=trust)
        error = fails(mail, PASSWORD, context=trust)
    assert server.logins == [("LOGIN", "me", "ascii", True)]
    assert error.lasting
    assert "does not accept the user or the password" in str(error)


@pytest.mark.parametrize("implicit", [False, True])
def test_a_wrong_password_lasts_and_is_not_repeated(server_tls, trust, implicit):
    inbox = Inbox()
    users = {"me": "another"}
    with serve_mail(inbox, tls=server_tls, implicit=implicit, users=users) as server:
        mail = settings(server, tls="tls" if implicit else "starttls", user="me")
        error = fails(mail, PASSWORD, context=trust)
    assert error.lasting
    assert "(535 5.7.8)" in str(error)
    assert "ASSAY_SMTP_PASSWORD" in str(error)
    assert inbox.messages == []


@pytest.mark.parametrize("implicit", [False, True])
def test_a_certificate_that_nobody_vouches_for_is_refused(server_tls, implicit):
    users = {"me": PASSWORD}
    with serve_mail(Inbox(), tls=server_tls, implicit=implicit, users=users) as server:
        mail = settings(server, tls="tls" if implicit else "starttls", user="me")
        error = fails(mail, PASSWORD)
    assert error.lasting
    assert "its certificate is not trusted" in str(error)
    assert server.logins == []


def test_a_certificate_for_another_name_is_refused(authority, trust):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.example").configure_cert(context)
    users = {"me": PASSWORD}
    with serve_mail(Inbox(), tls=context, implicit=True, users=users) as server:
        mail = settings(server, tls="tls", user="me")
        error = fails(mail, PASSWORD, context=trust)
    assert "its certificate is not trusted" in str(error)
    assert server.logins == []


def test_without_tls_where_tls_is_asked_for_nothing_is_sent(trust):
    inbox = Inbox()
    with serve_mail(inbox, users={"me": PASSWORD}) as server:
        mail = settings(server, tls="starttls", user="me")
        error = fails(mail, PASSWORD, context=trust)
    assert error.lasting
    assert "does not offer TLS" in str(error)
    assert server.logins == inbox.messages == []


def test_a_server_that_speaks_plainly_where_tls_begins_at_once_is_told(trust):
    with serve_mail(Inbox(), users={"me": PASSWORD}) as server:
        error = fails(settings(server, tls="tls", user="me"), PASSWORD, context=trust)
    assert error.lasting
    assert "does not speak TLS there" in str(error)


def test_what_is_said_before_tls_does_not_count_after_it(trust):
    def script(say, hear, _done):
        say(b"220 hello")
        hear()
        say(b"250-hello\r\n250 STARTTLS")
        hear()
        say(b"454 4.7.0 not now, me@example.org")

    with serve_script(script) as server:
        error = fails(
            settings(server, tls="starttls", user="me"), PASSWORD, context=trust
        )
        assert [line.split()[0] for line in server.heard if line] == [
            b"ehlo",
            b"STARTTLS",
        ]
    assert not error.lasting
    assert "454 4.7.0 not now, (hidden)" in str(error)


def test_a_server_that_asks_for_no_password_gets_none():
    with serve_script(talk) as server:
        error = fails(settings(server, user="me"), PASSWORD)
    assert error.lasting
    assert "asks for no password" in str(error)
    assert [line.split()[0].lower() for line in server.heard if line] == [b"ehlo"]


@pytest.mark.parametrize(
    ("answer", "lasting"),
    [
        ("450 4.2.0 greylisted, try later", False),
        ("451 4.7.1 ask ada@example.org again", False),
        ("550 5.1.1 <ada@example.org>: no such user", True),
        ("552 5.3.4 too large", True),
    ],
)
@pytest.mark.parametrize("when", ["rcpt", "data"])
def test_a_refusal_lasts_when_the_server_says_so(answer, lasting, when):
    inbox = Inbox(**{when: {"*": answer} if when == "rcpt" else answer})
    with serve_mail(inbox) as server:
        error = fails(settings(server))
    assert error.lasting is lasting
    assert answer[:9] in str(error)
    assert inbox.messages == []


def test_a_server_that_greylists_takes_the_second_try():
    inbox = Inbox(rcpt={"*": lambda n: "450 4.2.0 greylisted" if n == 1 else ""})
    with serve_mail(inbox) as server:
        assert not fails(settings(server)).lasting
        assert send_mail(MESSAGE, settings(server), "").taken == 1
    assert [message for _, _, message in inbox.messages] == [MESSAGE]


def test_one_recipient_who_is_refused_does_not_keep_it_from_the_others():
    said = "550 5.1.1 <bo@example.org> unknown here"
    inbox = Inbox(rcpt={"bo@example.org": said})
    with serve_mail(inbox) as server:
        mail = settings(server, to=("ada@example.org", "bo@example.org"))
        sent = send_mail(MESSAGE, mail, "")
    assert sent == (1, 1, "550 5.1.1 (hidden) unknown here")
    assert [to for _, to, _ in inbox.messages] == [("ada@example.org",)]


def test_everybody_refused_lasts_only_when_nobody_may_try_again():
    inbox = Inbox(rcpt={"a@example.org": "550 no", "b@example.org": "450 later"})
    with serve_mail(inbox) as server:
        error = fails(settings(server, to=("a@example.org", "b@example.org")))
    assert not error.lasting


def talk(say, hear, _done=None, *, last=b"354 go on"):
    """Go through a conversation up to DATA."""
    for answer in (b"220 hello", b"250 hello", b"250 ok", b"250 ok", last):
        say(answer)
        if answer is not last:
            hear()


def test_a_connection_that_breaks_while_the_message_goes_is_tried_again():
    def script(say, hear, _done):
        talk(say, hear)
        hear()  # the message's first line, and no more

    with serve_script(script) as server:
        error = fails(settings(server))
    assert not error.lasting
    assert "broke off" in str(error)


def test_a_connection_that_breaks_after_the_message_is_tried_again():
    def script(say, hear, _done):
        talk(say, hear)
        while hear() != b".":
            pass

    with serve_script(script) as server:
        assert not fails(settings(server)).lasting


def test_a_server_that_takes_it_and_is_rude_at_goodbye_has_taken_it():
    def script(say, hear, _done):
        talk(say, hear)
        while hear() != b".":
            pass
        say(b"250 taken")
        hear()
        say(b"500 what?")

    with serve_script(script) as server:
        assert send_mail(MESSAGE, settings(server), "").taken == 1


def test_a_server_that_says_nothing_is_given_up():
    with serve_script(lambda say, hear, done: done.wait(20)) as server:
        error = fails(settings(server), times=QUICK)
    assert not error.lasting
    assert "did not answer in time" in str(error)


def test_a_server_that_never_comes_to_an_end_is_given_up():
    def drip(say, _hear, done):
        while not done.wait(0.01):
            say(b"220-still here")

    with serve_script(drip) as server:
        error = fails(settings(server), times=Times(silence=20.0, whole=0.3))
    assert not error.lasting
    assert "did not answer in time" in str(error)


def test_words_that_are_no_utf8_and_controls_are_told_inertly():
    def script(say, hear, _done):
        say(b"554-5.7.1 caf\xe9 \x1b[31mno\r\n554 " + "\u202e".encode() + b"at all")

    with serve_script(script) as server:
        error = fails(settings(server))
    assert error.lasting
    assert str(error).isprintable()
    assert "554 5.7.1 caf\ufffd" in str(error)


@pytest.mark.parametrize("line", [b"HTTP/1.1 400 Bad Request", b"", b"x" * 9000])
def test_what_is_no_mail_server_is_told(line):
    def script(say, hear, done):
        say(line)
        hear()

    with serve_script(script) as server:
        error = fails(settings(server))
    assert "The mail server 127.0.0.1" in str(error)


def test_a_login_that_fails_for_now_is_tried_again():
    def script(say, hear, _done):
        say(b"220 hello")
        hear()
        say(b"250-hello\r\n250 AUTH PLAIN")
        say(b"454 4.7.0 " + hear())  # it repeats what it was told

    with serve_script(script) as server:
        error = fails(settings(server, user="me"), PASSWORD)
    assert not error.lasting
    assert "cannot check the password now (454 4.7.0)" in str(error)


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_a_server_that_repeats_the_password_in_any_answer_is_not_quoted(step):
    heard = []

    def script(say, hear, _done):
        answers = [
            b"220 hello",
            b"250-hi\r\n250 AUTH PLAIN",
            b"235 ok",
            b"250 ok",
            b"250 ok",
        ]
        for at, answer in enumerate([*answers, b"354 go"]):
            said = b" ".join([*heard, PASSWORD.encode()])
            say(b"554 " + said if at == step else answer)
            heard.append(hear())

    with serve_script(script) as server:
        assert fails(settings(server, user="me"), PASSWORD).lasting


def test_nobody_there_is_told_and_tried_again():
    with serve_script(lambda *_: None) as server:
        pass
    error = fails(settings(server))
    assert not error.lasting
    assert "cannot be reached (connection refused)" in str(error)
