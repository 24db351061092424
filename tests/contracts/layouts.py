"""Small repositories with the facts of real layouts: which ports, paths, tokens stand where.

Rebuilt from what is publicly known of each kind of project; no text of theirs is copied.
"""

from __future__ import annotations

from collections.abc import Mapping

LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "a voting app: python, node, two databases": {
        "docker-compose.yml": """\
services:
  vote: {build: ./vote, ports: ["8080:80"], depends_on: [redis]}
  result: {build: ./result, ports: ["8081:80", "127.0.0.1:9229:9229"]}
  redis: {image: "redis:alpine"}
  db: {image: "postgres:15-alpine", environment: {POSTGRES_USER: postgres, POSTGRES_PASSWORD: postgres}}
""",
        "vote/Dockerfile": "FROM python:3.11-slim\nEXPOSE 80\nCOPY . /app\n",
        "vote/app.py": "app.run(host='0.0.0.0', port=80, debug=True)\n",
        "result/Dockerfile": "FROM node:18-slim\nEXPOSE 80\nENV PORT=80\n",
        "result/server.js": "const port = process.env.PORT || 4000;\nserver.listen(port);\n",
        "README.md": "Vote at http://localhost:8080, see http://localhost:8081\n",
    },
    "a template: fastapi, traefik, one .env for all": {
        "compose.yml": """\
services:
  db: {image: "postgres:17", environment: {POSTGRES_DB: "${POSTGRES_DB}", POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}"}}
  backend:
    build: ./backend
    environment: {SECRET_KEY: "${SECRET_KEY}", POSTGRES_PASSWORD: "${POSTGRES_PASSWORD}"}
    healthcheck: {test: "curl -f http://localhost:8000/health"}
    ports: ["8000:8000"]
""",
        ".env": "POSTGRES_DB=app\nPOSTGRES_PASSWORD=changethis\nSECRET_KEY=changethis\n",
        "backend/Dockerfile": "FROM python:3.10\nCOPY . /app\n",
        "backend/app/main.py": "import os\nKEY = os.environ['SECRET_KEY']\n",
        "development.md": "The API: http://localhost:8000, the frontend: http://localhost:5173\n",
    },
    "netbox: one image thrice, passwords in two env files": {
        "docker-compose.yml": """\
services:
  netbox: &netbox {image: "netboxcommunity/netbox:v4.2-3.2.0", env_file: env/netbox.env, ports: ["8000:8080"]}
  worker: {<<: *netbox, ports: []}
  postgres: {image: "postgres:17-alpine", env_file: env/postgres.env}
  redis: {image: "valkey/valkey:8.0", env_file: env/redis.env}
  cache: {image: "valkey/valkey:8.0", env_file: env/cache.env}
""",
        "env/netbox.env": "DB_PASSWORD=d83Kd0Qm2kL9sXw4\nREDIS_PASSWORD=x92Lq84Jd0sKq\nREDIS_CACHE_PASSWORD=p0sK39dkQ2mX84jd\n",
        "env/postgres.env": "POSTGRES_PASSWORD=d83Kd0Qm2kL9sXw4\n",
        "env/redis.env": "REDIS_PASSWORD=x92Lq84Jd0sKq\n",
        "env/cache.env": "REDIS_PASSWORD=p0sK39dkQ2mX84jd\n",
    },
    "analytics: a URL that names a database": {
        "docker-compose.yml": """\
services:
  app:
    image: umami:postgresql-latest
    ports: ["3000:3000"]
    environment: {DATABASE_URL: "postgresql://umami:umami@db:5432/umami", APP_SECRET: replace-me}
  db: {image: "postgres:15-alpine", environment: {POSTGRES_DB: umami, POSTGRES_USER: umami, POSTGRES_PASSWORD: umami}}
""",
        "public/intl/messages/en-US.json": '{"label.token": "Token", "label.password": "Password"}',
        "public/intl/messages/it-IT.json": '{"label.token": "Token", "label.password": "Password"}',
        "README.md": "It runs at http://localhost:3000\n",
    },
    "a shop: three services from one env file": {
        "docker-compose.yml": """\
services:
  api: {image: "shop/api:3.20", env_file: [common.env, backend.env], ports: ["8000:8000"]}
  worker: {image: "shop/api:3.20", env_file: [common.env, backend.env]}
  cache: {image: "valkey/valkey:8.1", ports: ["6379:6379"]}
  mail: {image: axllent/mailpit, ports: ["1025:1025", "8025:8025"]}
  db: {image: "postgres:15-alpine", environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: shop}}
""",
        "common.env": "CACHE_URL=redis://cache:6379/0\n",
        "backend.env": "EMAIL_URL=smtp://mail:1025\nDATABASE_URL=postgres://shop:shop@db/shop\nSECRET_KEY=changeme\n",
        "README.md": "API http://localhost:8000/graphql, mail http://localhost:8025/\n",
    },
    "monitoring: two compose files, grafana": {
        "docker-compose.yml": """\
services:
  prometheus: {image: "prom/prometheus:v3.1.0", volumes: ["./prometheus:/etc/prometheus"]}
  exporter: {image: "prom/node-exporter:v1.8.2"}
  grafana: {image: "grafana/grafana:11.4.0", environment: ["GF_SECURITY_ADMIN_PASSWORD=${ADMIN_PASSWORD:-admin}"]}
  caddy: {image: "caddy:2.8.4", ports: ["3000:3000", "9090:9090"], environment: ["ADMIN_PASSWORD=${ADMIN_PASSWORD:-admin}"]}
""",
        "docker-compose.exporters.yml": 'services:\n  exporter: {image: "prom/node-exporter:v1.8.2"}\n',
        "prometheus/prometheus.yml": "scrape_configs: [{static_configs: [{targets: ['exporter:9100']}]}]\n",
        "README.md": "See http://localhost:3000\n",
    },
    "django behind nginx, a production file beside": {
        "docker-compose.yml": "services:\n  web: {build: ./app, command: python manage.py runserver 0.0.0.0:8000, ports: ['8000:8000']}\n",
        "docker-compose.prod.yml": """\
services:
  web: {build: {context: ./app, dockerfile: Dockerfile.prod}, command: "gunicorn x.wsgi --bind 0.0.0.0:8000", expose: [8000]}
  nginx: {build: ./nginx, ports: ["1337:80"], depends_on: [web]}
""",
        "app/Dockerfile": "FROM python:3.11.4-slim\n",
        "app/Dockerfile.prod": "FROM python:3.11.4-slim AS builder\nFROM python:3.11.4-slim\n",
        "nginx/Dockerfile": "FROM nginx:1.25\nCOPY nginx.conf /etc/nginx/conf.d\n",
        "nginx/nginx.conf": "upstream x { server web:8000; }\nserver { listen 80; location / { proxy_pass http://x; } }\n",
        "README.md": "http://localhost:8000 and http://localhost:1337\n",
    },
    "flask behind nginx, the README left behind": {
        "docker-compose.yml": "services:\n  web: {build: ./web, ports: ['5001:5000']}\n",
        "web/Dockerfile": "FROM python:3.11\nEXPOSE 5000\n",
        "web/manage.py": "app.run(port=5000)\n",
        "README.md": "Open http://localhost:5000\n",
    },
    "nginx for two addresses, before a proxy that publishes its statistics only": {
        "compose.yaml": """\
services:
  web: {image: nginx, ports: ["80:80", "443:443"], volumes: ["./web.conf:/etc/nginx/conf.d/web.conf"]}
  proxy: {image: haproxy, ports: ["8405:8405"]}
""",
        "web.conf": "server { listen 80; listen [::]:80; location / { proxy_pass http://proxy:7072; } }\n"
        "server { listen 443 ssl; listen [::]:443 ssl; }\n",
    },
    "react, express and mongo": {
        "compose.yaml": """\
services:
  frontend: {build: frontend, ports: ["3000:3000"], depends_on: [backend]}
  backend: {build: backend, expose: [3000], environment: {MONGO: "mongodb://mongo:27017/todo"}}
  mongo: {image: "mongo:4.2.0", expose: [27017]}
""",
        "frontend/Dockerfile": "FROM node:lts\nEXPOSE 3000\n",
        "frontend/src/App.js": "const api = '/api';\n",
        "backend/Dockerfile": "FROM node:lts\nEXPOSE 3000\n",
        "backend/server.js": "app.listen(3000);\n",
        "backend/config/config.js": "module.exports = { port: 3000 };\n",
    },
    "nginx, flask and mysql with a secret file": {
        "compose.yaml": """\
services:
  db: {image: "mariadb:10-focal", secrets: [db-password], environment: [MYSQL_DATABASE=example, MYSQL_ROOT_PASSWORD_FILE=/run/secrets/db-password]}
  backend: {build: ./backend, secrets: [db-password], ports: ["8000:8000"]}
  proxy: {build: ./proxy, ports: ["80:80"], depends_on: [backend]}
secrets: {db-password: {file: db/password.txt}}
""",
        "backend/Dockerfile": "FROM python:3.10-alpine\nWORKDIR /code\nCOPY . .\n",
        "backend/hello.py": "pf = open('/run/secrets/db-password', 'r')\n",
        "proxy/Dockerfile": "FROM nginx:1.13-alpine\nCOPY conf /etc/nginx/conf.d/default.conf\n",
        "proxy/default.conf": "server { listen 80; location / { proxy_pass http://backend:8000; } }\n",
        "db/password.txt": "db-k4t7m\n",
    },
    "spring boot and react": {
        "compose.yaml": """\
services:
  backend: {build: backend, environment: [MYSQL_HOST=db]}
  db: {image: "mariadb:10.6.4-focal", environment: [MYSQL_DATABASE=example]}
  frontend: {build: frontend, ports: ["3000:3000"]}
""",
        "backend/Dockerfile": "FROM maven:3.8.5-eclipse-temurin-17\n",
        "backend/src/main/resources/application.properties": "spring.datasource.url=jdbc:mysql://db/example\n",
        "frontend/Dockerfile": "FROM node:lts\nEXPOSE 3000\n",
    },
    "celery: a worker from the same folder": {
        "docker-compose.yml": """\
services:
  web: {build: ./project, ports: ["8004:8000"], command: uvicorn main:app --port 8000, environment: [BROKER_URL=redis://redis:6379/0]}
  worker: {build: ./project, command: celery worker, environment: [BROKER_URL=redis://redis:6379/0]}
  redis: {image: "redis:7", expose: [6379]}
""",
        "project/Dockerfile": "FROM python:3.12\nWORKDIR /usr/src/app\nCOPY . .\n",
        "project/worker.py": "import os\nbroker = os.environ.get('BROKER_URL', 'redis://localhost:6379')\nLOG = open('/var/log/worker/celery.log', 'a')\n",
    },
    "home automation: a broker and who logs in to it": {
        "docker-compose.yml": """\
services:
  mosquitto: {image: "eclipse-mosquitto:2", ports: ["1883:1883"], volumes: ["./mosquitto:/mosquitto/config"]}
  zigbee2mqtt: {image: "koenkk/zigbee2mqtt:2.1.3", volumes: ["./zigbee:/app/data"], environment: {MQTT: "mqtt://mosquitto:1883"}}
""",
        "zigbee/configuration.yaml": "mqtt: {server: 'mqtt://mosquitto:1883', user: z2m, password: pQ83hslw92jd}\nfrontend: {port: 8080}\n",
        "mosquitto/auth.yml": "users: [{name: z2m, password: pQ83hslw92jd}]\n",
    },
    "a node service and its tests": {
        "compose.yaml": """\
services:
  web: {build: ., ports: ["8000:8000"], environment: {SESSION_SECRET: k39dkDk39sk2lsK3}, healthcheck: {test: "curl localhost:8000/up"}}
""",
        "Dockerfile": "FROM node:22.12-slim AS assets\nFROM node:22.12-slim\nEXPOSE 8000\n",
        ".github/workflows/ci.yml": "jobs: {test: {steps: [{uses: x, with: {node-version: '22.12'}}]}}\n",
        "test/config.json": '{"session_secret": "k39dkDk39sk2lsK3"}',
        "examples/settings.json": '{"session_secret": "k39dkDk39sk2lsK3"}',
        "package-lock.json": '{"integrity_token": "k39dkDk39sk2lsK3"}',
        "README.md": "http://localhost:8000\n",
    },
    "wordpress": {
        "compose.yaml": """\
services:
  db: {image: "mariadb:10.6.4-focal", environment: [MYSQL_ROOT_PASSWORD=blogroot, MYSQL_DATABASE=wordpress, MYSQL_USER=wordpress, MYSQL_PASSWORD=wordpress]}
  wordpress: {image: "wordpress:latest", ports: ["80:80"], environment: [WORDPRESS_DB_HOST=db, WORDPRESS_DB_USER=wordpress, WORDPRESS_DB_PASSWORD=wordpress]}
""",
    },
    "a library without any service": {
        "pyproject.toml": "[project]\nrequires-python = '>=3.11'\n",
        "src/lib/client.py": "import os\nTOKEN = os.environ.get('API_TOKEN', 'dk39dk20dk39')\nURL = 'http://localhost:8000'\n",
        "tests/test_client.py": "TOKEN = 'dk39dk20dk39'\n",
        "docs/index.md": "Run it against http://localhost:8000\n",
    },
}  # fmt: skip

# What is proposed for each, by name: whether it holds today.
EXPECTED: Mapping[str, Mapping[str, bool]] = {
    "a voting app: python, node, two databases": {
        "result-image-port": True,
        "vote-code-port": True,
        "vote-image-port": True,
        "documented-ports": True,
    },
    "a template: fastapi, traefik, one .env for all": {
        "backend-health-port": True,
        "backend-environment": True,
    },
    "netbox: one image thrice, passwords in two env files": {
        "postgres-password": True,
        "redis-cache-password": True,
        "redis-password": True,
        "netbox-image": True,
        "valkey-image": True,
    },
    "analytics: a URL that names a database": {
        "app-db-database": True,
        "app-db-user": True,
        "documented-ports": True,
    },
    "a shop: three services from one env file": {
        "api-cache-port": True,
        "api-mail-port": True,
        "worker-cache-port": True,
        "worker-mail-port": True,
        "api-db-user": True,
        "worker-db-user": True,
        "documented-ports": True,
        "api-image": True,
    },
    "monitoring: two compose files, grafana": {
        "documented-ports": True,
        "node-exporter-image": True,
    },
    "django behind nginx, a production file beside": {
        "nginx-nginx-port": True,
        "web-command-port": True,
        "documented-ports": True,
        "python-version": True,
    },
    "flask behind nginx, the README left behind": {
        "web-code-port": True,
        "web-image-port": True,
        "documented-ports": False,
    },
    "nginx for two addresses, before a proxy that publishes its statistics only": {
        "web-nginx-port": True,
        "web-nginx-port-2": True,
    },
    "react, express and mongo": {
        "frontend-image-port": True,
    },
    "nginx, flask and mysql with a secret file": {
        "proxy-backend-port": True,
        "backend-paths": True,
        "proxy-nginx-port": True,
    },
    "spring boot and react": {
        "frontend-image-port": True,
    },
    "celery: a worker from the same folder": {
        "web-paths": False,
        "worker-paths": False,
        "web-command-port": True,
        "web-environment": True,
        "worker-environment": True,
    },
    "home automation: a broker and who logs in to it": {
        "password": True,
        "zigbee2mqtt-mosquitto-port": True,
    },
    "a node service and its tests": {
        "web-health-port": True,
        "web-image-port": True,
        "documented-ports": True,
        "node-version": True,
    },
    "wordpress": {},
    "a library without any service": {},
}

# What is proposed and should not be: the web service does not run the worker's module.
FALSE = {("celery: a worker from the same folder", "web-paths")}
