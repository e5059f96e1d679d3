# One image for every process of production; docker-compose.yml says which runs where. Docker and podman build it.
FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/leadgen
WORKDIR /app
COPY requirements.txt requirements-production.txt ./
RUN /opt/leadgen/bin/pip install --require-hashes -r requirements-production.txt
# the build needs setuptools, at the version and hash that requirements.txt pins; the image that runs does not
RUN awk '/^setuptools==/ {found=1} found {print} found && !/\\$/ {exit}' requirements.txt > /tmp/setuptools.txt \
 && /opt/leadgen/bin/pip install --require-hashes -r /tmp/setuptools.txt
COPY pyproject.toml README.md ./
COPY leadgen ./leadgen
# editable, because the templates stand beside the package
RUN /opt/leadgen/bin/pip install --no-deps --no-build-isolation -e . \
 && /opt/leadgen/bin/pip uninstall -y setuptools \
 && /opt/leadgen/bin/python -m compileall -q leadgen

FROM python:3.12-slim
ENV PATH=/opt/leadgen/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# webhooks are checked against the system's authorities
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin leadgen
WORKDIR /app
COPY --from=build /opt/leadgen /opt/leadgen
COPY --from=build /app/leadgen ./leadgen
COPY templates ./templates
COPY schools.csv worker.py pyproject.toml README.md ./
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["leadgen", "web", "--host", "0.0.0.0", "--port", "8000"]
