using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>What the definition of an EnvoyExtensionPolicy says about the connection to a processor.</summary>
internal static class BackendSettingsRules
{
    private const string Settings = ".spec.extProc[].backendSettings";
    private const string Active = Settings + ".healthCheck.active";
    private const string Balancer = Settings + ".loadBalancer";
    private const string Hash = Balancer + ".consistentHash";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<CrdRule> All { get; } =
    [
        CrdUnion.Of(Active, "HTTP", "http"),
        CrdUnion.Of(Active, "TCP", "tcp"),
        new(Active, null, null, check => check["grpc"] is { } grpc && check.TextOf("type") != "GRPC" ? new(grpc, "'grpc' beside another type", "set type: GRPC, or remove 'grpc'") : null),
        .. Payload(Active + ".http.expectedResponse"),
        .. Payload(Active + ".tcp.receive"),
        .. Payload(Active + ".tcp.send"),
        .. Payload(Active + ".http.requestBody", "1.9.1"),
        new(Active + ".http", "1.9.1", null, http => http["requestBody"] is { } body && http.TextOf("method")?.ToUpperInvariant() is not ("POST" or "PUT")
            ? new(body, "requestBody without the method POST or PUT", "set method: POST, or remove requestBody")
            : null),
        new(Active + ".healthCheckLog.matches", "1.9.1", null, matches => Has(matches, "Failure", "FailureSeriesStart") == Has(matches, "Success", "HealthyTransition")
            ? null
            : new(matches, "only failures or only successes are logged", "name one of Failure and FailureSeriesStart, and one of Success and HealthyTransition")),
        CrdUnion.Of(Active + ".healthCheckLog.sinks[]", "File", "file", "1.9.1"),
        CrdUnion.Of(Balancer, "ConsistentHash", "consistentHash"),
        CrdUnion.Of(Balancer, "BackendUtilization", "backendUtilization", "1.8.2"),
        CrdUnion.Of(Balancer, "DynamicModule", "dynamicModule", "1.8.2"),
        new(Balancer, null, "1.7.0", balancer => Beside(balancer, "slowStart", "Random", "ConsistentHash")),
        new(Balancer, "1.8.2", null, balancer => Beside(balancer, "slowStart", "Random", "ConsistentHash", "DynamicModule")),
        new(Balancer, "1.5.0", "1.7.0", balancer => Beside(balancer, "zoneAware", "ConsistentHash")),
        new(Balancer, "1.8.2", null, balancer => Local(balancer, "ConsistentHash")),
        new(Balancer, "1.8.2", null, balancer => Local(balancer, "BackendUtilization")),
        new(Balancer, "1.8.2", null, balancer => Beside(balancer, "zoneAware", "DynamicModule")),
        new(Balancer, "1.8.2", null, balancer => balancer["zoneAware"] is { } zones && zones["preferLocal"] is not null && zones["weightedZones"] is { } weighted
            ? new(weighted, "preferLocal and weightedZones stand together", "keep one of them")
            : null),
        new(Balancer, "1.8.2", null, balancer => Beside(balancer, "endpointOverride", "DynamicModule")),
        new(Balancer + ".backendUtilization.outOfBand.reportingPeriod", "1.9.1", null, period => GoDuration.SecondsOf(period.Text) is > 0 ? null : new(period, "reportingPeriod is 0", "write a longer one")),
        CrdUnion.Of(Hash, "Header", "header"),
        CrdUnion.Of(Hash, "Cookie", "cookie"),
        CrdUnion.Of(Hash, "Headers", "headers", "1.6.3"),
        CrdUnion.Of(Hash, "QueryParams", "queryParams", "1.7.0"),
        new(Settings, "1.6.3", null, settings => settings["connection"]?["preconnect"]?["predictivePercent"] is { } percent && settings["loadBalancer"]?.TextOf("type") is not ("Random" or "RoundRobin")
            ? new(percent, "predictivePercent without a load balancer of the type RoundRobin or Random", "set loadBalancer.type: RoundRobin, or remove predictivePercent")
            : null),
        new(Settings + ".circuitBreaker.retryBudget.percent", "1.8.2", null, percent =>
            KubernetesScalar.NumberOf(percent.TextOf("numerator") ?? "0") > KubernetesScalar.NumberOf(percent.TextOf("denominator") ?? "100")
                ? new(percent["numerator"]!, "the numerator is more than the denominator", "write a part of the whole")
                : null),
        new(Settings + ".http2.connectionKeepalive", "1.8.2", null, keepalive =>
            keepalive["timeout"] is { } timeout && keepalive["interval"] is { } interval && GoDuration.SecondsOf(timeout.Text) >= GoDuration.SecondsOf(interval.Text)
                ? new(timeout, "timeout is not less than interval", "make it shorter than the interval")
                : null),
    ];

    private static CrdRule[] Payload(string path, string? since = null) => [CrdUnion.Of(path, "Text", "text", since), CrdUnion.Of(path, "Binary", "binary", since)];

    private static bool Has(KubernetesValue list, params string[] words) => list.Items.Any(item => words.Contains(item.Text));

    private static CrdViolation? Beside(KubernetesValue balancer, string field, params string[] types) =>
        balancer[field] is { } set && types.Contains(balancer.TextOf("type"))
            ? new(set, $"'{field}' beside the type {balancer.TextOf("type")}", $"remove '{field}', or choose another type")
            : null;

    private static CrdViolation? Local(KubernetesValue balancer, string type) =>
        balancer.TextOf("type") == type && balancer["zoneAware"]?["preferLocal"] is { } local
            ? new(local, $"preferLocal beside the type {type}", "use weightedZones")
            : null;
}
