package openledger.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One nginx worker before the benchmark's upstreams, kept-alive connections on both sides: what we compare ourselves to. */
public final class NginxProxy {
    private NginxProxy() {}

    /** Writes the configuration into {@code folder} and returns the command that runs it in the foreground. */
    public static List<String> command(Path folder) throws IOException {
        Path config = folder.toAbsolutePath().resolve("nginx.conf");
        Files.writeString(config, """
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                error_log %1$s/nginx-error.log warn;
                events { worker_connections 4096; }
                http {
                  access_log off;
                  keepalive_requests 100000000;
                  client_body_temp_path %1$s/body;
                  proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/fastcgi;
                  uwsgi_temp_path %1$s/uwsgi;
                  scgi_temp_path %1$s/scgi;
                  upstream instant { server 127.0.0.1:9201; keepalive 512; keepalive_requests 100000000; }
                  upstream delayed { server 127.0.0.1:9202; keepalive 2048; keepalive_requests 100000000; }
                  server {
                    listen 127.0.0.1:9301;
                    location / { proxy_pass http://instant; proxy_http_version 1.1; proxy_set_header Connection ""; }
                  }
                  server {
                    listen 127.0.0.1:9302;
                    location / { proxy_pass http://delayed; proxy_http_version 1.1; proxy_set_header Connection ""; }
                  }
                }
                """.formatted(folder.toAbsolutePath()));
        return List.of("nginx", "-p", folder.toAbsolutePath().toString(), "-c", config.toString());
    }
}
