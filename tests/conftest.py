"""Settings for every test: properties are judged by their answer, not by the speed of the machine."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("execcheck", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("execcheck")
