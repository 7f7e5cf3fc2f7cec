"""The table [digest] of assay.toml: slips are named, secrets are never there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.channels import CHANNELS
from assay.edge.digest_keys import DIGEST_KEYS, is_mailbox, is_time_zone
from assay.edge.digest_settings import DigestSettings, MailSettings, parse_digest
from assay.edge.settings import Settings, hide_secrets, read_settings
from assay.errors import SettingsError

MAIL = {
    "from": '"assay@example.org"',
    "to": '["ada@example.org"]',
    "host": '"smtp.example.org"',
}
CANARY = "h0sh-h0sh"


def write(folder, text):
    (folder / "assay.toml").write_text(text, encoding="utf-8")
    return folder


def read(folder, text):
    return read_settings(write(folder, text), {}).digest


def mail_table(**more):
    values = {**MAIL, **more}
    lines = [f"{key} = {value}" for key, value in values.items() if value]
    return "[digest.email]\n" + "\n".join(lines)


def refused(folder, text):
    """Return what is said of a file that is not right."""
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    return str(caught.value)


def test_without_the_table_a_digest_is_a_page_and_a_feed(tmp_path):
    assert read_settings(tmp_path, {}).digest == DigestSettings(to=("html", "atom"))
    assert read(tmp_path, "[digest]") == DigestSettings()


def test_every_key_is_read(tmp_path):
    found = read(
        tmp_path,
        'tool = "mine"\n[digest]\nto = ["html", "email"]\nqueries = ["kratom-sleep"]\n'
        'title = "Weekly"\ntime_zone = "Europe/Berlin"\nfolder = "news"\n'
        + mail_table(
            port="2525",
            tls='"tls"',
            user='"me"',
            unsubscribe='"leave@bücher.example"',
        )
        + '\n[digest.webhook]\naddress = "https://example.org/hooks/digest"\n',
    )
    assert found == DigestSettings(
        to=("html", "email"),
        queries=("kratom-sleep",),
        title="Weekly",
        time_zone="Europe/Berlin",
        folder="news",
        email=MailSettings(
            sender="assay@example.org",
            to=("ada@example.org",),
            host="smtp.example.org",
            port=2525,
            tls="tls",
            user="me",
            unsubscribe="leave@xn--bcher-kva.example",
        ),
        webhook="https://example.org/hooks/digest",
    )


@pytest.mark.parametrize(("tls", "port"), [("starttls", 587), ("tls", 465)])
def test_the_port_follows_from_how_the_server_is_spoken_to(tmp_path, tls, port):
    mail = read(tmp_path, mail_table(tls=f'"{tls}"')).email
    assert (mail.tls, mail.port) == (tls, port)


def test_tls_is_asked_for_where_nothing_is_said(tmp_path):
    assert read(tmp_path, mail_table()).email.tls == "starttls"


def test_only_this_machine_may_be_spoken_to_without_tls(tmp_path):
    said = refused(tmp_path, mail_table(tls='"none"'))
    assert "only for a server on this machine" in said
    for host in ("localhost", "127.0.0.1"):
        mail = read(tmp_path, mail_table(tls='"none"', host=f'"{host}"')).email
        assert mail.port == 25


def test_a_server_is_not_needed_for_files_of_the_persons_own_mailer(tmp_path):
    assert read(tmp_path, mail_table(host=None)).email.host == ""


@pytest.mark.parametrize("table", DIGEST_KEYS)
def test_an_unknown_key_is_named_with_the_nearest_known_one(tmp_path, table):
    key = next(iter(DIGEST_KEYS[table]))
    said = refused(tmp_path, f'[{table}]\n{key}x = "{CANARY}"')
    assert f'[{table}]: unknown key "{key}x"; did you mean "{key}"?' in said
    assert all(name in said for name in DIGEST_KEYS[table])
    assert CANARY not in said


def test_an_unknown_channel_is_named_with_the_nearest_known_one(tmp_path):
    said = refused(tmp_path, '[digest]\nto = ["htm"]')
    assert 'unknown channel "htm"; did you mean "html"?' in said
    assert all(name in said for name in CHANNELS)


@pytest.mark.parametrize(
    "line",
    [
        'to = "html"',
        'to = ["html", "html"]',
        "to = [5]",
        'queries = ["../x"]',
        'queries = ["Kratom"]',
        "title = 5",
        'title = ""',
        'title = "two\\nlines"',
        f'title = "{"x" * 201}"',
        'time_zone = "Mars/Base"',
        'time_zone = "Europe"',
        'time_zone = "../etc/passwd"',
        "time_zone = 1",
        'folder = ""',
        'folder = "x\\u0000y"',
        'folder = ["x"]',
        'email = "x"',
        "webhook = 5",
    ],
)
def test_a_value_of_the_wrong_kind_is_named_with_what_it_must_be(tmp_path, line):
    key = line.partition(" ")[0]
    said = refused(tmp_path, f"[digest]\n{line}")
    assert "must be" in said
    assert key in said
    assert "assay.toml, [digest" in said


def test_digest_itself_must_be_a_table(tmp_path):
    assert "[digest] must be a table" in refused(tmp_path, "digest = 5")


@pytest.mark.parametrize(
    "value",
    [
        f"{CANARY}",
        f"{CANARY}@",
        f"@{CANARY}.org",
        f"{CANARY}@a@b.org",
        f"a b@{CANARY}.org",
        f"Ada <{CANARY}@example.org>",
        f"{CANARY}@example.org, b@example.org",
        f"{CANARY}@example.org\\r\\nBcc: eve@example.org",
        f"{CANARY}@example.org\\u2028Bcc: eve@example.org",
        f"{CANARY}@example..org",
        f".{CANARY}@example.org",
        f"{CANARY}@example",
        f"{CANARY}ä@example.org",
        f'\\"{CANARY}\\"@example.org',
        f"{CANARY}@{'x' * 250}.org",
    ],
)
@pytest.mark.parametrize("key", ["from", "to", "unsubscribe"])
def test_what_is_no_single_address_is_refused_and_not_repeated(tmp_path, key, value):
    line = f'["{value}"]' if key == "to" else f'"{value}"'
    said = refused(tmp_path, mail_table(**{key: line}))
    assert f'[digest.email]: "{key}" must be' in said
    assert CANARY not in said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("to", "[]"),
        ("to", '["a@example.org", "A@example.org"]'),
        ("host", '"smtp.example.org:587"'),
        ("host", '"-example.org"'),
        ("host", '"https://smtp.example.org"'),
        ("port", "0"),
        ("port", "65536"),
        ("port", "true"),
        ("port", '"587"'),
        ("tls", '"ssl"'),
        ("tls", "true"),
        ("tls", "[]"),
        ("user", '"me\\nyou"'),
        ("unsubscribe", '"https://example.org/leave"'),
        ("unsubscribe", '"a@example.org>, <https://example.org"'),
    ],
)
def test_each_key_of_mail_has_its_bounds(tmp_path, key, value):
    said = refused(tmp_path, mail_table(**{key: value}))
    assert f'[digest.email]: "{key}" must be' in said


@pytest.mark.parametrize("key", ["from", "to"])
def test_mail_needs_a_sender_and_recipients(tmp_path, key):
    said = refused(tmp_path, mail_table(**{key: None}))
    assert f'"{key}" is missing' in said


@pytest.mark.parametrize("key", ["password", "smtp_password", "PassWord", "token"])
def test_a_password_in_the_file_is_refused_with_where_it_belongs(tmp_path, key):
    said = refused(tmp_path, mail_table(**{key: f'"{CANARY}"'}))
    assert "ASSAY_SMTP_PASSWORD" in said
    assert "keyring set assay USER" in said
    assert CANARY not in said


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.slack.com/services/x",
        "https://discord.com/api/webhooks/1/x",
        "https://team.webhook.office.com/webhookb2/x",
        f"https://example.org/hooks/{'a1' * 8}",
        "https://example.org/01234567-89ab-cdef-0123-456789abcdef",
        "https://example.org/AbcDefGhiJkl-0123_xyZ",
    ],
)
def test_an_address_that_is_a_secret_is_refused_with_where_it_belongs(
    tmp_path, address
):
    said = refused(tmp_path, f'[digest.webhook]\naddress = "{address}"')
    name = "ASSAY_SLACK_WEBHOOK" if "slack" in address else "ASSAY_WEBHOOK"
    assert f"variable {name}" in said
    assert address.rpartition("/")[2] not in said.replace("x", "")


def test_a_table_of_slack_is_told_where_the_address_belongs(tmp_path):
    said = refused(tmp_path, f'[digest.slack]\naddress = "{CANARY}"')
    assert "ASSAY_SLACK_WEBHOOK" in said
    assert CANARY not in said


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/x",
        "ftp://example.org/x",
        f"https://me:{CANARY}@example.org/x",
        f"https://example.org/x?token={CANARY}",
        "https://",
        "example.org",
    ],
)
def test_a_webhook_must_be_safe_to_send_to(tmp_path, address):
    said = refused(tmp_path, f'[digest.webhook]\naddress = "{address}"')
    assert '"address" must be an https address' in said
    assert CANARY not in said


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/hooks/assay-digest-of-2026-by-week",
        "http://127.0.0.1:8080/in",
        "https://10.0.0.5/api/internationalisation",
    ],
)
def test_an_address_without_a_secret_may_stand_in_the_file(tmp_path, address):
    found = read(tmp_path, f'[digest.webhook]\naddress = "{address}"')
    assert found.webhook == address


def test_addresses_are_shown_neither_by_repr_nor_in_messages(tmp_path):
    text = mail_table(user='"me@example.org"', unsubscribe='"re@example.org"')
    settings = read_settings(
        write(tmp_path, text), {"ASSAY_SMTP_PASSWORD": CANARY, "ASSAY_WEBHOOK": "wwww"}
    )
    names = ("assay@", "ada@", "me@", "re@", CANARY, "wwww")
    shown = repr(settings) + hide_secrets(
        f"assay@example.org to ada@example.org by me@example.org, re%40example.org "
        f"with {CANARY} at wwww",
        settings,
    )
    assert not [name for name in names if name in shown]


def test_a_short_user_name_is_not_blotted_out_of_words(tmp_path):
    settings = read_settings(write(tmp_path, mail_table(user='"me"')), {})
    assert hide_secrets("some time", settings) == "some time"


def test_settings_made_without_a_digest_have_the_default():
    assert Settings().digest == DigestSettings()


@given(st.text(max_size=40))
def test_a_mailbox_never_breaks_a_header(text):
    for value in (text, f"a@{text}.org", f"{text}@example.org"):
        if is_mailbox(value):
            assert value.count("@") == 1
            assert not set(value) & set('\r\n\t <>,;:"()[]\\\x00')
            assert value.isprintable()


@given(st.one_of(st.text(max_size=30), st.integers(), st.none(), st.lists(st.text())))
def test_any_time_zone_is_judged_without_an_error(value):
    assert is_time_zone(value) in {True, False}


@given(
    st.recursive(
        st.one_of(st.text(max_size=9), st.integers(), st.booleans()),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.one_of(
                    st.sampled_from(["to", "email", "webhook", "from", "tls", "host"]),
                    st.text(max_size=5),
                ),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=12,
    )
)
def test_any_table_is_settings_or_a_plain_error(table):
    said = "assay.toml, [digest"
    try:
        assert parse_digest(table, "assay.toml", CHANNELS) is not None
    except SettingsError as error:
        said = str(error)
    assert said.startswith("assay.toml, [digest")
