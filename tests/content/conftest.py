"""Property tests take as long as a shared machine lets them, and leave nothing behind."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "content",
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("content")
