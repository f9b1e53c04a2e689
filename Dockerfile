# docker build -t keytrace . && docker run --rm -v "$PWD:/src:ro" keytrace
FROM python:3.12-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE hatch_build.py ./
COPY rules rules
COPY scanner scanner
RUN python -m venv /opt/keytrace && /opt/keytrace/bin/pip install --no-cache-dir --quiet .

FROM python:3.12-slim
# git tells what is tracked, staged and committed. A folder that is mounted has another owner: keytrace runs git without
# the programs that a repository may name.
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends git && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory '*' \
    && useradd --uid 10001 --create-home keytrace
COPY --from=build /opt/keytrace /opt/keytrace
ENV PATH=/opt/keytrace/bin:$PATH
USER keytrace
RUN keytrace cache warm
WORKDIR /src
ENTRYPOINT ["keytrace"]
CMD ["scan"]
