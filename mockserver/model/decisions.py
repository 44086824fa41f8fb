"""What rules and outcomes lead to, and how it came about."""

from msgspec import Struct

from mockserver.model.behaviour import Outcome
from mockserver.model.faults import ACCEPT, Fault
from mockserver.model.values import Basis, Problem

# Where a trail ends that a fault of ours has cut off: no step of judgement, so nothing that refuses.
BROKEN = "broken"


class Mark(Struct, frozen=True, gc=False):
    """One step of a decision; no problems means it passed."""

    step: str
    problems: tuple[Problem, ...] = ()
    rule: str | None = None


class Decision(Struct, frozen=True, gc=False):
    """An outcome and how it came about.

    `trouble` is a fault of ours, told to nobody but the tester; `fault` names what a tester has planted, `spoke` holds
    those of the planted that had a part in it. `wire` and `delay` (seconds) are the face's to perform. `is_made_up`
    says that the answer is one that the client asked for, and that nothing comes of it.
    """

    outcome: Outcome
    trail: tuple[Mark, ...] = ()
    basis: Basis = Basis.ASSUMED
    trouble: str | None = None
    fault: str | None = None
    spoke: tuple[Fault, ...] = ()
    wire: str | None = None
    delay: float = 0.0
    is_made_up: bool = False

    @property
    def is_accepted(self) -> bool:
        """Whether the call did what it was for: nothing refused it, cut it off or broke, and no answer was made up."""
        return self.trail[-1].step == ACCEPT and not self.is_made_up

    @property
    def refused_by(self) -> str | None:
        """The step and the claim, `rules/credits-must-suffice`; None when accepted, and when the fault is ours."""
        last = self.trail[-1]
        if not last.problems or last.step == BROKEN:
            return None
        problem = last.problems[0]
        return f"{last.step}/{problem.claim or problem.keyword or problem.kind.value.replace(' ', '-')}"
