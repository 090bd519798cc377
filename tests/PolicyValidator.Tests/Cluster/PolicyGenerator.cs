namespace PolicyValidator.Tests.Cluster;

/// <summary>Random EnvoyExtensionPolicies, about half of them without a flaw: targets and <c>spec.extProc</c>, with what people get wrong.</summary>
internal sealed class PolicyGenerator(Random random)
{
    private static readonly string[] Names = ["processor", "grpc-ext-proc", "a.b", "\"123\"", "x-1"];
    private static readonly string[] BadNames = ["123", "\"\"", "true", "[a]", "~"];
    private static readonly string[] Timeouts = ["200ms", "1s", "1h30m", "0s", "99999h", "\"5s\"", "10m10s10ms1h"];
    private static readonly string[] BadTimeouts = ["200", "1.5s", "-1s", "\"\"", "1us", "100000s", "1h1m1s1ms1s", "5S", "[1s]", "1d"];
    private static readonly string[] Attributes = ["request.path", "connection.id", "xds.route_name", "source.", "request._9", "response.code"];
    private static readonly string[] BadAttributes = ["xds.node", "request.Path", "request.a0", "request", "metadata", "\"request.headers['x']\"", "5", "\"\""];
    private static readonly string[] Bodies = ["Streamed", "Buffered", "BufferedPartial", "FullDuplexStreamed", "FullDuplexStreamed", "~"];
    private static readonly string[] BadBodies = ["streamed", "NONE", "FULL_DUPLEX_STREAMED", "true", "\"\"", "{}", "None"];
    private static readonly string[] Booleans = ["true", "false", "yes", "off", "True", "~"];
    private static readonly string[] BadBooleans = ["\"true\"", "1", "tRUE", "[]", "enabled"];

    /// <summary>How likely a value is one that nobody takes, in percent; drawn anew for each policy.</summary>
    private int flaws;

    public string Next()
    {
        flaws = random.Next(2) == 0 ? 0 : random.Next(1, 8);
        return $"""
            apiVersion: gateway.envoyproxy.io/v1alpha1
            kind: EnvoyExtensionPolicy
            metadata: {Metadata()}
            spec:
              {Targets()}{Unknown("  ")}
              {ExtProc()}

            """;
    }

    private string Metadata() => Flow(
        $"name: {Of(["p", "policy-1", "a.b.c"], ["P", "a_b", "-a", "123", "\"\"", "~"])}",
        Maybe(4, () => $"namespace: {Of(["default"], ["Default"])}"),
        Maybe(6, () => $"labels: {Flow($"{Of(["app", "example.com/app"], ["a b", "/x"])}: {Of(["x", "\"1\"", "\"\""], ["1", "true", "a/b", "-a"])}")}"),
        Maybe(8, () => $"annotations: {Flow($"note: {Of(["x", "\"1\""], ["1", "{}"])}")}"),
        Flaw(() => "nam: x"));

    private string Targets() => string.Join("\n  ", new[]
    {
        random.Next(12) == 0 ? $"targetRef: {Target()}" : null,
        random.Next(12) != 0 ? $"targetRefs: {List(1, 2, Target)}" : null,
        random.Next(15) == 0 ? $"targetSelectors: {List(0, 2, Selector)}" : null,
        random.Next(15) == 0 ? $"mergeType: {Of(["StrategicMerge", "JSONMerge"], ["Replace", "~", "{}"])}" : null,
        "extraComment: x",
    }.Where(line => line is not null && line != "extraComment: x").DefaultIfEmpty("targetRefs: ~"));

    private string Target() => Flow(
        $"group: {Of(["gateway.networking.k8s.io"], ["\"\"", "gateway.envoyproxy.io", "Gateway", "~"])}",
        $"kind: {Of(["HTTPRoute", "Gateway", "GRPCRoute"], ["Service", "ListenerSet", "httproute", "1", "\"\""])}",
        $"name: {Of(Names, BadNames)}",
        Maybe(12, () => $"sectionName: {Of(["http", "rule-1"], ["HTTP", "\"\""])}"),
        Flaw(() => Of(["namespace: default"], ["kind: Gateway"])));

    private string Selector() => Flow(
        $"kind: {Of(["HTTPRoute", "Gateway"], ["~"])}",
        Maybe(3, () => $"group: {Of(["gateway.networking.k8s.io"], ["x", "\"\""])}"),
        $"matchLabels: {Flow("app: " + Of(["x"], ["1"]))}",
        Maybe(6, () => "matchExpressions: [{key: a, operator: Exists}]"));

    private string ExtProc() => random.Next(25) switch
    {
        0 => "extProc: []",
        1 => "extProc: ~",
        2 => "extProc: " + (flaws > 0 ? "{}" : "[]"),
        3 when flaws > 0 => $"extProc: {List(17, 17, () => "{}")}",
        _ => $"extProc: {List(1, 3, Entry)}",
    };

    private string Entry() => Flow(
        Maybe(1, () => $"backendRefs: {List(1, 2, Backend)}", 1),
        Flaw(() => $"backendRef: {Backend()}"),
        Maybe(3, () => $"messageTimeout: {Of(Timeouts, BadTimeouts)}"),
        Maybe(4, () => $"failOpen: {Of(Booleans, BadBooleans)}"),
        Maybe(1, () => $"processingMode: {Mode()}", 1),
        Maybe(5, () => $"metadata: {MetadataOptions()}"),
        Maybe(9, () => $"shadowMode: {Of(Booleans, BadBooleans)}"),
        Maybe(9, () => $"statusOnError: {Of(["503", "400", "511", "500.0"], ["200", "418", "425", "\"503\"", "599"])}"),
        Maybe(5, () => $"backendSettings: {SettingsGenerator.Next(random, flaws)}"),
        Flaw(() => Of(["failureModeAllow: true", "processing_mode: {}", "grpcService: {}"], ["mode: x"])));

    private string Backend() => Flow(
        $"name: {Of(Names, BadNames)}",
        Maybe(1, () => $"port: {Of(["9002", "443", "9002.0", "0x1F"], ["0", "65536", "\"9002\"", "http", "1.5", "-1"])}", flaws > 0 ? 4 : 0),
        Maybe(6, () => $"namespace: {Of(["default"], ["Default", "\"\""])}"),
        Maybe(4, () => $"kind: {Of(["Service", "Backend"], ["ServiceImport", "Pod", "\"\""])}"),
        Maybe(6, () => $"group: {Of(["\"\"", "gateway.envoyproxy.io"], ["multicluster.x-k8s.io", "apps", "Core"])}"),
        Maybe(9, () => $"fallback: {Of(Booleans, BadBooleans)}"),
        Maybe(12, () => $"weight: {Of(["1", "0"], ["-1", "1000001"])}"));

    private string Mode() => random.Next(12) == 0 ? Of(["~", "{}"], ["[]", "x"]) : Flow(
        Maybe(1, () => $"request: {Direction()}", 4),
        Maybe(1, () => $"response: {Direction()}", 3),
        Maybe(6, () => $"allowModeOverride: {Of(Booleans, BadBooleans)}"),
        Flaw(() => "requestBodyMode: Streamed"));

    private string Direction() => random.Next(6) == 0 ? Of(["{}", "~"], ["[]", "SEND"]) : Flow(
        Maybe(1, () => $"body: {Of(Bodies, BadBodies)}", 3),
        Maybe(4, () => $"attributes: {List(0, 3, () => Of(Attributes, BadAttributes))}"),
        Flaw(() => Of(["trailers: Send", "headers: Send"], ["trailer: x"])));

    private string MetadataOptions() => Flow(
        Maybe(2, () => $"accessibleNamespaces: {List(0, 3, () => Of(["a.b", "\"\""], ["1", "~"]))}"),
        Maybe(2, () => $"writableNamespaces: {List(0, flaws > 0 ? 10 : 8, () => Of(["a.b", "envoy.lb"], ["envoy.filters.http.rbac", "{}"]))}"));

    private string Unknown(string indent) => random.Next(100) < flaws ? $"\n{indent}extProcs: []" : "";

    private string Of(string[] good, string[] bad) => random.Next(100) < flaws ? bad[random.Next(bad.Length)] : good[random.Next(good.Length)];

    private string? Maybe(int oneIn, Func<string> make, int lessOften = 0) =>
        (lessOften > 0 ? random.Next(10) >= lessOften : random.Next(oneIn) == 0) ? make() : null;

    private string? Flaw(Func<string> make) => random.Next(100) < flaws ? make() : null;

    private string List(int least, int most, Func<string> make) => $"[{string.Join(", ", Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => make()))}]";

    private static string Flow(params string?[] fields) => $"{{{string.Join(", ", fields.OfType<string>())}}}";
}
