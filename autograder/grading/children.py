"""The processes in which the checks of one worker run: one after another while they pass.

A fork for each check would be most of what grading costs. Sharing one may let a check pass for what
another has left behind, never fail: a failure counts in a clean process alone, and `confirmation`
repeats some submissions without sharing.
"""

from __future__ import annotations

from autograder.sandbox.session import CheckChannel, Session


class Children:
    """The child that a check of this worker is to run in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._channel: CheckChannel | None = None
        self._passed = False

    def clean(self, seed: int) -> CheckChannel:
        """A channel to a child in which nothing has run. Raises `LostError`."""
        self.end()
        self._channel = CheckChannel(self._session, seed)
        return self._channel

    def shared(self, seed: int) -> CheckChannel | None:
        """A channel to the child in which all that ran has passed, if there is one."""
        if self._channel is None or not self._passed:
            return None
        self._channel.begin_anew(seed)
        return self._channel

    def keep(self) -> None:
        """Let the next checks share the child, for the last one has passed in it."""
        self._passed = True

    def end(self) -> None:
        """End the child, and whatever it started. Raises `LostError`."""
        channel, self._channel, self._passed = self._channel, None, False
        if channel is not None:
            self._session.end(channel)

    def drop(self) -> None:
        """Leave the child to a worker that is being ended."""
        if self._channel is not None:
            self._channel.close()
