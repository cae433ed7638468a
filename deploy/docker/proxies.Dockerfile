# nginx with Brotli, and Varnish with xkey: Debian's packages, as in the tests.
FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libnginx-mod-http-brotli-filter nginx varnish varnish-modules \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled/default \
    && mkdir --parents /var/cache/nginx
COPY deploy/nginx/perkeso-cms.conf /etc/nginx/conf.d/
COPY deploy/nginx/cache-varnish.conf /etc/nginx/conf.d/
COPY deploy/nginx/brotli.conf /etc/nginx/perkeso-cms/
COPY deploy/varnish/perkeso-cms.vcl /etc/varnish/
CMD ["nginx", "-g", "daemon off;"]
