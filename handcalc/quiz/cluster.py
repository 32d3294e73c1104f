"""The work of many students on a Dask cluster (Rocklin, 2015): the same jobs, and the same bytes.

What a worker has made comes back to this machine, which writes it: workers need no disk in common. A job that is lost
with its worker is done again by another one; since a job is a pure function, nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock

from handcalc.errors import HandcalcError
from handcalc.quiz.jobs import Job, Made, edition, make
from handcalc.quiz.progress import Place, Record
from handcalc.quiz.workers import AHEAD, Work, in_turn

LEAST_CORES = 16
"""Jobs are sent for at least so many, since workers may join later."""
RETRIES = 5
_ALONE = Lock()
"""The precision of certified numbers is a setting of a process, so its threads do one job after another."""


def on_cluster(address: str) -> Work:
    """On the workers of the Dask scheduler at `address`, such as ``tcp://10.0.0.1:8786``."""

    def work(jobs: Sequence[Job], place: Place) -> Iterator[Record]:
        try:
            from distributed import Client
        except ImportError:
            raise HandcalcError("--scheduler needs Dask: pip install 'handcalc[cluster]'") from None
        try:
            client = Client(address, set_as_default=False)
        except (OSError, ValueError) as error:
            raise HandcalcError(f"no Dask scheduler answers at {address} ({error})") from None
        with client, client.get_executor(pure=False, retries=RETRIES) as executor:
            most = AHEAD * max(LEAST_CORES, sum(client.ncores().values()))
            for job, made in in_turn(jobs, lambda job: executor.submit(made_alike, edition(), job), most):
                if made.refused:
                    raise HandcalcError(made.refused)
                place.keep(job, made)
                yield made.record

    return work


def made_alike(wanted: Mapping[str, str], job: Job) -> Made:
    """The job made, by a worker that would give the same bytes as the machine that asks."""
    if edition() != wanted:
        versions = (", ".join(f"{name} {number}" for name, number in one.items()) for one in (edition(), wanted))
        return Made({}, {}, "a worker of the cluster has {}, this machine {}; install the same".format(*versions))
    with _ALONE:
        return make(job)
