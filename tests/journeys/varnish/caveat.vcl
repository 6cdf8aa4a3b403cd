# A Varnish (7 or later) in front of Caveat, which purges it by tag: CAVEAT_PURGE_URL=http://varnish:80/
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

# Where Caveat runs: nobody else may purge.
acl purgers {
    "localhost";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(405, "Not allowed"));
        }
        if (req.http.Surrogate-Key !~ "^[a-z0-9_-]+( [a-z0-9_-]+)*$") {
            return (synth(400, "No tags"));
        }
        ban("obj.http.Surrogate-Key ~ (^|\s)(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")(\s|$)");
        return (synth(200, "Purged"));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # A key alone keeps nothing from being kept: Caveat says `private` where it is secret.
    return (hash);
}

sub vcl_hash {
    # What one client is served never reaches another, whatever a response says that it varies by.
    hash_data(req.http.Authorization);
}

sub vcl_deliver {
    # What lies here was current a moment ago, however long it lies here: clients count from now on, and for as long as
    # those may that nobody purges.
    unset resp.http.Age;
    set resp.http.Cache-Control = regsub(resp.http.Cache-Control, ", s-maxage=[0-9]+", "");
    unset resp.http.Surrogate-Key;
    unset resp.http.Cache-Tag;
    if (obj.hits > 0) {
        # Of the request that fetched it, not of this one.
        unset resp.http.RateLimit;
        unset resp.http.RateLimit-Policy;
        unset resp.http.X-Request-ID;
        unset resp.http.Cache-Status;
    }
}
