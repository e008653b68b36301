"""Progress of a whole job from reports of units: never back, never early at 100."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reelstep.jobs.model import PHASE_WEIGHTS, Job, JobKind, Phase, PhaseProgress
from reelstep.jobs.progress import advance
from tests.support.jobs import TOTALS, a_job

NOW = "2026-01-01T00:00:01.000Z"


def planned(**changes: object) -> Job:
    phases = {phase: PhaseProgress(total=total) for phase, total in TOTALS.items()}
    return a_job(**{"phases": phases, "last_event_at": NOW, **changes})


def after(job: Job, phase: Phase, added: int) -> Job:
    step = advance(job, phase, added, NOW)
    return job.model_copy(
        update={
            "phase": step.phase,
            "percent": step.percent,
            "phases": {**job.phases, phase: step.phase_progress},
        }
    )


def test_weights_add_up_to_a_hundred() -> None:
    for weights in PHASE_WEIGHTS.values():
        assert sum(weights.values()) in (0, 100), "0: a kind whose steps are not built yet"
    assert sum(PHASE_WEIGHTS[JobKind.GENERATION].values()) == 100


def test_each_phase_is_worth_its_weight() -> None:
    job = planned()
    seen = []
    for phase, total in TOTALS.items():
        job = after(job, phase, total)
        seen.append(job.percent)
    assert seen == [5, 30, 40, 85, 95, 99]


def test_the_last_percent_belongs_to_the_end() -> None:
    job = planned()
    for phase, total in TOTALS.items():
        job = after(job, phase, total)
    assert job.percent == 99


def test_a_straggler_of_an_earlier_phase_does_not_take_clients_back() -> None:
    job = after(planned(), Phase.RENDERING, 10)
    late = advance(job, Phase.ASSET_GENERATION, 1, NOW)
    assert late.phase is Phase.RENDERING


def test_a_new_phase_is_told_even_when_the_percent_is_the_same() -> None:
    job = planned(percent=99, phase=Phase.ENCODING)
    assert advance(job, Phase.FINALIZATION, 1, NOW).publish


def test_a_second_without_an_event_is_told() -> None:
    job = after(planned(), Phase.RENDERING, 300)
    soon = advance(job, Phase.RENDERING, 1, "2026-01-01T00:00:01.900Z")
    later = advance(job, Phase.RENDERING, 1, "2026-01-01T00:00:02.000Z")
    assert (soon.publish, later.publish) == (False, True)


def test_a_phase_completes_once() -> None:
    first = advance(planned(), Phase.SCRIPT_GENERATION, 1, NOW)
    assert first.phase_progress.completed_at == NOW
    again = advance(
        planned(phases={Phase.SCRIPT_GENERATION: first.phase_progress}),
        Phase.SCRIPT_GENERATION,
        0,
        "2026-01-01T00:09:00.000Z",
    )
    assert again.phase_progress.completed_at == NOW


reports = st.lists(st.tuples(st.sampled_from(list(Phase)), st.integers(0, 400)), max_size=30)


@given(reports)
def test_percent_and_phase_never_go_back_whatever_is_reported(given_reports: list) -> None:
    job = planned()
    order = list(PHASE_WEIGHTS[JobKind.GENERATION])
    for phase, added in given_reports:
        later = after(job, phase, added)
        assert 0 <= job.percent <= later.percent <= 99
        if job.phase:
            assert order.index(later.phase) >= order.index(job.phase)
        job = later
