# The portal as it runs in production. Web, worker and migrations are the same image with different commands.
FROM python:3.13-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /portal

COPY requirements.lock .
RUN pip install --require-hashes --requirement requirements.lock

COPY . .
RUN useradd --system portal \
    && python manage.py make_font \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && rm -f var/secret-key
USER portal

# PRODUCTION is said here, so that a forgotten variable stops the start instead of opening the door.
# A request's address is at most 64 KB and its headers twice that; its body is limited by portal/uploads.py.
ENV PRODUCTION=1 GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=4 GRANIAN_HTTP1_BUFFER_SIZE=65536
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/halsa/', timeout=8)"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--http", "1", "--no-ws", "portal.wsgi:application"]
