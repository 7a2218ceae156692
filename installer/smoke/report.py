"""What a smoke test found: one line a check, and how many held."""


class Report:
    """Prints as it goes; `failed` counts."""

    def __init__(self) -> None:
        self.failed = 0
        self.passed = 0

    def say(self, good: bool, text: str, detail: str = "") -> None:
        print(f"{'ok  ' if good else 'FAIL'} {text}{': ' + detail if detail else ''}", flush=True)
        self.passed += good
        self.failed += not good
