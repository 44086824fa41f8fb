# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY mockserver mockserver
COPY schemas schemas
COPY fixtures fixtures
RUN python -m venv /opt/mockserver && /opt/mockserver/bin/pip install --no-cache-dir '.[redis]'

FROM python:3.13-slim
COPY --from=build /opt/mockserver /opt/mockserver
ENV PATH=/opt/mockserver/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MOCKSERVER_HOST=0.0.0.0 \
    MOCKSERVER_PORT=4747
USER 10001:10001
WORKDIR /tmp
EXPOSE 4747
HEALTHCHECK --interval=10s --timeout=5s --start-period=2s CMD ["mockserver", "health"]
ENTRYPOINT ["mockserver"]
CMD ["serve"]
