"""Where work runs: the engines that come with podkit, and the shelf for others."""

from podkit.engines import local as local
