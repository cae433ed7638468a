# Varnish for the delivery API, with xkey and var of varnish-modules: keeps what is marked as public,
# and is purged by surrogate key. Written for Varnish 7.1 (Debian 12).
#
# The command line is in deploy/systemd/varnish.service.d/perkeso-cms.conf.
#
# Purges are taken on the port `purge` alone, which no proxy must pass on:
# PURGE_VARNISH=http://127.0.0.1:6082

vcl 4.1;
import std;
import var;
import xkey;

# nginx's compressor. Without one, the server or the delivery process itself: then Varnish makes gzip.
backend default {
    .host = "127.0.0.1";
    .port = "8082";
    # One that does not answer is not asked again for every request.
    .probe = {
        .url = "/api/v1/health/live";
        .interval = 2s;
        .timeout = 2s;
        .window = 3;
        .threshold = 2;
        .initial = 2;
    }
}

sub vcl_recv {
    if (local.socket == "purge") {
        if (req.method != "PURGE") {
            return (synth(405));
        }
        if (std.integer(req.http.X-Content-Sequence, 0) > std.integer(var.global_get("sequence"), 0)) {
            var.global_set("sequence", req.http.X-Content-Sequence);
        }
        set req.http.X-Purged = xkey.purge(req.http.Surrogate-Key);
        return (synth(200, "Purged " + req.http.X-Purged));
    }
    if (req.restarts == 0) {
        unset req.http.X-Stale;
        # Varnish knows gzip alone: below, Brotli becomes a part of the key.
        unset req.http.X-Brotli;
        if (req.http.Accept-Encoding ~ "(^|[\s,])br\s*(;\s*q=(1|0\.0*[1-9])[\d.]*\s*)?(,|$)") {
            set req.http.X-Brotli = "br";
        }
    }
    if ((req.method != "GET" && req.method != "HEAD")
            || req.url ~ "^/api/v1/(changes|health|preview)([/?]|$)") {
        set req.http.X-Stale = "pass";
        return (pass);
    }
    if (req.url ~ "^/api/v1/") {
        unset req.http.Cookie;
        unset req.http.Authorization;
    }
    # A stale response may be served for `stale-while-revalidate` while the origin works, and for
    # `stale-if-error` while it does not. Varnish knows one time, the grace, which is the longer one.
    if (req.http.X-Stale == "error" || !std.healthy(req.backend_hint)) {
        set req.http.X-Stale = "error";
        set req.grace = 52w;
    } else if (req.http.X-Stale == "none") {
        set req.grace = 0s;
    }
    # Also with a cookie: only what is marked as public is kept, and that is the same for all.
    return (hash);
}

sub vcl_hash {
    if (req.http.X-Brotli) {
        hash_data("br");
    }
}

sub vcl_hit {
    if (!req.http.X-Stale && obj.ttl + std.duration(obj.http.X-Revalidate + "s", 0s) < 0s) {
        set req.http.X-Stale = "none";
        return (restart);
    }
}

sub vcl_backend_fetch {
    if (bereq.http.X-Brotli) {
        set bereq.http.Accept-Encoding = "br, gzip";
    }
    unset bereq.http.X-Brotli;
    unset bereq.http.X-Stale;
}

sub vcl_backend_response {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    if (beresp.status >= 500) {
        # A stale response is not replaced by an error.
        if (bereq.is_bgfetch) {
            return (abandon);
        }
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        return (deliver);
    }
    # Nothing is kept that is not marked so.
    if (beresp.http.Cache-Control !~ "public" || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
        set beresp.grace = 0s;
        return (deliver);
    }
    if (beresp.http.Cache-Control ~ "stale-while-revalidate=\d+") {
        set beresp.http.X-Revalidate
            = regsub(beresp.http.Cache-Control, "^.*stale-while-revalidate=(\d+).*$", "\1");
    }
    if (beresp.http.Cache-Control ~ "stale-if-error=\d+") {
        set beresp.grace = std.duration(
            regsub(beresp.http.Cache-Control, "^.*stale-if-error=(\d+).*$", "\1s"), 0s);
    }
    # Read before the last purge, or from a replica that lags: pass it on, and do not keep it.
    if (beresp.http.X-Content-Sequence
            && std.integer(beresp.http.X-Content-Sequence, 0) < std.integer(var.global_get("sequence"), 0)) {
        set beresp.ttl = 0s;
        set beresp.grace = 0s;
        set beresp.keep = 0s;
        return (deliver);
    }
    if (!beresp.http.Content-Encoding
            && beresp.http.Content-Type ~ "^(application/json|image/svg\+xml|text/)") {
        set beresp.do_gzip = true;
    }
    # The 304 of the origin has the ETag of its own bytes.
    if (beresp.http.Content-Encoding && beresp.http.ETag ~ "^\x22") {
        set beresp.http.ETag = "W/" + beresp.http.ETag;
    }
    return (deliver);
}

sub vcl_backend_error {
    # Kept by nobody: a stale response may be there.
    set beresp.ttl = 0s;
    set beresp.grace = 0s;
    set beresp.keep = 0s;
    set beresp.http.Content-Type = "application/problem+json";
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Retry-After = "5";
    set beresp.body = {"{"type": "about:blank", "title": "Service Unavailable", "status": 503, "}
        + {""detail": "The origin does not answer.", "errors": []}"};
    return (deliver);
}

sub vcl_deliver {
    # The origin failed just now, and the probe does not know yet: is there a stale response?
    if (resp.status >= 500 && req.http.X-Stale !~ "^(error|pass)$") {
        set req.http.X-Stale = "error";
        return (restart);
    }
    if (resp.http.Vary !~ "(?i)accept-encoding") {
        set resp.http.Vary = regsub(resp.http.Vary + ", Accept-Encoding", "^, ", "");
    }
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
        if (obj.ttl < 0s) {
            set resp.http.X-Cache = "STALE";
        }
    } else {
        set resp.http.X-Cache = "MISS";
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.X-Revalidate;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
