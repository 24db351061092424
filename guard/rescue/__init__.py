"""Nothing is lost: work trees are kept as commits, and brought back without overwriting unseen."""

from guard.rescue.keeping import REF as REF
from guard.rescue.keeping import Kept as Kept
from guard.rescue.keeping import Limits as Limits
from guard.rescue.keeping import changes as changes
from guard.rescue.keeping import find as find
from guard.rescue.keeping import keep as keep
from guard.rescue.keeping import prune as prune
from guard.rescue.keeping import states as states
from guard.rescue.restoring import Restored as Restored
from guard.rescue.restoring import restore as restore
from guard.rescue.restoring import within as within
