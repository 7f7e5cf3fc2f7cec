"""What esearch is asked as one search, and the sets that sessions keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.edge.eutils_history import EXPIRY_S, MOST_SETS, History, Kept
from assay.library.boolean import parse_search
from assay.library.entrez import Question, find_clauses, read_question
from assay.library.search_cost import MOST_COST, TOO_DEAR, cost_of, merge_numbers
from assay.library.search_tree import Either, Every, Numbers, Without

TERMS = st.text('ab #1"()[]*:~ANDORNOTtiuid/', max_size=40)
SETS = {1: Numbers("pmid", (90000001, 90000002)), 2: parse_search("tea").tree}


@given(term=TERMS, field=TERMS, day=TERMS, kind=TERMS)
def test_every_question_is_read(term, field, day, kind):
    asked = Question(term, field=field, first=day, datetype=kind, sort=kind)
    read = read_question(asked, SETS)
    assert read.tree is not None or read.ignored or not term.strip()
    assert all(text for text, _ in find_clauses(term, field))


@given(term=TERMS)
def test_a_term_alone_is_read_as_the_language_reads_it(term):
    found = parse_search(term).tree
    wanted = merge_numbers(found) if found and "#" not in term else None
    if wanted is not None:
        assert read_question(Question(term), {}).tree == wanted


def test_sets_stand_where_their_numbers_stood():
    tree = read_question(Question("#1 NOT #2"), SETS).tree
    assert tree == Without(SETS[1], SETS[2])
    quoted = read_question(Question('"#1 of all"'), {}).tree
    assert quoted == parse_search('"#1 of all"').tree


def test_a_set_that_is_not_there_is_said():
    read = read_question(Question("tea OR #7"), SETS)
    assert read.tree is None
    assert read.ignored == ("Unable to obtain query #7",)


def test_a_field_goes_to_what_has_none():
    read = read_question(Question("tea OR (cup[mh] AND 'pot')", field="ti"), {})
    assert read.translation == "tea[ti] OR (cup[mh] AND 'pot'[ti])"


def test_dates_are_anded_even_to_an_or():
    read = read_question(Question("tea OR cup", first="2020", last="2021/05"), {})
    assert isinstance(read.tree, Every)
    assert read.translation == "(tea OR cup) AND 2020:2021/05[dp]"


def test_pmids_that_are_ored_are_one_list_at_any_depth():
    text = "tea AND (1[uid] OR 2[uid] OR cup OR 3[uid])"
    merged = merge_numbers(parse_search(text).tree)
    assert Numbers("pmid", (1, 2, 3)) in merged.parts[1].parts
    assert isinstance(merged.parts[1], Either)


def test_what_costs_too_much_is_refused_and_a_large_strategy_is_not():
    words = " OR ".join(f"word{n}[tiab]" for n in range(2_000))
    stars = " OR ".join(f"star{n}*[tiab]" for n in range(200))
    large = parse_search(f"({words}) AND ({stars})").tree
    assert cost_of(large) < MOST_COST
    dear = " OR ".join(f"star{n}*" for n in range(400))
    read = read_question(Question(dear), {})
    assert read.tree is None
    assert read.ignored[0].startswith("The search was not made")


def test_sets_within_sets_stay_within_bounds():
    term = "#1 AND kratom OR tea"
    tree = read_question(Question("tea"), {}).tree
    for _ in range(60):
        read = read_question(Question(term), {1: tree})
        if read.tree is None:
            break
        tree = read.tree
    assert "nested more than" in read.ignored[0]
    many = read_question(Question("#1 " * 300), {1: Numbers("pmid", (1,) * 10_000)})
    assert many.ignored == (TOO_DEAR,)


# --- sets of sessions -----------------------------------------------------------------


@pytest.fixture
def history():
    kept = History()
    yield kept
    kept.close()


def test_a_session_numbers_its_sets(history):
    webenv, first = history.keep(Kept((1, 2)), "", 0.0)
    assert history.keep(Kept((3,)), webenv, 0.0) == (webenv, 2)
    other, number = history.keep(Kept((4,)), "", 0.0)
    assert (first, number) == (1, 1)
    assert other != webenv
    assert history.get(webenv, 2, 0.0) == Kept((3,))
    assert history.get(webenv, 3, 0.0) is None


def test_a_question_is_kept_as_it_was_asked(history):
    asked = Question("tea #1", field="ti", first="2020", sort="relevance")
    webenv, key = history.keep(Kept(question=asked), "", 0.0)
    assert history.get(webenv, key, 1.0) == Kept((), asked)


def test_what_nobody_used_is_forgotten(history):
    webenv, key = history.keep(Kept((1,)), "", 0.0)
    assert history.get(webenv, key, EXPIRY_S - 1)
    assert history.get(webenv, key, 2 * EXPIRY_S - 2)  # it was used in between
    assert history.get(webenv, key, 4 * EXPIRY_S) is None
    assert history.keep(Kept((2,)), webenv, 4 * EXPIRY_S)[0] != webenv


def test_the_sets_used_longest_ago_make_room(history):
    kept = [history.keep(Kept((n,)), "", float(n)) for n in range(MOST_SETS + 5)]
    now = float(MOST_SETS + 5)
    assert [history.get(*where, now) for where in kept[:5]] == [None] * 5
    assert all(history.get(*where, now) for where in kept[5:])


def test_sessions_in_a_file_are_shared(tmp_path):
    one, other = History(tmp_path / "sets"), History(tmp_path / "sets")
    where = one.keep(Kept((7,)), "", 0.0)
    assert other.get(*where, 0.0) == Kept((7,))
    one.close()
    other.close()
