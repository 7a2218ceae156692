"""The random transformer of a run: made once per precision and shared by every part that needs it."""

from collections.abc import Callable

from infinitetalk.bench.network import RandomModel, random_model
from infinitetalk.bench.parts import give_back
from infinitetalk.bench.settings import Settings


class Models:
    """At most one model at a time: 37 GB of page-locked memory are enough."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._name = ""
        self._model: RandomModel | None = None

    def get(self, precision: str) -> RandomModel:
        """All blocks page-locked in host memory, none on the device until they are used."""
        if self._model is None or self._name != precision:
            self.close()
            self._model, self._name = random_model(self._settings, precision), precision
        return self._model

    def use(self, precision: str) -> Callable[[], RandomModel]:
        return lambda: self.get(precision)

    def rest(self) -> None:
        """Takes its blocks off the device."""
        if self._model is not None:
            self._model.stream.suspend()

    def close(self) -> None:
        if self._model is not None:
            self._model.stream.close()
        self._model = None
        give_back(self._settings)
