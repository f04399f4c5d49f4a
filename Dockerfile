# Image unique du portail : serveur web, tâches de fond et minuterie n’en diffèrent que par leur commande.
FROM node:22-bookworm-slim AS interface
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# pg_dump et pg_restore doivent avoir la version du serveur : Debian donne le script qui y donne accès.
RUN apt-get update -qq \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && sh /usr/share/postgresql-common/pgdg/*.sh -y \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libmagic1 poppler-utils postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 portal \
    && install -d -o portal -g portal /srv/portal/var /srv/portal/files
WORKDIR /app
COPY requirements.lock ./
RUN pip install --require-hashes --no-deps --only-binary :all: --requirement requirements.lock
COPY --from=interface /app/node_modules ./node_modules
COPY . .
ENV DJANGO_SETTINGS_MODULE=portal.settings.production BIND_HOST=0.0.0.0 PORTAL_VAR=/srv/portal/var FILES_ROOT=/srv/portal/files
USER portal
# Les trois valeurs ne servent qu’à cette étape : l’image n’en garde aucune.
RUN SECRET_KEY=construction-de-l-image-sans-aucun-secret-0123456789 PORTAL_URL=https://construction.invalid ALLOWED_HOSTS=construction.invalid \
    python manage.py collectstatic --no-input
EXPOSE 8000
CMD ["python", "-m", "portal.embedded", "web"]
