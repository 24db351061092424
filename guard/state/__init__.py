"""Asks git and the remotes what they know of the files that enter a build."""

from guard.state.ahead import begin as begin
from guard.state.gather import Scope as Scope
from guard.state.gather import of as of
from guard.state.gather import outside as outside
from guard.state.stirred import stirred as stirred
