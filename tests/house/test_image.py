"""What the Dockerfile and the compose file promise."""

import json
import re
from typing import Any

import pytest
import yaml

from server.commands.serving import FINISHING_SECONDS
from server.db import cluster
from tests.dockerfile import ROOT, read_stages

BUILDING, FINAL = read_stages()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
PRODUCT = {"requirements.lock", "requirements-semantic.lock", "server", "schema", "migrations", "seeds"}


def test_the_image_is_made_of_the_product_and_nothing_else():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in ignored if not line.startswith("#")]

    assert (rules[0], rules[-1]) == ("*", "**/__pycache__")
    assert {rule.removeprefix("!") for rule in rules[1:-1]} == PRODUCT
    assert {argument.split()[0] for argument in BUILDING.arguments("COPY")} == PRODUCT


def test_the_last_stage_takes_what_is_ready():
    assert FINAL.arguments("COPY") == ["--from=build /opt/caveat /opt/caveat", "--from=build /srv/caveat /srv/caveat"]
    assert [command for command in FINAL.arguments("RUN") if re.search(r"\binstall\b|apt", command)] == []


def test_what_is_installed_is_what_the_lock_names():
    assert {"--require-hashes", "--no-deps", "--only-binary", '"/tmp/${LOCK}"'} <= set(
        BUILDING.arguments("RUN")[0].split()
    )
    assert BUILDING.argument("ARG") == "LOCK=requirements.lock"


def test_the_server_is_not_root():
    assert FINAL.argument("USER") == "10001:10001"


def test_no_shell_stands_before_a_signal():
    commands = [FINAL.argument("ENTRYPOINT"), FINAL.argument("CMD"), FINAL.argument("HEALTHCHECK").partition("CMD ")[2]]
    assert [type(json.loads(command)) for command in commands] == [list, list, list]


def test_images_have_short_names():
    names = [stage.argument("FROM").split()[0] for stage in (BUILDING, FINAL)]
    names += [service["image"] for service in SERVICES.values()]

    assert set(names) == {"python:${PYTHON}-slim", "caveat", f"postgres:{cluster.MAJOR}"}


def test_compose_has_no_password_of_its_own():
    given = {
        value for service in SERVICES.values() for name, value in service["environment"].items() if "PASSWORD" in name
    }
    assert [value.partition(":?")[0] for value in given] == ["${CAVEAT_DATABASE_PASSWORD"]


def test_the_server_waits_for_the_migration_and_that_for_the_database():
    conditions = {
        name: {other: wait["condition"] for other, wait in service.get("depends_on", {}).items()}
        for name, service in SERVICES.items()
    }
    assert conditions == {
        "database": {},
        "migrate": {"database": "service_healthy"},
        "server": {"database": "service_healthy", "migrate": "service_completed_successfully"},
    }
    assert (SERVICES["migrate"]["command"], "command" in SERVICES["server"]) == (["migrate"], False)


@pytest.mark.parametrize("name", ["migrate", "server"])
def test_what_runs_the_image_can_change_nothing_of_it(name: str):
    service = SERVICES[name]
    assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])  # noqa: S108
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_server_is_reached_from_this_machine_alone_and_the_database_by_the_server():
    assert {name: service.get("ports") for name, service in SERVICES.items()} == {
        "database": None,
        "migrate": None,
        "server": ["127.0.0.1:8000:8000"],
    }


def test_the_server_has_time_to_finish():
    assert int(SERVICES["server"]["stop_grace_period"].removesuffix("s")) > max(FINISHING_SECONDS, 10)


def test_the_data_outlives_the_database():
    assert SERVICES["database"]["volumes"] == ["database:/var/lib/postgresql"]
    assert "database" in COMPOSE["volumes"]
