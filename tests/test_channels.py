"""Every channel delivers the same digest to the same place, however often."""

import os
import stat
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from assay.digest.model import heading_of, name_of
from assay.edge.channels import CHANNELS, Channel, Place, Post, open_channel
from assay.edge.digest_files import write_file
from assay.edge.digest_settings import DigestSettings, MailSettings
from assay.errors import DeliveryError
from assay.record import Record
from tests.digest_sample import full_digest, quiet_digest
from tests.hook_server import serve_hook
from tests.mail_server import Inbox, serve_mail

FILES = {"html", "markdown", "atom", "ris", "eml"}
WORKSPACE = "0123abcd"


def make_post(digest, *others, records=()):
    """Return what a channel is given, with other digests that were made before."""
    digests = sorted((digest, *others), key=lambda each: -each.number)
    known = {f"pmid:{record.pmid}": record for record in records}
    return Post(
        digest=digest,
        past=lambda newest: tuple(digests[:newest]),
        headings=lambda: tuple(map(heading_of, digests)),
        record=known.get,
    )


@pytest.fixture
def world(tmp_path):
    """Give a place where every channel is set up, and what arrives at its servers."""
    with ExitStack() as stack:
        inbox = Inbox()
        mail = stack.enter_context(serve_mail(inbox))
        hook = stack.enter_context(serve_hook())
        settings = DigestSettings(
            email=MailSettings(
                sender="assay@example.org",
                to=("ada@example.org",),
                host="127.0.0.1",
                port=mail.port,
                tls="none",
            ),
        )
        environ = {
            "ASSAY_WEBHOOK": hook.address,
            "ASSAY_SLACK_WEBHOOK": hook.address,
        }
        place = Place(tmp_path / "digests", settings, environ, WORKSPACE)
        yield SimpleNamespace(place=place, inbox=inbox, hook=hook)


def files(place):
    return {
        path.name: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(place.folder.glob("*"))
    }


@pytest.mark.parametrize("name", CHANNELS)
def test_each_channel_says_what_it_is(name, world):
    channel = open_channel(name)
    assert isinstance(channel, Channel)
    assert channel.name == name
    assert channel.title
    assert channel.what.endswith(".")
    assert channel.check(world.place) == ""


def test_a_name_without_a_channel_is_an_error():
    with pytest.raises(KeyError):
        open_channel("pigeon")


@pytest.mark.parametrize("name", CHANNELS)
@pytest.mark.parametrize("make", [full_digest, quiet_digest])
def test_a_digest_that_is_delivered_twice_is_one(name, make, world):
    channel, post = open_channel(name), make_post(make())
    first = channel.deliver(post, world.place)
    before = files(world.place)
    assert channel.deliver(post, world.place) == first
    assert files(world.place) == before  # not even written again
    assert bool(before) is (name in FILES and (name, make) != ("ris", quiet_digest))
    assert first.isprintable()
    assert len({message for _, _, message in world.inbox.messages}) == (name == "email")
    keys = {one.headers["Idempotency-Key"] for one in world.hook.posts}
    assert keys <= {f"{WORKSPACE}.{name_of(post.digest)}"}
    assert bool(keys) is (name in {"webhook", "slack"})


@pytest.mark.parametrize("name", ["email", "eml", "webhook", "slack"])
def test_what_is_not_set_up_is_told_in_a_sentence(name, tmp_path, monkeypatch):
    monkeypatch.setattr("assay.edge.secrets._from_keyring", lambda _user: "")
    place = Place(tmp_path, DigestSettings(), {}, WORKSPACE)
    channel = open_channel(name)
    why = channel.check(place)
    assert why.endswith(".")
    assert "ASSAY_" in why or "[digest.email]" in why
    with pytest.raises(DeliveryError) as caught:
        channel.deliver(make_post(full_digest()), place)
    assert caught.value.lasting
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["html", "markdown", "atom", "ris"])
def test_files_need_no_setting(name, tmp_path):
    place = Place(tmp_path, DigestSettings(), {}, WORKSPACE)
    assert open_channel(name).check(place) == ""


def test_mail_needs_a_server_and_a_password_where_there_is_a_user(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("assay.edge.secrets._from_keyring", lambda _user: "")
    mail = MailSettings(sender="a@example.org", to=("b@example.org",))
    place = Place(tmp_path, DigestSettings(email=mail), {}, WORKSPACE)
    assert '"host"' in open_channel("email").check(place)
    assert open_channel("eml").check(place) == ""
    mail = MailSettings(
        sender="a@example.org", to=("b@example.org",), host="x.org", user="me"
    )
    place = place._replace(settings=DigestSettings(email=mail))
    assert "ASSAY_SMTP_PASSWORD" in open_channel("email").check(place)
    place = place._replace(environ={"ASSAY_SMTP_PASSWORD": "x"})
    assert open_channel("email").check(place) == ""


@pytest.mark.parametrize("name", ["webhook", "slack"])
@pytest.mark.parametrize(
    "address", ["http://c4nary.example/x", "c4nary", "https://c4nary.example/x y"]
)
def test_an_address_that_is_not_safe_is_refused_and_not_repeated(
    name, address, tmp_path
):
    environ = {"ASSAY_WEBHOOK": address, "ASSAY_SLACK_WEBHOOK": address}
    place = Place(tmp_path, DigestSettings(), environ, WORKSPACE)
    why = open_channel(name).check(place)
    assert "must be an https address" in why
    assert "c4nary" not in why


def test_a_webhook_without_a_secret_is_set_up_by_the_file_alone(world):
    settings = DigestSettings(webhook=world.hook.address)
    place = world.place._replace(settings=settings, environ={})
    assert open_channel("webhook").check(place) == ""
    open_channel("webhook").deliver(make_post(full_digest()), place)
    assert len(world.hook.posts) == 1


# --- files ----------------------------------------------------------------------------


def deliver(name, digest, place, *others):
    return open_channel(name).deliver(make_post(digest, *others), place)


def numbered(*numbers):
    return [full_digest(number=n, made=f"2026-0{n}-01T06:00:00+00:00") for n in numbers]


def test_the_index_names_every_digest_and_lost_pages_come_back(world):
    one, two, three = numbered(1, 2, 3)
    folder = world.place.folder
    deliver("html", one, world.place)
    deliver("html", two, world.place, one)
    (folder / "index.html").unlink()
    (folder / "2026-01-01-0001.html").unlink()
    deliver("html", three, world.place, one, two)
    pages = {f"2026-0{n}-01-000{n}.html" for n in (1, 2, 3)}
    assert {path.name for path in folder.iterdir()} == {*pages, "index.html"}
    index = (folder / "index.html").read_text("utf-8")
    assert all(page in index for page in pages)
    assert "feed.atom" in index  # since the feed is one of the channels


def test_the_index_names_no_feed_where_there_is_none(world):
    place = world.place._replace(settings=DigestSettings(to=("html",)))
    deliver("html", full_digest(), place)
    assert "feed.atom" not in (place.folder / "index.html").read_text("utf-8")


def test_the_feed_holds_every_digest_and_a_quiet_one_leaves_it_as_it_is(world):
    one, two = numbered(1, 2)
    deliver("atom", one, world.place)
    deliver("atom", two, world.place, one)
    before = files(world.place)
    deliver("atom", quiet_digest(number=3), world.place, one, two)
    assert files(world.place) == before
    (world.place.folder / "feed.atom").unlink()
    deliver("atom", quiet_digest(number=3), world.place, one, two)
    assert files(world.place)["feed.atom"][0] == before["feed.atom"][0]


def test_the_feed_keeps_its_name_wherever_the_workspace_lies(world, tmp_path):
    deliver("atom", full_digest(), world.place)
    deliver("atom", full_digest(), world.place._replace(folder=tmp_path / "moved"))
    assert (tmp_path / "moved/feed.atom").read_bytes() == files(world.place)[
        "feed.atom"
    ][0]


def test_a_reference_manager_gets_the_librarys_record_or_what_the_digest_knows(world):
    digest = full_digest()
    work = next(item.work for item in digest.items if item.work.pmid)
    record = Record(source="pubmed", pmid=work.pmid, title="As the library has it")
    post = make_post(digest, records=[record])
    open_channel("ris").deliver(post, world.place)
    [content] = [content for content, _ in files(world.place).values()]
    text = content.decode()
    assert text.count("TY  - ") == text.count("ER  - ") == len(digest.items)
    assert "TI  - As the library has it\r\n" in text
    known = [item.work for item in digest.items if item.work is not work]
    assert all(f"TI  - {each.title}\r\n" in text for each in known if each.title)
    assert "AU  - Fabel, N" in text


def test_a_digest_without_new_works_makes_no_ris(world):
    assert "no new work" in deliver("ris", quiet_digest(), world.place)
    assert not world.place.folder.exists()


def test_the_example_in_the_documentation_is_what_is_written(world, golden_example):
    deliver("ris", full_digest(), world.place)
    [content] = [content for content, _ in files(world.place).values()]
    golden_example("digest.ris", content)


@pytest.fixture
def golden_example(request):
    """Compare bytes with docs/digest-examples/NAME; rewrite it with --update-golden."""

    def check(name, content):
        path = request.config.rootpath / "docs/digest-examples" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        assert content == path.read_bytes()

    return check


@pytest.mark.parametrize(
    ("name", "file"), [("html", "index.html"), ("atom", "feed.atom")]
)
def test_a_persons_own_page_in_the_folder_is_left_alone(name, file, world):
    world.place.folder.mkdir()
    path = world.place.folder / file
    path.write_text("my own")
    with pytest.raises(DeliveryError, match="was not made by assay") as caught:
        deliver(name, full_digest(), world.place)
    assert caught.value.lasting
    assert path.read_text() == "my own"
    path.write_text("")  # as after a power cut
    deliver(name, full_digest(), world.place)
    one, two = numbered(1, 2)
    deliver(name, two, world.place, one)  # ours is known again


def refused(folder, name="a.html"):
    with pytest.raises(DeliveryError) as caught:
        write_file(folder, name, b"new")
    assert str(folder) in str(caught.value)
    return caught.value


def test_a_folder_in_the_files_place_is_told(tmp_path):
    (tmp_path / "a.html").mkdir()
    error = refused(tmp_path)
    assert error.lasting
    assert "is a folder; it should be a file" in str(error)


def test_a_file_in_the_folders_place_is_told(tmp_path):
    (tmp_path / "digests").write_text("mine")
    error = refused(tmp_path / "digests")
    assert error.lasting
    assert "move it away" in str(error)
    assert "digests" in str(refused(tmp_path / "digests/deeper"))
    assert (tmp_path / "digests").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_the_files_place_is_told(tmp_path):
    os.mkfifo(tmp_path / "a.html")
    assert "is no file" in str(refused(tmp_path))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    folder = tmp_path / "digests"
    folder.mkdir()
    (tmp_path / "mine").write_text("mine")
    (folder / "a.html").symlink_to(tmp_path / "mine")
    (folder / "b.html").symlink_to(tmp_path / "not-there")
    (folder / "c.html").symlink_to(folder / "c.html")
    assert "a link that leads out of its folder" in str(refused(folder))
    assert "a link that leads out of its folder" in str(refused(folder, "b.html"))
    assert write_file(folder, "c.html", b"new").read_bytes() == b"new"  # not a circle
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "not-there").exists()


def test_the_folder_itself_may_be_a_link(tmp_path):
    (tmp_path / "cloud").mkdir()
    (tmp_path / "digests").symlink_to(tmp_path / "cloud")
    write_file(tmp_path / "digests", "a.html", b"new")
    assert (tmp_path / "cloud/a.html").read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may all")
def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    tmp_path.chmod(0o500)
    error = refused(tmp_path)
    tmp_path.chmod(0o700)
    assert error.lasting
    assert "Let this user write there" in str(error)


@pytest.mark.parametrize(
    ("number", "lasting", "words"),
    [
        (28, False, "The disk is full"),
        (122, False, "Your share of the disk"),
        (30, True, "can only be read"),
        (13, True, "Let this user write there"),
        (5, False, "Check the folder"),
    ],
)
def test_a_disk_that_fails_is_told_and_the_old_file_stays(
    tmp_path, monkeypatch, number, lasting, words
):
    (tmp_path / "a.html").write_bytes(b"old")

    def fail(_handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", fail)
    error = refused(tmp_path)
    assert error.lasting is lasting
    assert words in str(error)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_files_permissions_stay(tmp_path):
    path = write_file(tmp_path, "a.html", b"old")
    path.chmod(0o600)
    write_file(tmp_path, "a.html", b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- mail and messages ----------------------------------------------------------------


def test_the_mail_that_is_sent_is_the_one_that_is_filed(world):
    digest = full_digest()
    deliver("eml", digest, world.place)
    assert deliver("email", digest, world.place) == "1 recipient by 127.0.0.1"
    [(sender, to, message)] = world.inbox.messages
    assert (sender, to) == ("assay@example.org", ("ada@example.org",))
    assert files(world.place)[f"{name_of(digest)}.eml"][0] == message


@pytest.mark.parametrize("name", ["webhook", "slack"])
def test_the_key_of_a_message_is_that_of_the_digest_alone(name, world):
    one, two = numbered(1, 2)
    for digest in (one, two, one):
        deliver(name, digest, world.place)
    keys = [one.headers["Idempotency-Key"] for one in world.hook.posts]
    assert keys[0] == keys[2] != keys[1]


def test_a_webhook_has_its_key_in_the_body_too(world):
    deliver("webhook", full_digest(), world.place)
    [one] = world.hook.posts
    assert f'"{one.headers["Idempotency-Key"]}"' in one.body
