"""A pack made on a cluster is the pack made here, whatever becomes of the workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster
from packs import TINY, run, tree

from handcalc.quiz.cluster import made_alike, on_cluster
from handcalc.quiz.jobs import Job, Task
from handcalc.quiz.pack import Pack, make_pack, planned
from handcalc.quiz.progress import Record
from handcalc.quiz.quiz import read_quiz_text
from handcalc.quiz.roster import numbered
from handcalc.quiz.workers import in_this_process

COUNT = 8


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as made:
        yield made


@pytest.fixture(scope="module")
def pack() -> Pack:
    task = Task(file="tiny.yaml", text=TINY.replace("integer from 2 to 9", "integer from 2 to 99"))
    return planned(read_quiz_text(task.text, task.file), task, 1, numbered(COUNT))


def test_a_worker_that_is_killed_in_the_middle_is_not_missed(cluster: LocalCluster, pack: Pack, tmp_path: Path) -> None:
    met: list[str] = []

    def watch(records: Iterator[Record], count: int) -> Iterator[Record]:
        for record in records:
            met.append(record["key"])
            if len(met) == 3:
                with Client(cluster.scheduler_address, set_as_default=False) as client:
                    os.kill(min(client.run(os.getpid).values()), signal.SIGKILL)
            yield record

    make_pack(pack, tmp_path / "there", on_cluster(cluster.scheduler_address), watch=watch)
    make_pack(pack, tmp_path / "here", in_this_process)
    assert sorted(met, key=int) == [str(n) for n in range(1, COUNT + 1)]
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_the_command_works_on_a_cluster(cluster: LocalCluster, tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(TINY, "utf-8")
    made = run(tmp_path / "tiny.yaml", "-n", "2", "--scheduler", cluster.scheduler_address)
    assert made.exit_code == 0
    assert made.output.startswith("2 sheets with keys in ")


def test_a_worker_of_another_version_is_refused(pack: Pack) -> None:
    job: Job = pack.jobs[0]
    made = made_alike({"handcalc": "0.0", "weasyprint": "1"}, job)
    assert "this machine handcalc 0.0, weasyprint 1; install the same" in made.refused
    assert not made.files


def test_no_scheduler_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text(TINY, "utf-8")
    refused = run(tmp_path / "tiny.yaml", "-n", "2", "--scheduler", "nowhere")
    assert refused.exit_code == 2
    assert "no Dask scheduler answers at nowhere" in refused.output
