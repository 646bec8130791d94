"""In CI nothing may be skipped but for a missing `../shared`: a skipped test is a check that cannot fail."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

ALLOWED = "needs the shared test material"
_unexpected: list[str] = []


def unexpected_skips(reports: Sequence[tuple[str, str]]) -> list[str]:
    """Of (test, reason) pairs those whose reason is not the allowed one."""
    return [f"{test}: {reason}" for test, reason in reports if ALLOWED not in reason]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather skips that are not allowed."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _unexpected.extend(unexpected_skips([(report.nodeid, reason)]))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the session for them."""
    if os.environ.get("MEDIAKIT_CI") == "1" and _unexpected and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which they are."""
    if os.environ.get("MEDIAKIT_CI") == "1" and _unexpected:
        terminalreporter.write_sep("=", "skipped, which CI does not allow", red=True)
        for line in _unexpected:
            terminalreporter.write_line(line)
