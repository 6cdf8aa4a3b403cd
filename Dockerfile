# Caveat without a database of its own: DATABASE_URL names the Postgres. Arguments are `caveat` commands; `serve` is the default.

# The Python that the suite runs on.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
WORKDIR /srv/caveat
# `--build-arg LOCK=requirements-semantic.lock` for an image that can search by meaning.
ARG LOCK=requirements.lock
COPY requirements.lock /tmp/
COPY requirements-semantic.lock /tmp/
# Wheels alone, each with a hash that the lock names: nothing is compiled, so neither stage has a compiler. What exports
# spans is among them, and loaded where OTEL_EXPORTER_OTLP_ENDPOINT names a collector.
RUN python -m venv --without-pip /opt/caveat && \
    python -m pip --python /opt/caveat/bin/python install --quiet --disable-pip-version-check --no-cache-dir \
        --require-hashes --no-deps --only-binary :all: --requirement "/tmp/${LOCK}"
COPY server server
COPY schema schema
COPY migrations migrations
COPY seeds seeds
# The user of the image reads all of it, whatever the checkout's rights are, and writes nothing: it is compiled here.
RUN chmod -R u=rwX,go=rX . && \
    python -m compileall -q --invalidation-mode unchecked-hash server schema migrations

FROM python:${PYTHON}-slim
# What installs and builds has done its work.
RUN python -m pip uninstall --quiet --yes --root-user-action ignore pip setuptools wheel && \
    useradd --uid 10001 --user-group --no-create-home --no-log-init --shell /usr/sbin/nologin caveat && \
    mkdir --mode 700 /srv/data && chown caveat:caveat /srv/data
COPY --from=build /opt/caveat /opt/caveat
COPY --from=build /srv/caveat /srv/caveat
WORKDIR /srv/caveat
ENV PATH=/opt/caveat/bin:$PATH \
    CAVEAT_ENV=production \
    CAVEAT_DATA_DIR=/srv/data \
    CAVEAT_HOST=0.0.0.0 \
    CAVEAT_PORT=8000
USER 10001:10001
EXPOSE 8000
# The process answers; /readyz says whether its database does too, which no restart of this container would mend.
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m --retries=3 CMD ["python", "-c", "import http.client, os, sys; \
server = http.client.HTTPConnection('127.0.0.1', int(os.environ['CAVEAT_PORT']), timeout=3); \
server.request('GET', '/healthz'); \
sys.exit(server.getresponse().status != 200)"]
# No shell in between: SIGTERM reaches the server, which finishes what is under way within ten seconds.
ENTRYPOINT ["python", "-m", "server.cli"]
CMD ["serve"]
