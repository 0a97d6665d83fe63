# LLM Gateway with its database, for amd64 and aarch64. Context: the repository's root, or what `npm run stage:local` writes.
ARG BUILD_FROM=node:26-trixie-slim

FROM ${BUILD_FROM} AS build
ARG SOURCE=.
WORKDIR /build
COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json ./
RUN npm ci --ignore-scripts
COPY ${SOURCE} ./
RUN node scripts/build.ts && node scripts/image-tree.ts /out

FROM ${BUILD_FROM}
# The server of PostgreSQL without its own cluster, and without what only its compiler of queries (off) and Debian's Perl tools need.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl postgresql-common tzdata \
 && sed -ri 's/^#?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf \
 && apt-get install -y --no-install-recommends postgresql-17 \
 && rm -rf /usr/lib/postgresql/17/lib/llvmjit* /usr/lib/postgresql/17/lib/bitcode /usr/lib/*/libLLVM* /usr/lib/*/libz3* \
    /usr/share/perl /usr/lib/*/perl /usr/lib/*/libperl.so* /usr/share/doc /usr/share/man /usr/share/locale \
    /var/lib/apt/lists/* /var/cache/apt/* /var/log/*.log /var/log/apt \
 && groupadd --system --gid 4000 gateway \
 && useradd --system --uid 4000 --gid gateway --home-dir /data --no-create-home --shell /usr/sbin/nologin gateway \
 && install -d -o gateway -g gateway /data /run/gateway
COPY --from=build /out /app
RUN ln -s /app/bin/gateway /usr/local/bin/llm-gateway
ENV NODE_ENV=production \
    GATEWAY_OPTIONS_FILE=/data/options.json \
    GATEWAY_POSTGRES_BIN=/usr/lib/postgresql/17/bin \
    GATEWAY_CONTROL_SOCKET=/run/gateway/control.sock
LABEL org.opencontainers.image.title="LLM Gateway" \
      org.opencontainers.image.description="One address for every language model, with budgets, keys and spend sensors" \
      org.opencontainers.image.licenses="MIT"
EXPOSE 4000
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --start-interval=2s --retries=3 CMD ["/app/bin/health"]
ENTRYPOINT ["/app/bin/start"]
