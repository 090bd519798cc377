using System.Text.Json.Nodes;

namespace ExtProc.EndToEnd.Streams;

/// <summary>The table of docs/http2.md: all that Envoy was found to take in its configuration and to send in a stream's HTTP/2 request.</summary>
internal static class Sendings
{
    private const string Istio = "outbound|9000||extproc.default.svc.cluster.local";

    public static readonly IReadOnlyList<Sending> All =
    [
        .. Authorities(), .. Targets(), .. Paths(), .. Schemes(), .. Metadata(), .. GrpcHeaders(), .. Sizes(), .. Compression(), .. Http2Settings(),
    ];

    private static IEnumerable<Sending> Authorities()
    {
        const string Kind = "`:authority`", FromName = "`:authority` from the cluster's name";
        foreach (string name in (string[])["ext_proc", "kubernetes_default_9000", "extproc.default:9000"])
        {
            yield return new(FromName, $"`{name}`", Fate.Served, null) { ClusterName = name, Arrives = [(":authority", name)] };
        }

        foreach (string name in (string[])[Istio, "httproute/default/backend/rule/0", "extproc.default:grpc", "My Cluster"])
        {
            yield return new(FromName, $"`{name}`", Fate.Refused("authority"), null) { ClusterName = name, Arrives = [(":authority", name)] };
        }

        foreach (string authority in (string[])["processor", "Processor.Demo.SVC", "processor:9000", "my_processor", "10.0.0.1:9000", "[::1]:9000", "[::1]", "demo.", "xn--bcher-kva.example", "processor:99999"])
        {
            yield return new(Kind, $"`{authority}`", Fate.Served, Fate.Served) { Authority = authority };
        }

        yield return new(Kind, "255 letters", Fate.Served, Fate.Served) { Authority = new string('a', 255) };
        yield return new(Kind, "none (removed by a filter in the cluster)", Fate.Served, null) { Removed = ":authority", Arrives = [(":authority", null)] };
        foreach (string authority in (string[])["a|b", "a/b", "user@host", "a b", "processor:grpc", "processor:", "::1", "*.demo", "bücher.example", "a,b", "{a}", "a%41b"])
        {
            yield return new(Kind, $"`{authority}`", Fate.Refused("authority"), Fate.Refused("authority")) { Authority = authority };
        }
    }

    private static IEnumerable<Sending> Targets()
    {
        const string Kind = "`target_uri`";
        foreach (string target in (string[])["localhost:{port}", "ipv4:127.0.0.1:{port}", "dns:///localhost:{port}", "dns:127.0.0.1:{port}"])
        {
            yield return new(Kind, Shown(target), null, Fate.Served) { Target = target };
        }

        const string Two = "ipv4:127.0.0.1:{port},127.0.0.1:{port}";
        yield return new(Kind, Shown(Two), null, Fate.Refused("authority")) { Target = Two };
        foreach (string target in (string[])["127.0.0.1:{port}/prefix", "dns:///127.0.0.1:{port}/prefix"])
        {
            yield return new(Kind, Shown(target), null, Fate.Failed) { Target = target };
        }

        static string Shown(string target) => $"`{target.Replace("{port}", "9000", StringComparison.Ordinal)}`";
    }

    private static IEnumerable<Sending> Paths()
    {
        const string Kind = "`:path`, `:method`";
        yield return new(Kind, "their own, which no setting changes", Fate.Served, Fate.Served) { Arrives = [(":path", "/envoy.service.ext_proc.v3.ExternalProcessor/Process"), (":method", "POST")] };
    }

    private static IEnumerable<Sending> Schemes()
    {
        const string Kind = "`:scheme`";
        yield return new(Kind, "`x-forwarded-proto: http` in the metadata", Fate.Served, Fate.Served) { Metadata = [("x-forwarded-proto", "http")] };
        yield return new(Kind, "`x-forwarded-proto: https` in the metadata", Fate.Served, Fate.Served) { Metadata = [("x-forwarded-proto", "https")] };
        yield return new(Kind, "the channel argument `grpc.http2_scheme: https`", null, Fate.Served) { ChannelArguments = Argument("grpc.http2_scheme", "https"), Arrives = [(":scheme", "https")] };
    }

    private static IEnumerable<Sending> Metadata()
    {
        const string Kind = "metadata";
        foreach (var (name, value) in ((string, string)[])
        [
            ("x-a", "1"), ("x_a", "1"), ("x.a", "1"), ("cookie", "a=b"), ("traceparent", "00-nothing"), ("range", "bytes=0-1"),
            ("upgrade", "websocket"), ("keep-alive", "1"), ("transfer-encoding", "chunked"), ("content-encoding", "gzip"),
        ])
        {
            yield return new(Kind, $"`{name}: {value}`", Fate.Served, Fate.Served) { Metadata = [(name, value)] };
        }

        yield return new(Kind, "a value with blanks around it", Fate.Served, Fate.Served) { Metadata = [("x-a", " 1 ")] };
        yield return new(Kind, "`expect: 100-continue`", Fate.Served, Fate.Served) { Metadata = [("expect", "100-continue")] };
        yield return new(Kind, "`X-Upper: 1` (arrives as `x-upper`)", Fate.Served, Fate.Served) { Metadata = [("X-Upper", "1")] };
        yield return new(Kind, "`x-a: %REQ(:path)%` (the client's path)", Fate.Served, Fate.Served) { Metadata = [("x-a", "%REQ(:path)%")], Arrives = [("x-a", "/text?say=sent")] };
        yield return new(Kind, "`x-bin: AAECAw` (in base64 once more)", Fate.Served, Fate.Served) { Metadata = [("x-bin", "AAECAw")], Arrives = [("x-bin", "QUFFQ0F3")] };
        yield return new(Kind, "`x-a` three times (the last is sent)", Fate.Served, Fate.Served) { Metadata = [("x-a", "1"), ("x-a", "2"), ("x-a", "3")], Arrives = [("x-a", "3")] };
        yield return new(Kind, "an empty value", Fate.LeftOut, Fate.LeftOut) { Metadata = [("x-empty", "")] };
        yield return new(Kind, "`x-a: ü`", Fate.Served, null) { Metadata = [("x-a", "ü")] };
        yield return new(Kind, "a tab in a value", Fate.Served, null) { Metadata = [("x-a", "1\t2")] };
        yield return new(Kind, "`x!#$: 1`", Fate.Served, null) { Metadata = [("x!#$", "1")] };
        yield return new(Kind, "`connection: close`", Fate.Closed("malformed"), Fate.Closed("malformed")) { Metadata = [("connection", "close")] };
        foreach (string length in (string[])["0", "5"])
        {
            yield return new(Kind, $"`content-length: {length}`", Fate.Refused("malformed"), Fate.LeftOut) { Metadata = [("content-length", length)] };
        }
    }

    private static IEnumerable<Sending> GrpcHeaders()
    {
        const string Kind = "gRPC's own headers, in the metadata", Other = "gRPC's own headers", NotGrpc = "refused: the content-type is not application/grpc";
        yield return new(Kind, "`te: gzip`", Fate.Closed("malformed"), Fate.LeftOut) { Metadata = [("te", "gzip")] };
        yield return new(Other, "no `te` (removed by a filter in the cluster)", Fate.Status("gRPC status 13", "refused: the header te: trailers is missing"), null) { Removed = "te", Arrives = [("te", null)] };
        yield return new(Kind, "`user-agent: mine`", Fate.Served, Fate.LeftOut) { Metadata = [("user-agent", "mine")] };
        foreach (string type in (string[])["application/GRPC", "application/grpc;charset=utf-8", "application/grpc+proto"])
        {
            yield return new(Kind, $"`content-type: {type}`", Fate.Served, Fate.LeftOut) { Metadata = [("content-type", type)] };
        }

        foreach (string type in (string[])["application/json", "application/grpc-web", "application/grpc+json"])
        {
            yield return new(Kind, $"`content-type: {type}`", Fate.Status("HTTP status 415", NotGrpc), Fate.LeftOut) { Metadata = [("content-type", type)] };
        }

        foreach (string timeout in (string[])["0.0005s", "3600s"])
        {
            yield return new(Other, $"`grpc_service.timeout: {timeout}` (no `grpc-timeout` is sent)", Fate.Served, Fate.Served) { Timeout = timeout, Arrives = [("grpc-timeout", null)] };
        }

        yield return new(Kind, "`grpc-timeout: 10S` (`google_grpc` takes off what has passed)", Fate.Served, Fate.Served) { Metadata = [("grpc-timeout", "10S")], Arrives = [] };
        yield return new(Kind, "`grpc-timeout: 0m`", Fate.Status("gRPC status 4", "refused: grpc-timeout is already over"), Fate.Untried("served or 500")) { Metadata = [("grpc-timeout", "0m")] };
        yield return new(Kind, "`grpc-timeout: soon`", Fate.Status("gRPC status 13", "refused: grpc-timeout is not one to eight digits"), Fate.LeftOut) { Metadata = [("grpc-timeout", "soon")] };
    }

    private static IEnumerable<Sending> Sizes()
    {
        const string Kind = "size of the metadata";
        foreach (var (lines, bytes) in ((int, int)[])[(1, 16_000), (100, 10), (1_000, 30), (1_990, 10), (16, 4_000), (120, 1_000)])
        {
            yield return Lines(lines, bytes, Fate.Served);
        }

        yield return new(Kind, "a name of 10,000 letters", Fate.Served, Fate.Served) { Metadata = [(new string('x', 10_000), "1")] };
        foreach (var (lines, bytes) in ((int, int)[])[(2_000, 10), (140, 1_000), (200, 1_000)])
        {
            yield return Lines(lines, bytes, Fate.Refused("header_limits"));
        }

        foreach (var (lines, bytes) in ((int, int)[])[(4_000, 10), (300, 1_000)])
        {
            yield return Lines(lines, bytes, Fate.Closed("header_limits"));
        }
    }

    private static Sending Lines(int lines, int bytes, Fate fate) => new("size of the metadata", FormattableString.Invariant($"{lines:N0} × {bytes:N0} B"), fate, fate)
    {
        Metadata = [.. Enumerable.Range(0, lines).Select(at => ($"x-{at}", new string('v', bytes)))],
    };

    private static IEnumerable<Sending> Compression()
    {
        const string Kind = "compression", Argument = "grpc.default_compression_algorithm";
        yield return new(Kind, "none", Fate.Served, Fate.Served) { Arrives = [("grpc-encoding", null)] };
        yield return new(Kind, $"gzip (the channel argument `{Argument}: 2`)", null, Fate.Served) { ChannelArguments = Argument2(2), Arrives = [("grpc-encoding", "gzip")], IsCompressed = true };
        yield return new(Kind, $"deflate (`{Argument}: 1`)", null, Unsupported()) { ChannelArguments = Argument2(1), Arrives = [("grpc-encoding", "deflate")] };
        yield return new(Kind, "`grpc-encoding: gzip` in the metadata (and no message compressed)", Fate.Served, Fate.Served) { Metadata = [("grpc-encoding", "gzip")], Arrives = [] };
        yield return new(Kind, "`grpc-encoding: br` in the metadata", Unsupported(), Fate.LeftOut) { Metadata = [("grpc-encoding", "br")] };

        static Dictionary<string, object> Argument2(int algorithm) => new() { [Argument] = algorithm };
        static Fate Unsupported() => Fate.Status("gRPC status 12", "refused: this grpc-encoding is not supported; use one of identity,gzip");
    }

    private static IEnumerable<Sending> Http2Settings()
    {
        const string Kind = "SETTINGS";
        yield return new(Kind, "windows of 65,535 bytes", Fate.Served, Fate.Served)
        {
            Http2Options = new JsonObject { ["initial_stream_window_size"] = 65_535, ["initial_connection_window_size"] = 65_535 },
            ChannelArguments = Argument("grpc.http2.bdp_probe", 0),
        };
        yield return new(Kind, "no HPACK table", Fate.Served, Fate.Served) { Http2Options = new JsonObject { ["hpack_table_size"] = 0 }, ChannelArguments = Argument("grpc.http2.hpack_table_size.decoder", 0) };
        yield return new(Kind, "an HPACK table of 1 MiB", Fate.Served, null) { Http2Options = new JsonObject { ["hpack_table_size"] = 1 << 20 } };
        yield return new(Kind, "a setting that nobody knows", Fate.Served, null) { Http2Options = new JsonObject { ["custom_settings_parameters"] = new JsonArray(new JsonObject { ["identifier"] = 66, ["value"] = 1 }) } };
        yield return new(Kind, "frames of 16 MiB", null, Fate.Served) { ChannelArguments = Argument("grpc.http2.max_frame_size", 16_777_215) };
    }

    private static Dictionary<string, object> Argument(string name, object value) => new() { [name] = value };
}
