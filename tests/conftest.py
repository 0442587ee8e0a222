"""Settings for every test: properties are judged by their answer, not by the speed of the machine or by luck."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ("pytester",)

settings.register_profile("execcheck", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# A submission is judged on the same examples every time; a developer's runs look for new ones.
settings.register_profile("ci", settings.get_profile("execcheck"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "execcheck")
