"""Answers the messages about removing model files: what would go and who needs it; then removes."""

from typing import Any

from infinitetalk.engine.needs import Needs, jobs_that_need, known_jobs
from infinitetalk.weights.download.catalog import read_catalog
from infinitetalk.weights.removal import Removal, remove
from infinitetalk.weights.removal_plan import plan_removal
from infinitetalk.wire import PlanRemoval, RemoveWeights


def planned(message: PlanRemoval | RemoveWeights) -> tuple[Removal, Needs]:
    """Raises EngineError as `plan_removal` does."""
    removal = plan_removal(
        read_catalog(),
        message.folder,
        sets=message.sets,
        parts=message.parts,
        files=message.files,
        stores=message.stores,
    )
    return removal, jobs_that_need(removal.paths, known_jobs(message.jobs))


def removed(message: RemoveWeights) -> dict[str, Any]:
    """Looks once more, then removes. Raises EngineError `weights.in_use`, as `remove` does."""
    removal, needs = planned(message)
    needs.check_idle()
    freed = remove(removal)
    return {"freed": freed, "files": removal.to_json()["files"]}
