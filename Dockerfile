# diagnoser as an image: docker build -t diagnoser . && docker build . 2>&1 | docker run --rm -i diagnoser
# BASE may be any Debian or Alpine with Python 3.11 or newer, its venv and its pip.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY signatures signatures
COPY diagnoser diagnoser
# A house's own package index: --build-arg PIP_INDEX_URL=https://…
ARG PIP_INDEX_URL
RUN python3 -m venv /opt/diagnoser \
 && /opt/diagnoser/bin/python -m pip install --no-cache-dir --disable-pip-version-check ".[ci]" \
 && /opt/diagnoser/bin/python -m pip uninstall --yes --quiet pip

FROM ${BASE}
COPY --from=build /opt/diagnoser /opt/diagnoser
ENV PATH=/opt/diagnoser/bin:$PATH PYTHONDONTWRITEBYTECODE=1
# Nobody in particular: diagnoser reads a log and needs no right of its own. `--user` may name another.
USER 65534:65534
WORKDIR /logs
ENTRYPOINT ["diagnoser"]
