"""The version of the package, which is that of the program in it."""
from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("goldspike")
except PackageNotFoundError:  # run from a checkout
    __version__ = "0"
