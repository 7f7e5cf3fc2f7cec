"""Work in many pieces is done whole, whoever does it and whatever ends meanwhile."""

import gc
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest

from assay.edge import jobs_dask
from assay.edge.jobs import POOLS, TRIES, Pool, Task, choose_pool, run_tasks
from assay.edge.partition import Order, read_partition
from assay.errors import AssayError, UsageError
from tests import job_samples, partition_samples
from tests.dask_cluster import ROOT, start_cluster
from tests.nlm_samples import FIRST_PMID, article, name_nlm, write_nlm

# --- the contract: each pool is held to all of it ------------------------------------


def every_task_has_one_outcome_and_a_failing_one_hinders_no_other(pool, folder):
    tasks = [Task(f"n{i}", job_samples.double, (i,)) for i in range(10)]
    tasks.append(Task("bad", job_samples.fail, ("no such luck",)))
    tasks.append(Task("late", job_samples.fail_twice, (str(folder),)))
    outcomes = {o.name: o for o in run_tasks(tasks, pool)}
    assert len(outcomes) == len(tasks)
    assert [outcomes[f"n{i}"].value for i in range(10)] == [2 * i for i in range(10)]
    assert outcomes["late"][1:] == ("at last", None, 3)
    bad = outcomes["bad"]
    assert (bad.value, bad.tries) == (None, TRIES)
    assert bad.problem.where == "bad"
    assert bad.problem.what == (
        "it failed 3 times, at last with: ValueError: no such luck"
    )


def no_more_is_begun_than_may_lie_about(pool, folder):
    begun = []

    def tasks():
        for number in range(8):
            begun.append(number)
            yield Task(str(number), job_samples.double, (number,))

    for taken, _ in enumerate(run_tasks(tasks(), pool._replace(ahead=3))):
        time.sleep(0.02)  # enough for a pool that knows no bounds to begin them all
        assert len(begun) <= taken + 3
    assert len(begun) == 8


def what_the_tasks_iterator_raises_is_raised(pool, folder):
    def tasks():
        yield Task("one", job_samples.double, (1,))
        raise AssayError("The list ends in the middle.")

    with pytest.raises(AssayError, match="in the middle"):
        list(run_tasks(tasks(), pool))


def partitions_are_there_exactly_once_after_a_worker_was_killed(pool, folder):
    place, orders = str(folder / "out"), []
    for number in range(1, 7):
        articles = [article(FIRST_PMID + number + i) for i in range(20)]
        path = write_nlm(folder / "in", name_nlm(number), articles)
        orders.append(Order(path.name, str(path), place))
    slowly = partition_samples.write_partition_slowly
    tasks = [Task(order.file, slowly, (order, str(folder), 0.2)) for order in orders]

    def kill():
        os.kill(wait_for_one_at_work(folder), signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    outcomes = list(run_tasks(tasks, pool))
    killer.join()
    assert sorted(outcome.name for outcome in outcomes) == [o.file for o in orders]
    for outcome in outcomes:
        assert len(list(read_partition(place, outcome.value))) == 20
    wanted = [o.file + end for o in orders for end in (".done.json", ".parquet")]
    assert sorted(path.name for path in Path(place).iterdir()) == sorted(wanted)
    assert len(list(folder.glob("*.begun"))) > len(orders)  # one was begun twice


CONTRACT = (
    every_task_has_one_outcome_and_a_failing_one_hinders_no_other,
    no_more_is_begun_than_may_lie_about,
    what_the_tasks_iterator_raises_is_raised,
    partitions_are_there_exactly_once_after_a_worker_was_killed,
)


def wait_for_one_at_work(folder):
    """Return the number of a process that has begun to write slowly."""
    while not (begun := [p for p in folder.glob("*.begun") if p.read_text()]):
        time.sleep(0.005)
    return int(begun[0].read_text())


def test_processes_keep_the_contract(tmp_path):
    for number, holds in enumerate(CONTRACT):
        (folder := tmp_path / str(number)).mkdir()
        holds(Pool(workers=2), folder)


def test_a_dask_cluster_keeps_the_contract(tmp_path):
    with start_cluster() as cluster:
        pool = Pool("dask", address=cluster.address)
        for number, holds in enumerate(CONTRACT):
            (folder := tmp_path / str(number)).mkdir()
            holds(pool, folder)


def test_every_kind_of_pool_is_held_to_the_contract():
    assert set(POOLS) == {"processes", "dask"}


# --- processes -----------------------------------------------------------------------


def test_a_task_that_always_ends_its_process_is_given_up_and_the_others_are_done():
    tasks = [Task("deadly", job_samples.die_always)]
    tasks += [Task(str(i), job_samples.double, (i,)) for i in range(4)]
    outcomes = {o.name: o for o in run_tasks(tasks, Pool(workers=2))}
    assert "ended by signal 9" in outcomes.pop("deadly").problem.what
    assert sorted(o.value for o in outcomes.values()) == [0, 2, 4, 6]


def test_a_value_that_cannot_cross_over_is_a_problem_of_its_task():
    task = Task("odd", job_samples.not_to_be_handed_over)
    (outcome,) = run_tasks([task], Pool(workers=1))
    assert "cannot be handed over" in outcome.problem.what


def test_leaving_early_ends_the_workers_at_once(tmp_path):
    tasks = [Task("quick", job_samples.double, (1,))]
    slow = (str(tmp_path), "slow", 60)
    tasks.append(Task("slow", job_samples.write_slowly, slow))
    outcomes = run_tasks(tasks, Pool(workers=2))
    next(outcomes)
    worker = wait_for_one_at_work(tmp_path)
    outcomes.close()
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


def test_workers_end_when_the_one_who_drives_them_is_killed(tmp_path):
    script = f"""
from assay.edge import jobs_dask
from assay.edge.jobs import *; from tests import job_samples, partition_samples
if __name__ == "__main__":
    given = ({str(tmp_path)!r}, "slow", 60)
    list(run_tasks([Task("slow", job_samples.write_slowly, given)], Pool(workers=1)))
"""
    path = tmp_path / "drive.py"
    path.write_text(script)
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    driver = subprocess.Popen([sys.executable, str(path)], env=environ)
    worker = Path(f"/proc/{wait_for_one_at_work(tmp_path)}/stat")
    driver.kill()
    driver.wait()
    until = time.monotonic() + 20
    while time.monotonic() < until and is_alive(worker):
        time.sleep(0.01)
    assert not is_alive(worker)


def is_alive(stat):
    try:
        return ") Z " not in stat.read_text()
    except OSError:
        return False


# --- a cluster ------------------------------------------------------------------------


def test_a_scheduler_that_is_not_there_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(jobs_dask, "PATIENCE_S", 0.3)
    with pytest.raises(AssayError, match=r"^No scheduler answers at tcp:.*dask sch"):
        list(run_tasks([], Pool("dask", address="tcp://127.0.0.1:9")))
    closed = []
    monkeypatch.setattr(jobs_dask.Client, "close", lambda *_, **__: closed.append(1))
    with pytest.raises(AssayError, match="No scheduler answers at nowhere"):
        list(run_tasks([], Pool("dask", address="nowhere://x")))
    gc.collect()
    assert not closed  # it would wait for seconds, and end in a traceback


def test_a_cluster_without_workers_or_that_ends_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(jobs_dask, "PATIENCE_S", 0.5)
    monkeypatch.setattr(jobs_dask, "WORKERS_S", 0.2)
    tasks = [Task("one", job_samples.double, (1,))]
    with start_cluster(0) as cluster:
        pool = Pool("dask", address=cluster.address)
        with pytest.raises(AssayError, match=r"^No worker has come to the scheduler"):
            list(run_tasks(tasks, pool))

        def end_scheduler(_):
            cluster.scheduler.kill()
            cluster.scheduler.wait()

        monkeypatch.setattr(jobs_dask._Job, "meet", end_scheduler)
        with pytest.raises(AssayError, match=r"^The scheduler at tcp:.* is gone\."):
            list(run_tasks(tasks, pool))


def test_other_versions_are_told_with_their_numbers():
    here = {"python": "3.11.7.final.0", "dask": "2026.8.0", "assay": "0.1.0"}
    assert jobs_dask.find_mismatch(here, {**here, "python": "3.11.2.final.0"}) == ""
    assert jobs_dask.find_mismatch(here, {**here, "assay": ""}) == (
        "has assay (none), and this machine has 0.1.0"
    )


def test_a_pool_is_chosen_by_what_a_person_says():
    assert choose_pool() == Pool()
    assert choose_pool("tcp://a:1").address == "tcp://a:1"
    with pytest.raises(UsageError):
        choose_pool("tcp://a:1", 3)
    with pytest.raises(UsageError):
        choose_pool(workers=-1)
